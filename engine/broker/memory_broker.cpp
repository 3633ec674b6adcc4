// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_broker.h"

#include "engine/broker/memory_connection.h"
#include "engine/broker/memory_shared.h"

namespace interleave::broker {

MemoryBroker::MemoryBroker()
    : m_shared(std::make_shared<MemoryShared>())
    , m_address("memory") {}

MemoryBroker::~MemoryBroker() {
    stop();
    setObserver(nullptr);
}

Result<std::unique_ptr<MemoryBroker>> MemoryBroker::create() {
    return std::unique_ptr<MemoryBroker>(new MemoryBroker);
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
