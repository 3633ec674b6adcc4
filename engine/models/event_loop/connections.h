// SPDX-License-Identifier: GPL-3.0-or-later
// Connections: the event loop's HTTP client. It keeps connections to the loopback server open
// between requests and has at most `limit` of them; a request beyond waits for the next that is
// given back, longest waiting first.
#pragma once

#include "engine/base/result.h"
#include "engine/models/event_loop/coroutine.h"
#include "engine/models/event_loop/loop.h"
#include "engine/scenario/loopback.h"

#include <asio/ip/tcp.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace interleave::models {

struct Connection {
    explicit Connection(asio::io_context& io)
        : socket(io) {}
    asio::ip::tcp::socket socket;
};

class Connections {
public:
    Connections(Loop& loop, scenario::Endpoint server, std::size_t limit);

    /// One request and its whole answer. The task is `waiting_io` until the moment at which the
    /// server sent the answer, and `ready` from then on until the loop resumes it.
    Coroutine<Result<void>> exchange(LoopTask& task, Nanoseconds latency, std::uint64_t bytes);

private:
    struct Lease; // awaitable: a connection of one's own
    enum class Outcome : std::uint8_t { Answered, ClosedByServer };

    Coroutine<Result<Outcome>> tryExchange(LoopTask& task, Connection& connection,
                                           std::string_view request);
    /// How much of the body is still to be read; none: the server had closed the connection.
    Coroutine<Result<std::optional<std::uint64_t>>> readHead(LoopTask& task,
                                                             Connection& connection);
    Coroutine<Result<Outcome>> readBody(LoopTask& task, Connection& connection,
                                        std::uint64_t bytesLeft);
    void giveBack(std::unique_ptr<Connection> connection);

    Loop& m_loop;
    asio::ip::tcp::endpoint m_server;
    std::size_t m_limit;
    std::size_t m_inUse = 0;
    std::vector<std::unique_ptr<Connection>> m_idle;
    std::deque<Lease*> m_waiting;
    std::vector<char> m_scratch; // what is read is counted, not kept
};

} // namespace interleave::models
