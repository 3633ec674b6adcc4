// SPDX-License-Identifier: GPL-3.0-or-later
// A process that is connected to the memory broker's socket, as the server's thread sees it.
#pragma once

#include "engine/broker/memory_shared.h"
#include "engine/broker/wire.h"

namespace interleave::broker {

class MemoryClient {
public:
    /// Owns `fd`, which doesn't block.
    MemoryClient(MemoryShared& shared, int fd);
    ~MemoryClient();
    MemoryClient(const MemoryClient&) = delete;
    MemoryClient& operator=(const MemoryClient&) = delete;

    int fd() const { return m_fd; }
    int wakeFd() const { return m_channel ? m_channel->wake.fd() : -1; }
    bool hasUnsent() const { return m_sent < m_out.size(); }
    bool isDone() const { return m_isDone; }

    /// Reads what has come, does it, and sends what there is to say.
    void onReadable();
    /// Sends what there is to say.
    void onWoken();

private:
    bool readSome();
    void handle(std::vector<Request> requests);
    void handleOne(MemoryCore& core, Request& request, std::vector<PublishRequest>& publishes);
    void publish(MemoryCore& core, std::vector<PublishRequest>& publishes);
    /// What a call came to; its Reply is written.
    Reply call(MemoryCore& core, Request& request);
    template <class T>
    void refuseIfFailed(const Result<T>& result);
    void fetchOutbox();
    void send();

    MemoryShared& m_shared;
    int m_fd;
    ChannelPtr m_channel;
    FrameReader m_in;
    std::vector<std::byte> m_out;
    std::size_t m_sent = 0;
    bool m_isDone = false;
};

} // namespace interleave::broker
