// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/connections.h"

#include <asio/buffer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace interleave::models {

namespace {

using asio::ip::tcp;

constexpr std::size_t kScratchBytes = 64 * 1024;

/// The socket has something to say; until then the task waits for I/O.
struct SocketReady {
    Loop& loop;
    LoopTask& task;
    tcp::socket& socket;
    tcp::socket::wait_type what;
    Announce announce = Announce::ReadyAndRunning;

    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> where) {
        task.announce = announce;
        loop.expect();
        socket.async_wait(what, [&ownLoop = loop, &ownTask = task](const asio::error_code&) {
            ownLoop.arrived();
            ownLoop.makeReady(ownTask, ownLoop.writer().now());
        });
        loop.suspend(task, where, State::WaitingIo);
    }
    void await_resume() {}
};

/// Opens a non-blocking socket; `in_progress` when the connection is still to come.
asio::error_code beginConnecting(tcp::socket& socket, const tcp::endpoint& server) {
    asio::error_code error;
    socket.open(server.protocol(), error);
    if (!error) {
        socket.non_blocking(true, error);
    }
    if (!error) {
        socket.set_option(tcp::no_delay(true), error);
    }
    if (!error) {
        socket.connect(server, error);
    }
    return error;
}

asio::error_code outcomeOfConnecting(tcp::socket& socket) {
    int outcome = 0;
    socklen_t length = sizeof outcome;
    getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &outcome, &length);
    return {outcome, asio::error::get_system_category()};
}

bool isClosedByPeer(const asio::error_code& error) {
    return error == asio::error::eof || error == asio::error::connection_reset ||
           error == asio::error::broken_pipe;
}

bool wouldBlock(const asio::error_code& error) {
    return error == asio::error::would_block || error == asio::error::try_again;
}

std::unexpected<Error> ioError(const char* what, const asio::error_code& error) {
    return fail(fmt::format("The event loop can't {} the loopback server: {}. A run with fewer "
                            "connections may help (--set connections=N).",
                            what, error.message()),
                ErrorKind::MissingPart);
}

} // namespace

struct Connections::Lease {
    Connections& connections;
    LoopTask& task;
    std::unique_ptr<Connection> connection{};

    bool await_ready() {
        if (!connections.m_idle.empty()) {
            connection = std::move(connections.m_idle.back());
            connections.m_idle.pop_back();
        } else if (connections.m_inUse < connections.m_limit) {
            connection = std::make_unique<Connection>(connections.m_loop.io());
        } else {
            return false;
        }
        ++connections.m_inUse;
        return true;
    }
    void await_suspend(std::coroutine_handle<> where) {
        connections.m_waiting.push_back(this);
        connections.m_loop.suspend(task, where, State::WaitingIo);
    }
    std::unique_ptr<Connection> await_resume() { return std::move(connection); }
};

Connections::Connections(Loop& loop, scenario::Endpoint server, std::size_t limit)
    : m_loop(loop)
    , m_server(asio::ip::address_v4::loopback(), server.port)
    , m_limit(limit)
    , m_scratch(kScratchBytes) {}

void Connections::giveBack(std::unique_ptr<Connection> connection) {
    if (m_waiting.empty()) {
        --m_inUse;
        m_idle.push_back(std::move(connection));
        return;
    }
    Lease& next = *m_waiting.front();
    m_waiting.pop_front();
    next.connection = std::move(connection);
    m_loop.makeReady(next.task, m_loop.writer().now());
}

Coroutine<Result<void>> Connections::exchange(LoopTask& task, Nanoseconds latency,
                                              std::uint64_t bytes) {
    Lease lease{*this, task};
    std::unique_ptr<Connection> connection = co_await lease;
    const std::string request = scenario::requestText(latency, bytes);
    Result<Outcome> outcome = Outcome::ClosedByServer;
    // A connection that was kept may have been closed by the server meanwhile: once more, then.
    for (int tries = 0; tries < 2 && outcome && *outcome == Outcome::ClosedByServer; ++tries) {
        outcome = co_await tryExchange(task, *connection, request);
    }
    if (!outcome || *outcome == Outcome::ClosedByServer) {
        asio::error_code ignored;
        connection->socket.close(ignored);
    }
    giveBack(std::move(connection));
    if (!outcome) {
        co_return std::unexpected(outcome.error());
    }
    if (*outcome == Outcome::ClosedByServer) {
        co_return ioError("get an answer from", asio::error::eof);
    }
    co_return Result<void>{};
}

Coroutine<Result<Connections::Outcome>>
Connections::tryExchange(LoopTask& task, Connection& connection, std::string_view request) {
    tcp::socket& socket = connection.socket;
    asio::error_code error;
    if (!socket.is_open()) {
        error = beginConnecting(socket, m_server);
        if (error == asio::error::in_progress || wouldBlock(error)) {
            SocketReady connected{m_loop, task, socket, tcp::socket::wait_write};
            co_await connected;
            error = outcomeOfConnecting(socket);
        }
        if (error) {
            co_return ioError("connect to", error);
        }
    }
    while (!request.empty()) {
        const std::size_t written =
            socket.write_some(asio::buffer(request.data(), request.size()), error);
        request.remove_prefix(written);
        if (wouldBlock(error)) {
            SocketReady writable{m_loop, task, socket, tcp::socket::wait_write};
            co_await writable;
        } else if (isClosedByPeer(error)) {
            socket.close(error);
            co_return Outcome::ClosedByServer;
        } else if (error) {
            co_return ioError("send a request to", error);
        }
    }
    auto head = readHead(task, connection);
    Result<std::optional<std::uint64_t>> bodyLeft = co_await head;
    if (!bodyLeft) {
        co_return std::unexpected(bodyLeft.error());
    }
    if (!*bodyLeft) {
        co_return Outcome::ClosedByServer;
    }
    auto body = readBody(task, connection, **bodyLeft);
    co_return co_await body;
}

Coroutine<Result<std::optional<std::uint64_t>>> Connections::readHead(LoopTask& task,
                                                                      Connection& connection) {
    std::string head;
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
        // The moment at which this wait was over stands in the answer that ends it.
        SocketReady some{m_loop, task, connection.socket, tcp::socket::wait_read,
                         Announce::Nothing};
        co_await some;
        asio::error_code error;
        const std::size_t read = connection.socket.read_some(asio::buffer(m_scratch), error);
        head.append(m_scratch.data(), read);
        end = head.find("\r\n\r\n");
        if (end == std::string::npos) {
            m_loop.showReady(task, task.readyStamp);
        }
        if (isClosedByPeer(error) && head.empty()) {
            connection.socket.close(error);
            co_return std::nullopt;
        }
        if (error && !wouldBlock(error)) {
            co_return ioError("read the answer of", error);
        }
    }
    const auto answer = scenario::parseAnswerHead(std::string_view(head).substr(0, end + 4));
    m_loop.showReady(task,
                     answer ? m_loop.writer().stampOfMonotonic(answer->sentNs) : task.readyStamp);
    if (!answer) {
        co_return std::unexpected(answer.error());
    }
    const std::uint64_t bodyRead = head.size() - (end + 4);
    co_return answer->contentLength - std::min(answer->contentLength, bodyRead);
}

Coroutine<Result<Connections::Outcome>>
Connections::readBody(LoopTask& task, Connection& connection, std::uint64_t bytesLeft) {
    while (bytesLeft > 0) {
        asio::error_code error;
        const std::size_t wanted = std::min<std::uint64_t>(bytesLeft, m_scratch.size());
        bytesLeft -= connection.socket.read_some(asio::buffer(m_scratch.data(), wanted), error);
        if (wouldBlock(error)) {
            SocketReady more{m_loop, task, connection.socket, tcp::socket::wait_read};
            co_await more;
        } else if (error) {
            co_return ioError("read the answer of", error);
        }
    }
    co_return Outcome::Answered;
}

} // namespace interleave::models
