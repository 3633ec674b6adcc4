// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_broker.h"

#include "engine/broker/rabbitmq_connection.h"

#include <fmt/format.h>

namespace interleave::broker {

Result<std::unique_ptr<Broker>> RabbitMqBroker::open(const std::string& url) {
    auto parsed = parseBrokerUrl(url);
    if (!parsed) {
        return std::unexpected(parsed.error());
    }
    std::unique_ptr<RabbitMqBroker> broker(new RabbitMqBroker(url, std::move(*parsed)));
    const auto link = RabbitMqLink::open(broker->m_url, "interleave");
    if (!link) {
        return std::unexpected(link.error());
    }
    broker->m_product = (*link)->product();
    (*link)->close();
    return broker;
}

std::string RabbitMqBroker::description() const {
    return fmt::format("{} at {}", m_product, m_url.text());
}

Result<std::unique_ptr<Connection>> RabbitMqBroker::connect(const std::string& name) {
    auto link = RabbitMqLink::open(m_url, name);
    if (!link) {
        return std::unexpected(link.error());
    }
    return std::make_unique<RabbitMqConnection>(std::move(*link), m_url);
}

} // namespace interleave::broker
