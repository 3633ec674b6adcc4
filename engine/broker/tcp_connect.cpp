// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/rabbitmq_link.h"
#include "engine/broker/wait.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace interleave::broker {

namespace {

constexpr Nanoseconds kPatience = 5'000'000'000;
constexpr std::string_view kHowToStart = "start one with packaging/broker start";

/// A look-up that may be given up: the resolver goes on in a thread of its own and keeps this.
struct LookUp {
    std::string host;
    std::string port;
    addrinfo hints{};
    gaicb request{};
};

struct FreeAddresses {
    void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> lookUp(const BrokerUrl& url) {
    auto look = std::make_unique<LookUp>();
    look->host = url.host;
    look->port = fmt::format("{}", url.port);
    look->hints.ai_socktype = SOCK_STREAM;
    look->request.ar_name = look->host.c_str();
    look->request.ar_service = look->port.c_str();
    look->request.ar_request = &look->hints;
    gaicb* requests[] = {&look->request};
    const timespec limit{kPatience / 1'000'000'000, 0};
    if (::getaddrinfo_a(GAI_NOWAIT, requests, 1, nullptr) == 0) {
        while (::gai_suspend(requests, 1, &limit) == EAI_INTR) {
        }
    }
    const int error = ::gai_error(&look->request);
    if (error == 0) {
        return Addresses(look->request.ar_result);
    }
    if (error == EAI_INPROGRESS && ::gai_cancel(&look->request) == EAI_NOTCANCELED) {
        static_cast<void>(look.release()); // the resolver's thread still writes to it
    }
    return fail(fmt::format(
        "The broker's host \"{}\" is not known ({}); check the URL {}.", url.host,
        error == EAI_INPROGRESS ? "no answer in time" : ::gai_strerror(error), url.text()));
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
