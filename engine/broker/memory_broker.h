// SPDX-License-Identifier: GPL-3.0-or-later
// The broker in this process. Threads of it connect directly, other processes of the same user by
// its address.
#pragma once

#include "engine/broker/broker_observer.h"

namespace interleave::broker {

class MemoryServer;
class MemoryShared;

class MemoryBroker final : public Broker {
public:
    static Result<std::unique_ptr<MemoryBroker>> create();
    ~MemoryBroker() override;

    std::string description() const override;
    const std::string& address() const override;
    Result<std::unique_ptr<Connection>> connect(const std::string& name) override;

    /// Like a broker that dies: every connection is lost, nothing can be reached. Durable queues
    /// and exchanges stay, and of the messages in them the persistent ones. Any thread; at once.
    void stop();
    void start();

    /// Told from now on, until the broker and its last connection are gone; nullptr: nobody.
    void setObserver(BrokerObserver* observer);

private:
    MemoryBroker(std::shared_ptr<MemoryShared> shared, std::unique_ptr<MemoryServer> server);

    std::shared_ptr<MemoryShared> m_shared;
    std::unique_ptr<MemoryServer> m_server;
};

} // namespace interleave::broker
