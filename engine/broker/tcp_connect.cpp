// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_link.h"
#include "engine/broker/wait.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace interleave::broker {

namespace {

constexpr Nanoseconds kPatience = 5'000'000'000;
constexpr std::string_view kHowToStart = "start one with packaging/broker start";

struct FreeAddresses {
    void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// A look-up that may be given up: its thread goes on and keeps this.
struct LookUp {
    std::string host;
    std::string port;
    std::promise<int> error; // of getaddrinfo()
    Addresses addresses;

    int resolve(int flags) {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = flags;
        addrinfo* found = nullptr;
        const int failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
        addresses.reset(failure == 0 ? found : nullptr);
        return failure;
    }
};

/// A thread of our own and not getaddrinfo_a(): its threads are missing in a forked worker, which
/// would wait for an answer that never comes.
Result<Addresses> lookUp(const BrokerUrl& url) {
    auto look = std::make_shared<LookUp>();
    look->host = url.host;
    look->port = fmt::format("{}", url.port);
    if (look->resolve(AI_NUMERICHOST) == 0) {
        return std::move(look->addresses);
    }
    std::future<int> answer = look->error.get_future();
    std::thread([look] { look->error.set_value(look->resolve(0)); }).detach();
    const bool isAnswered =
        answer.wait_for(std::chrono::nanoseconds(kPatience)) == std::future_status::ready;
    const int error = isAnswered ? answer.get() : 0;
    if (isAnswered && error == 0) {
        return std::move(look->addresses);
    }
    return fail(fmt::format("The broker's host \"{}\" is not known ({}); check the URL {}.",
                            url.host, isAnswered ? ::gai_strerror(error) : "no answer in time",
                            url.text()));
}

/// 0, or why not.
int connectWithin(int fd, const addrinfo& address, Nanoseconds endNs) {
    if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    pollfd waiting{fd, POLLOUT, 0};
    while (true) {
        const auto leftMs =
            static_cast<int>(std::max<Nanoseconds>(0, endNs - steadyNow()) / 1'000'000);
        const int ready = ::poll(&waiting, 1, leftMs);
        if (ready == 0) {
            return ETIMEDOUT;
        }
        if (ready > 0) {
            break;
        }
    }
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

} // namespace

Result<int> connectTcp(const BrokerUrl& url) {
    const auto addresses = lookUp(url);
    if (!addresses) {
        return std::unexpected(addresses.error());
    }
    const Nanoseconds endNs = steadyNow() + kPatience;
    int error = ECONNREFUSED;
    for (const addrinfo* address = addresses->get(); address; address = address->ai_next) {
        const int fd = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            error = errno;
            continue;
        }
        const int tried = connectWithin(fd, *address, endNs);
        if (tried == 0) {
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            // No heartbeats: whoever computes for an hour is not dead. The kernel looks instead.
            ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
            return fd;
        }
        ::close(fd);
        error = error == ECONNREFUSED ? tried : error;
    }
    return fail(fmt::format("No broker answers at {} ({}); {}.", url.text(), std::strerror(error),
                            kHowToStart),
                ErrorKind::MissingPart);
}

} // namespace interleave::broker
