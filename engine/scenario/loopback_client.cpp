// SPDX-License-Identifier: GPL-3.0-or-later
// The blocking client: plain sockets and poll(), because the wait of a worker thread in the kernel
// is what a run wants to show.
#include "engine/scenario/loopback.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace interleave::scenario {

namespace {

constexpr std::size_t kReadBlock = std::size_t{32} << 10;
constexpr std::size_t kLongestAnswerHead = 8192;
constexpr timeval kSendLimit{10, 0}; // a server that accepts nothing for so long is dead

std::unexpected<Error> connectionFailure(Endpoint endpoint, const char* what, int code) {
    if (code == EMFILE || code == ENFILE) {
        return fail("No connection to the loopback server: too many open files: raise ulimit -n or "
                    "use fewer workers.",
                    ErrorKind::MissingPart);
    }
    return fail(fmt::format("{} the loopback server on 127.0.0.1:{} failed: {}.", what,
                            endpoint.port, std::strerror(code)),
                ErrorKind::MissingPart);
}

/// Sends all of the text; 0 or errno.
int sendAll(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return errno;
        }
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return 0;
}

} // namespace

LoopbackClient::LoopbackClient(LoopbackClient&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_port(std::exchange(other.m_port, std::uint16_t{0})) {}

LoopbackClient& LoopbackClient::operator=(LoopbackClient&& other) noexcept {
    if (this != &other) {
        close();
        m_fd = std::exchange(other.m_fd, -1);
        m_port = std::exchange(other.m_port, std::uint16_t{0});
    }
    return *this;
}

LoopbackClient::~LoopbackClient() {
    close();
}

void LoopbackClient::close() {
    if (m_fd >= 0) {
        ::close(m_fd);
        m_fd = -1;
    }
}

Result<void> LoopbackClient::connect(Endpoint endpoint) {
    close();
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return connectionFailure(endpoint, "Connecting to", errno);
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kSendLimit, sizeof(kSendLimit));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int failed = 0;
    do {
        failed = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    } while (failed != 0 && errno == EINTR);
    if (failed != 0 && errno != EISCONN) {
        auto failure = connectionFailure(endpoint, "Connecting to", errno);
        ::close(fd);
        return failure;
    }
    m_fd = fd;
    m_port = endpoint.port;
    return {};
}

/// A kept connection that the server has closed reads as its end at once.
bool LoopbackClient::isOpenTo(Endpoint endpoint) const {
    if (m_fd < 0 || m_port != endpoint.port) {
        return false;
    }
    char ignored = 0;
    const ssize_t got = ::recv(m_fd, &ignored, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Result<void> LoopbackClient::send(Endpoint endpoint, Nanoseconds delay, std::uint64_t bytes) {
    const std::string request = requestText(delay, bytes);
    int code = ENOTCONN;
    if (isOpenTo(endpoint)) {
        code = sendAll(m_fd, request);
    }
    if (code != 0) { // not connected yet, or the server has closed the kept connection
        if (const auto connected = connect(endpoint); !connected) {
            return connected;
        }
        code = sendAll(m_fd, request);
    }
    if (code != 0) {
        close();
        return connectionFailure(endpoint, "Asking", code);
    }
    return {};
}

Result<bool> LoopbackClient::waitForAnswer(int stopFd, std::int64_t waitNs) {
    if (m_fd < 0) {
        return fail("The loopback server was not asked anything: send comes first.");
    }
    std::array<pollfd, 2> watched{pollfd{m_fd, POLLIN, 0}, pollfd{stopFd, POLLIN, 0}};
    const timespec timeout{waitNs / 1'000'000'000, waitNs % 1'000'000'000};
    while (::ppoll(watched.data(), watched.size(), waitNs < 0 ? nullptr : &timeout, nullptr) < 0) {
        if (errno != EINTR) {
            return connectionFailure({m_port}, "Waiting for", errno);
        }
    }
    return watched[0].revents != 0; // else it was stopFd
}

Result<LoopbackClient::Answer> LoopbackClient::receive(int stopFd) {
    std::array<char, kReadBlock> block; // not zeroed: this is on the path that is measured
    std::string head;
    Answer answer;
    std::uint64_t missing = 0;
    for (bool hasHead = false; !hasHead || missing > 0;) {
        const Result<bool> isThere = waitForAnswer(stopFd);
        if (!isThere) {
            return std::unexpected(isThere.error());
        }
        if (!*isThere) {
            close(); // half an answer may be on its way; the next request gets a new connection
            answer.isStopped = true;
            return answer;
        }
        const ssize_t got = ::recv(m_fd, block.data(), block.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) {
            continue;
        }
        if (got <= 0) {
            const int code = got == 0 ? ECONNRESET : errno;
            close();
            return connectionFailure({m_port}, "Reading from", code);
        }
        auto body = static_cast<std::uint64_t>(got);
        if (!hasHead) {
            head.append(block.data(), static_cast<std::size_t>(got));
            const auto end = head.find("\r\n\r\n");
            if (end == std::string::npos && head.size() < kLongestAnswerHead) {
                continue;
            }
            const auto parsed = parseAnswerHead(std::string_view(head).substr(0, end));
            if (!parsed) {
                close();
                return std::unexpected(parsed.error());
            }
            hasHead = true;
            answer.sentNs = parsed->sentNs;
            answer.bytes = missing = parsed->contentLength;
            body = head.size() - end - 4;
        }
        if (body > missing) {
            close();
            return fail("The loopback server sent more than it announced: another program answers "
                        "on its port.");
        }
        missing -= body;
    }
    return answer;
}

} // namespace interleave::scenario
