// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_broker.h"

#include "engine/broker/memory_connection.h"
#include "engine/broker/memory_server.h"

namespace interleave::broker {

MemoryBroker::MemoryBroker(std::shared_ptr<MemoryShared> shared,
                           std::unique_ptr<MemoryServer> server)
    : m_shared(std::move(shared))
    , m_server(std::move(server)) {}

MemoryBroker::~MemoryBroker() {
    stop();
    setObserver(nullptr);
}

Result<std::unique_ptr<MemoryBroker>> MemoryBroker::create() {
    auto shared = std::make_shared<MemoryShared>();
    auto server = MemoryServer::listen(shared);
    if (!server) {
        return std::unexpected(server.error());
    }
    return std::unique_ptr<MemoryBroker>(new MemoryBroker(std::move(shared), std::move(*server)));
}

const std::string& MemoryBroker::address() const {
    return m_server->address();
}

std::string MemoryBroker::description() const {
    return "memory";
}

Result<std::unique_ptr<Connection>> MemoryBroker::connect(const std::string&) {
    ChannelPtr channel = m_shared->locked(
        [](MemoryCore& core) { return core.isRunning() ? core.openChannel() : nullptr; });
    if (!channel) {
        return fail("The memory broker is stopped; start it again to connect to it.",
                    ErrorKind::MissingPart);
    }
    return std::make_unique<MemoryConnection>(m_shared, std::move(channel));
}

void MemoryBroker::stop() {
    m_shared->locked([](MemoryCore& core) {
        core.stop();
        return 0;
    });
}

void MemoryBroker::start() {
    m_shared->locked([](MemoryCore& core) {
        core.start();
        return 0;
    });
}

void MemoryBroker::setObserver(BrokerObserver* observer) {
    m_shared->locked([&](MemoryCore& core) {
        core.setObserver(observer);
        return 0;
    });
}

} // namespace interleave::broker
