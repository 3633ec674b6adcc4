// SPDX-License-Identifier: GPL-3.0-or-later
// The wire to RabbitMQ: a socket on which rabbitmq-c has logged in, with one open channel. Says in
// sentences why there is none.
#pragma once

#include "engine/broker/broker_url.h"

#include <memory>
#include <string>
#include <string_view>

struct amqp_connection_state_t_;
struct amqp_frame_t_;

namespace interleave::broker {

class RabbitMqLink {
public:
    static constexpr std::uint16_t kChannel = 1;

    static Result<std::unique_ptr<RabbitMqLink>> open(const BrokerUrl& url,
                                                      const std::string& name);
    /// Without a word to the broker.
    ~RabbitMqLink();
    RabbitMqLink(const RabbitMqLink&) = delete;
    RabbitMqLink& operator=(const RabbitMqLink&) = delete;

    amqp_connection_state_t_* state() const { return m_state; }
    int fd() const { return m_fd; }
    std::uint32_t frameMax() const;
    /// "RabbitMQ 3.10.8".
    std::string product() const;
    /// Says good-bye and waits for the answer, not for long.
    void close();

private:
    RabbitMqLink(amqp_connection_state_t_* state, int fd)
        : m_state(state)
        , m_fd(fd) {}
    Result<void> logIn(const BrokerUrl& url, const std::string& name);

    amqp_connection_state_t_* m_state;
    int m_fd; // belongs to m_state
};

/// Connects to a host by its name, within five seconds.
Result<int> connectTcp(const BrokerUrl& url);

} // namespace interleave::broker
