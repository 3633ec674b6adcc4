// SPDX-License-Identifier: GPL-3.0-or-later
// A RabbitMQ somewhere.
#pragma once

#include "engine/broker/broker.h"
#include "engine/broker/broker_url.h"

namespace interleave::broker {

class RabbitMqBroker final : public Broker {
public:
    /// Tries a first connection.
    static Result<std::unique_ptr<Broker>> open(const std::string& url);

    std::string description() const override;
    const std::string& address() const override { return m_address; }
    Result<std::unique_ptr<Connection>> connect(const std::string& name) override;

private:
    RabbitMqBroker(std::string address, BrokerUrl url)
        : m_address(std::move(address))
        , m_url(std::move(url)) {}

    std::string m_address;
    BrokerUrl m_url;
    std::string m_product;
};

} // namespace interleave::broker
