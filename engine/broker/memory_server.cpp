// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_server.h"

#include "engine/broker/memory_client.h"
#include "engine/broker/unix_socket.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

namespace interleave::broker {

namespace {

bool isOfThisUser(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == ::geteuid() || peer.uid == 0);
}

} // namespace

Result<std::unique_ptr<MemoryServer>> MemoryServer::listen(std::shared_ptr<MemoryShared> shared) {
    std::random_device random;
    const std::string path =
        fmt::format("@interleave-broker-{}-{:08x}{:08x}", ::getpid(), random(), random());
    const auto address = unixAddress(path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || !address || ::bind(fd, address->get(), address->size) != 0 ||
        ::listen(fd, SOMAXCONN) != 0) {
        const int error = errno;
        if (fd >= 0) {
            ::close(fd);
        }
        return fail(
            fmt::format("The memory broker's socket could not be made: {}.", std::strerror(error)),
            ErrorKind::MissingPart);
    }
    return std::unique_ptr<MemoryServer>(
        new MemoryServer(std::move(shared), fd, fmt::format("memory:{}", path)));
}

MemoryServer::MemoryServer(std::shared_ptr<MemoryShared> shared, int fd, std::string address)
    : m_shared(std::move(shared))
    , m_fd(fd)
    , m_address(std::move(address))
    , m_thread([this](const std::stop_token& stop) { serve(stop); }) {}

MemoryServer::~MemoryServer() {
    m_thread.request_stop();
    m_stopped.set();
    m_thread.join();
    ::close(m_fd);
}

void MemoryServer::serve(const std::stop_token& stop) {
    std::vector<pollfd> fds;
    while (!stop.stop_requested()) {
        fds = {{m_stopped.fd(), POLLIN, 0}, {m_fd, POLLIN, 0}};
        for (const MemoryClient& client : m_clients) {
            const short sending = client.hasUnsent() ? POLLOUT : 0;
            fds.push_back({client.fd(), static_cast<short>(POLLIN | sending), 0});
            fds.push_back({client.wakeFd(), POLLIN, 0});
        }
        if (::poll(fds.data(), fds.size(), -1) < 0) {
            continue; // a signal
        }
        std::size_t i = 2;
        for (MemoryClient& client : m_clients) {
            if ((fds[i].revents & ~POLLOUT) != 0) {
                client.onReadable();
            } else if (fds[i].revents != 0 || fds[i + 1].revents != 0) {
                client.onWoken();
            }
            i += 2;
        }
        std::erase_if(m_clients, [](const MemoryClient& client) { return client.isDone(); });
        if (fds[1].revents != 0) {
            acceptClients();
        }
    }
    m_clients.clear();
}

void MemoryServer::acceptClients() {
    while (true) {
        const int fd = ::accept4(m_fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            return;
        }
        if (isOfThisUser(fd)) {
            m_clients.emplace_back(*m_shared, fd);
        } else {
            ::close(fd);
        }
    }
}

} // namespace interleave::broker
