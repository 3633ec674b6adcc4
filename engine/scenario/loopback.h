// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in loopback server: HTTP/1.1 on 127.0.0.1, in a process of its own, so that its work is
// not mistaken for the run's. "GET /?delay_ns=80000000&bytes=65536" is answered after the delay
// with that many bytes. The header X-Sent-Ns carries the moment of CLOCK_MONOTONIC just before the
// answer was sent: from then on a waiting task is ready, whether or not it got a core.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace interleave::scenario {

struct Endpoint {
    std::uint16_t port = 0; // on 127.0.0.1
};

class LoopbackServer {
public:
    /// Forks the server process and returns when it listens. Call it before any thread starts, from
    /// a thread that lives as long as the run (the server dies with the thread that forked it), and
    /// before kernel switches are recorded (else the server's are recorded too).
    static Result<LoopbackServer> start();
    LoopbackServer(LoopbackServer&&) noexcept;
    LoopbackServer& operator=(LoopbackServer&&) noexcept;
    ~LoopbackServer(); // ends the process; it also ends by itself when its parent dies
    Endpoint endpoint() const;
    int pid() const;

private:
    LoopbackServer() = default;
    void stop();

    int m_pid = -1;
    std::uint16_t m_port = 0;
};

/// The request text for an I/O step, and what its answer's head says; shared by the blocking client
/// and the event loop's.
std::string requestText(Nanoseconds delay, std::uint64_t bytes);
struct AnswerHead {
    std::uint64_t contentLength = 0;
    std::int64_t sentNs = 0; // CLOCK_MONOTONIC
};
/// `head` up to and including the empty line.
Result<AnswerHead> parseAnswerHead(std::string_view head);

/// A blocking client connection, kept open between requests (one per worker thread).
class LoopbackClient {
public:
    LoopbackClient() = default;
    LoopbackClient(const LoopbackClient&) = delete;
    LoopbackClient& operator=(const LoopbackClient&) = delete;
    LoopbackClient(LoopbackClient&& other) noexcept;
    LoopbackClient& operator=(LoopbackClient&& other) noexcept;
    ~LoopbackClient();

    struct Answer {
        std::int64_t sentNs = 0; // when the server had sent the first byte
        std::uint64_t bytes = 0;
        bool isStopped = false; // stopFd became readable while waiting
    };
    /// Sends the request (connects if need be; reconnects once if the server closed a kept
    /// connection). Doesn't wait for the answer.
    Result<void> send(Endpoint endpoint, Nanoseconds delay, std::uint64_t bytes);
    /// Waits in poll() for the answer or for stopFd (-1: none), without reading it: true when data
    /// is there, false when stopped, or when `waitNs` (-1: no end) are over.
    Result<bool> waitForAnswer(int stopFd, std::int64_t waitNs = -1);
    /// Reads the whole answer (waits for the rest of the body, or stopFd).
    Result<Answer> receive(int stopFd);

private:
    Result<void> connect(Endpoint endpoint);
    bool isOpenTo(Endpoint endpoint) const;
    void close();

    int m_fd = -1;
    std::uint16_t m_port = 0;
};

} // namespace interleave::scenario
