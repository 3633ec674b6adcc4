// SPDX-License-Identifier: GPL-3.0-or-later
// The memory broker's socket: processes of the same user connect to it as threads of this process
// connect directly. One thread serves them all and never waits for any of them.
#pragma once

#include "engine/broker/memory_shared.h"

#include <list>

namespace interleave::broker {

class MemoryClient;

class MemoryServer {
public:
    /// At an address that nobody else has; "@name" is a name without a file (see unix(7)).
    static Result<std::unique_ptr<MemoryServer>> listen(std::shared_ptr<MemoryShared> shared);
    ~MemoryServer();

    const std::string& address() const { return m_address; }

private:
    MemoryServer(std::shared_ptr<MemoryShared> shared, int fd, std::string address);
    void serve(const std::stop_token& stop);
    void acceptClients();

    std::shared_ptr<MemoryShared> m_shared;
    int m_fd;
    std::string m_address;
    WakeEvent m_stopped;
    std::list<MemoryClient> m_clients; // of the thread
    std::jthread m_thread;
};

} // namespace interleave::broker
