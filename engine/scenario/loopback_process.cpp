// SPDX-License-Identifier: GPL-3.0-or-later
// The loopback server's loop: one thread, one coroutine a connection, so that thousands of waiting
// requests cost thousands of timers and nothing else. It computes nothing, but its few microseconds
// a request are real and are seen on the machine's cores as another program's.
#include "engine/scenario/loopback_process.h"

#include <algorithm>
#include <array>
#include <asio.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace interleave::scenario {

namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestRequestHead = 8192;
constexpr std::size_t kBodyBlock = std::size_t{256} << 10;
constexpr auto kAcceptPause = std::chrono::milliseconds(10);

std::int64_t monotonicNs() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Completion by value: errors are a normal end of a connection here.
auto completion(asio::error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
}

asio::awaitable<void> refuse(tcp::socket& socket) {
    static constexpr std::string_view kText =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    asio::error_code error;
    co_await asio::async_write(socket, asio::buffer(kText), completion(error));
}

asio::awaitable<bool> answer(tcp::socket& socket, const LoopbackRequest& request,
                             const std::vector<char>& block) {
    asio::error_code error;
    std::uint64_t left = request.bytes;
    auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
    const std::string head =
        fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                    "Content-Length: {}\r\nX-Sent-Ns: {}\r\n\r\n",
                    request.bytes, monotonicNs());
    const std::array<asio::const_buffer, 2> first{asio::buffer(head),
                                                  asio::buffer(block.data(), part)};
    co_await asio::async_write(socket, first, completion(error));
    for (left -= part; left > 0 && !error; left -= part) {
        part = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
        co_await asio::async_write(socket, asio::buffer(block.data(), part), completion(error));
    }
    co_return !error && request.keepsAlive;
}

asio::awaitable<void> serve(tcp::socket socket, const std::vector<char>& block) {
    asio::error_code error;
    socket.set_option(tcp::no_delay(true), error);
    asio::steady_timer timer(socket.get_executor());
    std::string pending;
    for (;;) {
        const std::size_t length = co_await asio::async_read_until(
            socket, asio::dynamic_buffer(pending, kLongestRequestHead),
            std::string_view("\r\n\r\n"), completion(error));
        const auto received = Clock::now();
        if (error == asio::error::not_found) { // the head is too long
            co_await refuse(socket);
            co_return;
        }
        if (error) {
            co_return;
        }
        const auto request = parseRequest(std::string_view(pending).substr(0, length));
        if (!request) {
            co_await refuse(socket);
            co_return;
        }
        pending.erase(0, length);
        if (request->delayNs > 0) {
            timer.expires_at(received + std::chrono::nanoseconds(request->delayNs));
            co_await timer.async_wait(completion(error));
        }
        if (!co_await answer(socket, *request, block)) {
            co_return;
        }
    }
}

asio::awaitable<void> acceptAll(tcp::acceptor& acceptor, const std::vector<char>& block) {
    asio::steady_timer pause(acceptor.get_executor());
    for (;;) {
        asio::error_code error;
        tcp::socket socket = co_await acceptor.async_accept(completion(error));
        if (!error) {
            asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), block),
                           asio::detached);
            continue;
        }
        // Out of descriptors: those who wait stay in the backlog until somebody leaves.
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(completion(error));
    }
}

} // namespace

int serveLoopback(int listeningFd) {
    // Asio throws when its own set-up fails; this is where that ends.
    try {
        const std::vector<char> block(kBodyBlock, '.');
        asio::io_context context(1);
        tcp::acceptor acceptor(context, tcp::v4(), listeningFd);
        asio::co_spawn(context, acceptAll(acceptor, block), asio::detached);
        context.run();
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "The loopback server ended: %s.\n", failure.what());
        return 1;
    }
}

} // namespace interleave::scenario
