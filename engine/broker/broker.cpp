// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/broker.h"

#include "engine/broker/memory_broker.h"
#include "engine/broker/rabbitmq_broker.h"
#include "engine/broker/socket_connection.h"

namespace interleave::broker {

namespace {

constexpr std::string_view kMemory = "memory";
constexpr std::string_view kMemoryElsewhere = "memory:";

/// The memory broker of another process of this run.
class RemoteMemoryBroker final : public Broker {
public:
    explicit RemoteMemoryBroker(std::string address)
        : m_address(std::move(address)) {}
    std::string description() const override { return std::string(kMemory); }
    const std::string& address() const override { return m_address; }
    Result<std::unique_ptr<Connection>> connect(const std::string&) override {
        return SocketConnection::open(m_address);
    }

private:
    std::string m_address;
};

} // namespace

Result<void> Connection::ackEach(std::span<const std::uint64_t> tags) {
    for (const std::uint64_t tag : tags) {
        if (auto acked = ack(tag); !acked) {
            return acked;
        }
    }
    return {};
}

Result<std::unique_ptr<Broker>> open(const std::string& url) {
    if (url == kMemory) {
        return MemoryBroker::create();
    }
    if (url.starts_with(kMemoryElsewhere)) {
        if (auto tried = SocketConnection::open(url); !tried) {
            return std::unexpected(tried.error());
        }
        return std::make_unique<RemoteMemoryBroker>(url);
    }
    return RabbitMqBroker::open(url);
}

std::string withoutPassword(const std::string& url) {
    // Whatever lies between the first colon of what may be "user:password@" and the last @: a url
    // that is wrong has a password, too.
    if (url.starts_with(kMemoryElsewhere)) {
        return url;
    }
    const std::size_t scheme = url.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t at = url.rfind('@');
    const std::size_t colon = url.find(':', begin);
    if (at == std::string::npos || colon == std::string::npos || colon > at) {
        return url;
    }
    return url.substr(0, colon) + url.substr(at);
}

} // namespace interleave::broker
