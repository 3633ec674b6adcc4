// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_client.h"

#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

namespace interleave::broker {

namespace {

/// A client that doesn't read gets no more until it does.
constexpr std::size_t kUnreadLimit = std::size_t{1} << 20;

Reply replyOf(const Result<void>& result) {
    return {result ? std::nullopt : std::optional(result.error()), {}, {}};
}
Reply replyOf(Result<QueueState> result) {
    return result ? Reply{{}, std::move(*result), {}} : Reply{result.error(), {}, {}};
}
Reply replyOf(const Result<std::uint32_t>& result) {
    return result ? Reply{{}, {{}, *result, 0}, {}} : Reply{result.error(), {}, {}};
}
Reply replyOf(Result<std::string> result) {
    return result ? Reply{{}, {std::move(*result), 0, 0}, {}} : Reply{result.error(), {}, {}};
}
Reply replyOf(Result<std::optional<Delivery>> result) {
    return result ? Reply{{}, {}, std::move(*result)} : Reply{result.error(), {}, {}};
}

/// Does a call in the core; publishes and acks come another way.
class Caller {
public:
    Caller(MemoryCore& core, Channel& channel)
        : m_core(core)
        , m_channel(channel) {}

    Reply operator()(const ExchangeSpec& spec) { return checked(check(spec), spec); }
    Reply operator()(const QueueSpec& spec) { return checked(check(spec), spec); }
    Reply operator()(const BindCall& c) {
        return replyOf(c.isUnbind ? m_core.unbind(m_channel, c.exchange, c.queue, c.binding)
                                  : m_core.bind(m_channel, c.exchange, c.queue, c.binding));
    }
    Reply operator()(const NamedCall& c) {
        switch (c.kind) {
        case NamedCallKind::Inspect:
            return replyOf(m_core.inspect(m_channel, c.name));
        case NamedCallKind::Purge:
            return replyOf(m_core.purge(m_channel, c.name));
        case NamedCallKind::RemoveQueue:
            return replyOf(m_core.removeQueue(m_channel, c.name));
        case NamedCallKind::RemoveExchange:
            return replyOf(m_core.removeExchange(m_channel, c.name));
        case NamedCallKind::Cancel:
            m_core.cancel(m_channel, c.name);
            break;
        }
        return {};
    }
    Reply operator()(const EnableConfirms&) { return replyOf(m_core.enableConfirms(m_channel)); }
    Reply operator()(const PrefetchCall& c) {
        m_channel.prefetch = c.count;
        return {};
    }
    Reply operator()(const ConsumeCall& c) {
        return replyOf(m_core.consume(m_channel, c.queue, c.options));
    }
    Reply operator()(const GetCall& c) {
        return replyOf(m_core.get(m_channel, c.queue, c.isAutoAck));
    }
    Reply operator()(const Goodbye&) {
        m_core.closeChannel(m_channel);
        return {};
    }
    template <class Other>
    Reply operator()(const Other&) {
        return {}; // Hello a second time
    }

private:
    template <class Spec>
    Reply checked(const Result<void>& isSound, const Spec& spec) {
        return isSound ? replyOf(m_core.declare(m_channel, spec)) : replyOf(isSound);
    }

    MemoryCore& m_core;
    Channel& m_channel;
};

} // namespace

MemoryClient::MemoryClient(MemoryShared& shared, int fd)
    : m_shared(shared)
    , m_fd(fd) {}

MemoryClient::~MemoryClient() {
    if (m_channel) {
        m_shared.locked([&](MemoryCore& core) {
            core.closeChannel(*m_channel);
            return 0;
        });
    }
    ::close(m_fd);
}

void MemoryClient::onReadable() {
    const bool isOpen = readSome();
    std::vector<Request> requests;
    while (const auto frame = m_in.next()) {
        auto request = parseRequest(*frame);
        if (!request) {
            m_isDone = true; // not one of us
            return;
        }
        requests.push_back(std::move(*request));
    }
    handle(std::move(requests));
    // What it said last counts, even if it is gone.
    m_isDone = m_isDone || !isOpen || m_in.isBroken();
    onWoken();
}

void MemoryClient::onWoken() {
    if (m_channel && !m_isDone) {
        fetchOutbox();
    }
    send();
}

bool MemoryClient::readSome() {
    const std::span<std::byte> space = m_in.space();
    const ssize_t count = ::recv(m_fd, space.data(), space.size(), 0);
    if (count > 0) {
        m_in.added(static_cast<std::size_t>(count));
    }
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

void MemoryClient::handle(std::vector<Request> requests) {
    if (requests.empty()) {
        return;
    }
    m_shared.locked([&](MemoryCore& core) {
        std::vector<PublishRequest> publishes;
        for (Request& request : requests) {
            handleOne(core, request, publishes);
        }
        publish(core, publishes);
        return 0;
    });
}

void MemoryClient::handleOne(MemoryCore& core, Request& request,
                             std::vector<PublishRequest>& publishes) {
    if (const auto* hello = std::get_if<Hello>(&request); hello && !m_channel) {
        Reply reply;
        if (hello->version != kWireVersion || !core.isRunning()) {
            reply.error =
                Error{hello->version == kWireVersion
                          ? "The memory broker is stopped; start it again to connect to it."
                          : "The memory broker is of another version of this program.",
                      ErrorKind::MissingPart};
            m_isDone = true;
        } else {
            m_channel = core.openChannel();
        }
        write(m_out, Answer(std::move(reply)));
        return;
    }
    if (!m_channel || m_channel->isLost) {
        m_isDone = true; // nothing it says counts any more
        return;
    }
    if (auto* one = std::get_if<Publish>(&request)) {
        publishes.push_back(
            {std::make_shared<const Message>(std::move(one->message)), one->isMandatory});
        return;
    }
    publish(core, publishes); // in the order in which it was said
    if (const auto* settle = std::get_if<Settle>(&request)) {
        refuseIfFailed(settle->isAccepted ? core.ack(*m_channel, settle->tag, settle->isMultiple)
                                          : core.reject(*m_channel, settle->tag, settle->isRequeued,
                                                        settle->isMultiple));
        return;
    }
    // Events that came before the answer are read before it.
    Reply reply = std::visit(Caller(core, *m_channel), request);
    for (const Outbound& outbound : std::exchange(m_channel->outbox, {})) {
        write(m_out, outbound);
    }
    write(m_out, Answer(std::move(reply)));
}

void MemoryClient::publish(MemoryCore& core, std::vector<PublishRequest>& publishes) {
    if (!publishes.empty()) {
        refuseIfFailed(core.publish(*m_channel, publishes));
        publishes.clear();
    }
}

template <class T>
void MemoryClient::refuseIfFailed(const Result<T>& result) {
    if (!result) {
        write(m_out, Answer(Refused{result.error()}));
    }
}

void MemoryClient::fetchOutbox() {
    m_channel->wake.clear();
    std::vector<Outbound> fetched;
    const bool isFull = m_out.size() - m_sent > kUnreadLimit;
    m_shared.locked([&](MemoryCore&) {
        if (!isFull) {
            fetched.swap(m_channel->outbox);
        }
        m_channel->isReaderWaiting = m_channel->outbox.empty();
        m_isDone = m_isDone || m_channel->isLost;
        return 0;
    });
    for (const Outbound& outbound : fetched) {
        write(m_out, outbound);
    }
}

void MemoryClient::send() {
    while (hasUnsent()) {
        const ssize_t count =
            ::send(m_fd, m_out.data() + m_sent, m_out.size() - m_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0) {
            m_isDone = m_isDone || (errno != EAGAIN && errno != EINTR);
            return;
        }
        m_sent += static_cast<std::size_t>(count);
    }
    m_sent = 0;
    m_out.clear();
    if (m_out.capacity() > 4 * kUnreadLimit) {
        m_out = {};
    }
}

} // namespace interleave::broker
