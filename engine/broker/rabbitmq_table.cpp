// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_table.h"

#include "engine/broker/refusal.h"

#include <algorithm>
#include <amqp.h>
#include <amqp_framing.h>
#include <charconv>
#include <limits>
#include <span>

namespace interleave::broker {

namespace {

/// Scalars of every width; nothing for other kinds.
std::optional<routing::HeaderValue> valueOf(const amqp_field_value_t& field) {
    const auto whole = [](auto number) { return routing::HeaderValue(std::int64_t{number}); };
    switch (field.kind) {
    case AMQP_FIELD_KIND_BOOLEAN:
        return routing::HeaderValue(field.value.boolean != 0);
    case AMQP_FIELD_KIND_I8:
        return whole(field.value.i8);
    case AMQP_FIELD_KIND_U8:
        return whole(field.value.u8);
    case AMQP_FIELD_KIND_I16:
        return whole(field.value.i16);
    case AMQP_FIELD_KIND_U16:
        return whole(field.value.u16);
    case AMQP_FIELD_KIND_I32:
        return whole(field.value.i32);
    case AMQP_FIELD_KIND_U32:
        return whole(field.value.u32);
    case AMQP_FIELD_KIND_I64:
        return whole(field.value.i64);
    case AMQP_FIELD_KIND_UTF8:
    case AMQP_FIELD_KIND_BYTES:
        return routing::HeaderValue(std::string(viewOf(field.value.bytes)));
    default:
        return std::nullopt;
    }
}

std::span<amqp_table_entry_t> entriesOf(const amqp_table_t& table) {
    return {table.entries, static_cast<std::size_t>(table.num_entries)};
}

const amqp_field_value_t* find(const amqp_table_t& table, std::string_view key) {
    for (const amqp_table_entry_t& entry : entriesOf(table)) {
        if (viewOf(entry.key) == key) {
            return &entry.value;
        }
    }
    return nullptr;
}

/// What the broker itself adds to a dead letter; `deaths` has it.
bool isOfBroker(std::string_view header) {
    return header == "x-death" || header.starts_with("x-first-death-") ||
           header.starts_with("x-last-death-");
}

std::optional<Nanoseconds> expirationOf(std::string_view text) {
    std::int64_t milliseconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    const bool isSound = error == std::errc() && end == text.data() + text.size() &&
                         milliseconds >= 0 && milliseconds < INT64_MAX / 1'000'000;
    return isSound ? std::optional(milliseconds * 1'000'000) : std::nullopt;
}

} // namespace

amqp_bytes_t amqpBytes(std::string_view text) {
    return {text.size(), const_cast<char*>(text.data())}; // the library only reads it
}

std::string_view viewOf(const amqp_bytes_t& bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

AmqpTable::AmqpTable() = default;
AmqpTable::~AmqpTable() = default;
AmqpTable::AmqpTable(AmqpTable&&) noexcept = default;

void AmqpTable::add(std::string_view key, std::string_view value) {
    amqp_table_entry_t& entry = m_entries.emplace_back();
    entry.key = amqpBytes(key);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = amqpBytes(value);
}

void AmqpTable::add(std::string_view key, std::int64_t value) {
    amqp_table_entry_t& entry = m_entries.emplace_back();
    entry.key = amqpBytes(key);
    entry.value.kind = AMQP_FIELD_KIND_I64;
    entry.value.value.i64 = value;
}

void AmqpTable::add(std::string_view key, bool value) {
    amqp_table_entry_t& entry = m_entries.emplace_back();
    entry.key = amqpBytes(key);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = value ? 1 : 0;
}

void AmqpTable::add(std::string_view key, const AmqpTable& value) {
    amqp_table_entry_t& entry = m_entries.emplace_back();
    entry.key = amqpBytes(key);
    entry.value.kind = AMQP_FIELD_KIND_TABLE;
    entry.value.value.table = value.get();
}

amqp_table_t AmqpTable::get() const {
    return {static_cast<int>(m_entries.size()), m_entries.data()};
}

AmqpTable tableOf(const routing::Headers& headers) {
    AmqpTable table;
    for (const auto& [name, value] : headers) {
        std::visit(
            [&](const auto& held) {
                using Held = std::remove_cvref_t<decltype(held)>;
                if constexpr (std::is_same_v<Held, std::string>) {
                    table.add(name, std::string_view(held));
                } else {
                    table.add(name, held);
                }
            },
            value);
    }
    return table;
}

AmqpTable argumentsOf(const ExchangeSpec& exchange) {
    AmqpTable table;
    if (!exchange.alternate.empty()) {
        table.add("alternate-exchange", std::string_view(exchange.alternate));
    }
    return table;
}

AmqpTable argumentsOf(const QueueSpec& queue) {
    AmqpTable table;
    if (queue.messageTtlNs) {
        table.add("x-message-ttl", toMilliseconds(*queue.messageTtlNs));
    }
    if (queue.maxLength) {
        table.add("x-max-length", std::int64_t{*queue.maxLength});
    }
    if (queue.overflow == Overflow::RejectPublish) {
        table.add("x-overflow", std::string_view("reject-publish"));
    }
    if (queue.deadLetterExchange) {
        table.add("x-dead-letter-exchange", std::string_view(*queue.deadLetterExchange));
    }
    if (queue.deadLetterKey) {
        table.add("x-dead-letter-routing-key", std::string_view(*queue.deadLetterKey));
    }
    if (queue.maxPriority > 0) {
        table.add("x-max-priority", std::int64_t{queue.maxPriority});
    }
    return table;
}

AmqpTable argumentsOf(const routing::Binding& binding) {
    AmqpTable table = tableOf(binding.headers);
    if (binding.match == routing::HeaderMatch::Any) {
        table.add("x-match", std::string_view("any")); // all is the default
    }
    return table;
}

std::string_view textIn(const amqp_table_t& table, std::string_view key) {
    const amqp_field_value_t* field = find(table, key);
    return field && field->kind == AMQP_FIELD_KIND_UTF8 ? viewOf(field->value.bytes)
                                                        : std::string_view();
}

Properties propertiesOf(const amqp_basic_properties_t& p) {
    Properties properties;
    const auto take = [&](amqp_flags_t flag, const amqp_bytes_t& from, std::string& to) {
        if ((p._flags & flag) != 0) {
            to = viewOf(from);
        }
    };
    take(AMQP_BASIC_MESSAGE_ID_FLAG, p.message_id, properties.messageId);
    take(AMQP_BASIC_CORRELATION_ID_FLAG, p.correlation_id, properties.correlationId);
    take(AMQP_BASIC_REPLY_TO_FLAG, p.reply_to, properties.replyTo);
    take(AMQP_BASIC_TYPE_FLAG, p.type, properties.type);
    take(AMQP_BASIC_CONTENT_TYPE_FLAG, p.content_type, properties.contentType);
    if ((p._flags & AMQP_BASIC_PRIORITY_FLAG) != 0) {
        properties.priority = p.priority;
    }
    properties.isPersistent =
        (p._flags & AMQP_BASIC_DELIVERY_MODE_FLAG) != 0 && p.delivery_mode == 2;
    if ((p._flags & AMQP_BASIC_EXPIRATION_FLAG) != 0) {
        properties.expirationNs = expirationOf(viewOf(p.expiration));
    }
    if ((p._flags & AMQP_BASIC_HEADERS_FLAG) != 0) {
        for (const amqp_table_entry_t& entry : entriesOf(p.headers)) {
            auto value = valueOf(entry.value);
            if (value && !isOfBroker(viewOf(entry.key))) {
                properties.headers.emplace_back(viewOf(entry.key), std::move(*value));
            }
        }
        std::ranges::sort(properties.headers);
    }
    return properties;
}

std::vector<std::pair<std::string, std::string>> deathsOf(const amqp_basic_properties_t& p) {
    std::vector<std::pair<std::string, std::string>> deaths;
    const amqp_field_value_t* field =
        (p._flags & AMQP_BASIC_HEADERS_FLAG) != 0 ? find(p.headers, "x-death") : nullptr;
    if (!field || field->kind != AMQP_FIELD_KIND_ARRAY) {
        return deaths;
    }
    const amqp_array_t& array = field->value.array;
    for (const amqp_field_value_t& death :
         std::span(array.entries, static_cast<std::size_t>(array.num_entries))) {
        if (death.kind == AMQP_FIELD_KIND_TABLE) {
            deaths.emplace_back(textIn(death.value.table, "queue"),
                                textIn(death.value.table, "reason"));
        }
    }
    return deaths;
}

} // namespace interleave::broker
