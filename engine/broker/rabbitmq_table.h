// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of AMQP: the arguments of declarations, the headers of messages. rabbitmq-c's types are
// only named here.
#pragma once

#include "engine/broker/broker.h"

struct amqp_basic_properties_t_;
struct amqp_bytes_t_;
struct amqp_table_entry_t_;
struct amqp_table_t_;

namespace interleave::broker {

/// Of the text itself, which must live on.
amqp_bytes_t_ amqpBytes(std::string_view text);
std::string_view viewOf(const amqp_bytes_t_& bytes);

/// A table being made; refers to the texts that it was given.
class AmqpTable {
public:
    AmqpTable();
    ~AmqpTable();
    AmqpTable(AmqpTable&&) noexcept;

    void add(std::string_view key, std::string_view value);
    void add(std::string_view key, std::int64_t value);
    void add(std::string_view key, bool value);
    void add(std::string_view key, const AmqpTable& value);
    amqp_table_t_ get() const;

private:
    mutable std::vector<amqp_table_entry_t_> m_entries;
};

AmqpTable tableOf(const routing::Headers& headers);
AmqpTable argumentsOf(const ExchangeSpec& exchange);
AmqpTable argumentsOf(const QueueSpec& queue);
AmqpTable argumentsOf(const routing::Binding& binding);

/// Empty if it is not there or no text.
std::string_view textIn(const amqp_table_t_& table, std::string_view key);
Properties propertiesOf(const amqp_basic_properties_t_& properties);
std::vector<std::pair<std::string, std::string>>
deathsOf(const amqp_basic_properties_t_& properties);

} // namespace interleave::broker
