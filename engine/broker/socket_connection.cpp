// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/socket_connection.h"

#include "engine/broker/refusal.h"
#include "engine/broker/unix_socket.h"
#include "engine/broker/wait.h"

#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::broker {

Result<std::unique_ptr<Connection>> SocketConnection::open(const std::string& address) {
    const std::string path = address.substr(address.find(':') + 1);
    const auto unix = unixAddress(path);
    const int fd = unix ? ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0 || ::connect(fd, unix->get(), unix->size) != 0) {
        if (fd >= 0) {
            ::close(fd);
        }
        return fail(
            fmt::format("No memory broker answers at \"{}\"; the run that had it is over.", path),
            ErrorKind::MissingPart);
    }
    auto connection = std::unique_ptr<SocketConnection>(new SocketConnection(fd));
    if (const auto welcome = connection->call(Hello{}); !welcome) {
        return std::unexpected(welcome.error());
    }
    return connection;
}

SocketConnection::~SocketConnection() {
    close();
}

std::unexpected<Error> SocketConnection::lose() {
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
    }
    m_out.clear();
    return fail(m_isClosed ? "The connection to the memory broker is closed."
                           : "The connection to the memory broker is lost: it was stopped.",
                ErrorKind::MissingPart);
}

Result<void> SocketConnection::send() {
    std::size_t sent = 0;
    while (sent < m_out.size() && m_fd >= 0) {
        const ssize_t count = ::send(m_fd, m_out.data() + sent, m_out.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            break;
        }
        sent += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    if (m_fd < 0 || sent < m_out.size()) {
        return lose();
    }
    m_out.clear();
    if (m_out.capacity() > 64 * kMostUnsent) {
        m_out = {};
    }
    return {};
}

Result<void> SocketConnection::readAvailable() {
    while (m_fd >= 0) {
        const std::span<std::byte> space = m_in.space();
        const ssize_t count = ::recv(m_fd, space.data(), space.size(), MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        }
        if (count <= 0) {
            return lose();
        }
        m_in.added(static_cast<std::size_t>(count));
        while (const auto frame = m_in.next()) {
            auto answer = parseAnswer(*frame);
            if (!answer) {
                return lose();
            }
            take(std::move(*answer));
        }
        if (static_cast<std::size_t>(count) < space.size()) {
            break; // that was all
        }
    }
    return m_fd < 0 || m_in.isBroken() ? Result<void>(lose()) : Result<void>{};
}

void SocketConnection::take(Answer answer) {
    std::visit(
        [this](auto&& one) {
            using One = std::remove_cvref_t<decltype(one)>;
            if constexpr (std::is_same_v<One, Reply>) {
                if (one.error) {
                    m_backlog.fail({});
                }
                m_reply = std::move(one);
            } else if constexpr (std::is_same_v<One, Refused>) {
                m_backlog.fail(std::move(one.error));
            } else {
                m_backlog.push(std::move(one));
            }
        },
        std::move(answer));
}

Result<Reply> SocketConnection::call(const Request& request) {
    write(m_out, request);
    m_reply.reset();
    if (const auto sent = send(); !sent) {
        return std::unexpected(sent.error());
    }
    while (!m_reply) {
        if (waitReadable(m_fd, -1, kLongestSilence) != Waited::Readable) {
            return lose();
        }
        if (const auto read = readAvailable(); !read && !m_reply) {
            return std::unexpected(read.error());
        }
    }
    if (m_reply->error) {
        return std::unexpected(*m_reply->error);
    }
    if (auto refused = m_backlog.takeRefused()) {
        return std::unexpected(std::move(*refused));
    }
    return std::move(*m_reply);
}

Result<void> SocketConnection::callFor(const Request& request) {
    const auto reply = call(request);
    return reply ? Result<void>{} : std::unexpected(reply.error());
}

Result<void> SocketConnection::declare(const ExchangeSpec& exchange) {
    if (auto checked = check(exchange); !checked) {
        return checked;
    }
    return callFor(exchange);
}

Result<QueueState> SocketConnection::declare(const QueueSpec& queue) {
    if (auto checked = check(queue); !checked) {
        return std::unexpected(checked.error());
    }
    auto reply = call(queue);
    return reply ? Result<QueueState>(std::move(reply->state)) : std::unexpected(reply.error());
}

Result<QueueState> SocketConnection::inspect(const std::string& queue) {
    auto reply = call(NamedCall{NamedCallKind::Inspect, queue});
    return reply ? Result<QueueState>(std::move(reply->state)) : std::unexpected(reply.error());
}

Result<void> SocketConnection::bind(const std::string& exchange, const std::string& queue,
                                    const routing::Binding& binding) {
    if (auto checked = checkName("key", binding.key); !checked) {
        return checked;
    }
    return callFor(BindCall{exchange, queue, binding, false});
}

Result<void> SocketConnection::unbind(const std::string& exchange, const std::string& queue,
                                      const routing::Binding& binding) {
    return callFor(BindCall{exchange, queue, binding, true});
}

Result<std::uint32_t> SocketConnection::purge(const std::string& queue) {
    const auto reply = call(NamedCall{NamedCallKind::Purge, queue});
    return reply ? Result<std::uint32_t>(reply->state.ready) : std::unexpected(reply.error());
}

Result<std::uint32_t> SocketConnection::removeQueue(const std::string& queue) {
    const auto reply = call(NamedCall{NamedCallKind::RemoveQueue, queue});
    return reply ? Result<std::uint32_t>(reply->state.ready) : std::unexpected(reply.error());
}

Result<void> SocketConnection::removeExchange(const std::string& exchange) {
    return callFor(NamedCall{NamedCallKind::RemoveExchange, exchange});
}

Result<void> SocketConnection::enableConfirms() {
    m_isConfirming = true;
    return callFor(EnableConfirms{});
}

Result<std::uint64_t> SocketConnection::publish(const Outgoing& message) {
    if (auto checked = check(message); !checked) {
        return std::unexpected(checked.error());
    }
    write(m_out, message);
    const std::uint64_t sequence = m_isConfirming ? ++m_sequence : 0;
    if (m_out.size() >= kMostUnsent) {
        if (const auto sent = send(); !sent) {
            return std::unexpected(sent.error());
        }
    }
    return sequence;
}

Result<void> SocketConnection::flush() {
    return send();
}

Result<void> SocketConnection::setPrefetch(std::uint16_t count) {
    return callFor(PrefetchCall{count});
}

Result<std::string> SocketConnection::consume(const std::string& queue,
                                              const ConsumeOptions& options) {
    if (auto checked = checkName("consumer tag", options.tag); !checked) {
        return std::unexpected(checked.error());
    }
    auto reply = call(ConsumeCall{queue, options});
    if (!reply) {
        return std::unexpected(reply.error());
    }
    if (options.isAutoAck) {
        m_backlog.addAutoAckConsumer(reply->state.name);
    }
    return std::move(reply->state.name);
}

Result<void> SocketConnection::cancel(const std::string& consumer) {
    return callFor(NamedCall{NamedCallKind::Cancel, consumer});
}

Result<void> SocketConnection::settle(const Settle& settle) {
    write(m_out, Request(settle));
    return send();
}

Result<void> SocketConnection::ack(std::uint64_t tag, bool isMultiple) {
    return settle({.tag = tag, .isMultiple = isMultiple});
}

Result<void> SocketConnection::ackEach(std::span<const std::uint64_t> tags) {
    for (const std::uint64_t tag : tags) {
        write(m_out, Request(Settle{.tag = tag}));
    }
    return send();
}

Result<void> SocketConnection::reject(std::uint64_t tag, bool isRequeued, bool isMultiple) {
    return settle(
        {.tag = tag, .isMultiple = isMultiple, .isAccepted = false, .isRequeued = isRequeued});
}

Result<std::optional<Delivery>> SocketConnection::get(const std::string& queue, bool isAutoAck) {
    auto reply = call(GetCall{queue, isAutoAck});
    if (!reply) {
        return std::unexpected(reply.error());
    }
    return std::move(reply->delivery);
}

Result<std::optional<Event>> SocketConnection::next(Nanoseconds waitNs, int wakeFd) {
    const Nanoseconds endNs = waitNs > 0 ? steadyNow() + std::min(waitNs, INT64_MAX / 2) : 0;
    Result<void> state = m_out.empty() ? Result<void>{} : send();
    while (true) {
        if (m_backlog.isEmpty() && state) {
            state = readAvailable();
        }
        if (auto taken = m_backlog.take()) {
            return std::move(*taken);
        }
        if (!state) {
            return std::unexpected(state.error());
        }
        const Nanoseconds leftNs = waitNs > 0 ? endNs - steadyNow() : 0;
        if (leftNs <= 0 || waitReadable(m_fd, wakeFd, leftNs) != Waited::Readable) {
            return std::optional<Event>{};
        }
    }
}

void SocketConnection::close() {
    if (m_fd >= 0) {
        static_cast<void>(call(Goodbye{})); // answered when all is given back
    }
    cut();
}

void SocketConnection::cut() {
    m_isClosed = true;
    m_backlog.clear();
    static_cast<void>(lose());
}

} // namespace interleave::broker
