// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_connection.h"

#include "engine/broker/wait.h"

#include <algorithm>

namespace interleave::broker {

namespace {

constexpr std::size_t kMostPending = 64;
constexpr std::size_t kMostPendingBytes = 64 * 1024;

} // namespace

MemoryConnection::MemoryConnection(std::shared_ptr<MemoryShared> shared, ChannelPtr channel)
    : m_shared(std::move(shared))
    , m_channel(std::move(channel)) {}

MemoryConnection::~MemoryConnection() {
    end(true);
}

bool MemoryConnection::isLost() const {
    return m_channel->isLost;
}

Error MemoryConnection::lostError() const {
    return {m_isClosed ? "The connection to the memory broker is closed."
                       : "The connection to the memory broker is lost: it was stopped.",
            ErrorKind::MissingPart};
}

template <class Body>
auto MemoryConnection::call(Body&& body) -> decltype(body(std::declval<MemoryCore&>())) {
    auto result = m_shared->locked([&](MemoryCore& core) -> decltype(body(core)) {
        if (m_channel->isLost) {
            return std::unexpected(lostError());
        }
        if (const auto published = publishPending(core); !published) {
            return std::unexpected(published.error());
        }
        return body(core);
    });
    if (!result) {
        dropStale();
    }
    return result;
}

Result<void> MemoryConnection::publishPending(MemoryCore& core) {
    if (m_pending.empty()) {
        return {};
    }
    const auto published = core.publish(*m_channel, m_pending);
    m_pending.clear();
    m_pendingBytes = 0;
    return published;
}

/// Deliveries fetched before the channel failed are in their queues again.
void MemoryConnection::dropStale() {
    m_read.erase(m_read.begin(), m_read.begin() + static_cast<std::ptrdiff_t>(m_nextRead));
    m_nextRead = 0;
    if (!m_channel->isLost) {
        std::erase_if(m_read, [](const Outbound& outbound) {
            return outbound.message && !outbound.isAutoAck;
        });
    }
}

Result<void> MemoryConnection::declare(const ExchangeSpec& exchange) {
    if (auto checked = check(exchange); !checked) {
        return checked;
    }
    return call([&](MemoryCore& core) { return core.declare(*m_channel, exchange); });
}

Result<QueueState> MemoryConnection::declare(const QueueSpec& queue) {
    if (auto checked = check(queue); !checked) {
        return std::unexpected(checked.error());
    }
    return call([&](MemoryCore& core) { return core.declare(*m_channel, queue); });
}

Result<QueueState> MemoryConnection::inspect(const std::string& queue) {
    return call([&](MemoryCore& core) { return core.inspect(*m_channel, queue); });
}

Result<void> MemoryConnection::bind(const std::string& exchange, const std::string& queue,
                                    const routing::Binding& binding) {
    if (auto checked = checkName("key", binding.key); !checked) {
        return checked;
    }
    return call([&](MemoryCore& core) { return core.bind(*m_channel, exchange, queue, binding); });
}

Result<void> MemoryConnection::unbind(const std::string& exchange, const std::string& queue,
                                      const routing::Binding& binding) {
    return call(
        [&](MemoryCore& core) { return core.unbind(*m_channel, exchange, queue, binding); });
}

Result<std::uint32_t> MemoryConnection::purge(const std::string& queue) {
    return call([&](MemoryCore& core) { return core.purge(*m_channel, queue); });
}

Result<std::uint32_t> MemoryConnection::removeQueue(const std::string& queue) {
    return call([&](MemoryCore& core) { return core.removeQueue(*m_channel, queue); });
}

Result<void> MemoryConnection::removeExchange(const std::string& exchange) {
    return call([&](MemoryCore& core) { return core.removeExchange(*m_channel, exchange); });
}

Result<void> MemoryConnection::enableConfirms() {
    m_isConfirming = true;
    return call([&](MemoryCore& core) { return core.enableConfirms(*m_channel); });
}

Result<std::uint64_t> MemoryConnection::publish(const Outgoing& message) {
    if (auto checked = check(message); !checked) {
        return std::unexpected(checked.error());
    }
    m_pending.push_back(
        {std::make_shared<const Message>(
             std::string(message.exchange), std::string(message.key), message.properties,
             std::vector<std::byte>(message.body.begin(), message.body.end())),
         message.isMandatory});
    m_pendingBytes += message.body.size();
    const std::uint64_t sequence = m_isConfirming ? ++m_sequence : 0;
    if (m_pending.size() >= kMostPending || m_pendingBytes >= kMostPendingBytes) {
        if (const auto flushed = flush(); !flushed) {
            return std::unexpected(flushed.error());
        }
    }
    return sequence;
}

Result<void> MemoryConnection::flush() {
    return call([](MemoryCore&) { return Result<void>{}; });
}

Result<void> MemoryConnection::setPrefetch(std::uint16_t count) {
    return call([&](MemoryCore&) {
        m_channel->prefetch = count;
        return Result<void>{};
    });
}

Result<std::string> MemoryConnection::consume(const std::string& queue,
                                              const ConsumeOptions& options) {
    if (auto checked = checkName("consumer tag", options.tag); !checked) {
        return std::unexpected(checked.error());
    }
    return call([&](MemoryCore& core) { return core.consume(*m_channel, queue, options); });
}

Result<void> MemoryConnection::cancel(const std::string& consumer) {
    return call([&](MemoryCore& core) {
        core.cancel(*m_channel, consumer);
        return Result<void>{};
    });
}

Result<void> MemoryConnection::ack(std::uint64_t tag, bool isMultiple) {
    return call([&](MemoryCore& core) { return core.ack(*m_channel, tag, isMultiple); });
}

Result<void> MemoryConnection::ackEach(std::span<const std::uint64_t> tags) {
    return call([&](MemoryCore& core) {
        Result<void> acked;
        for (std::size_t i = 0; i < tags.size() && acked; ++i) {
            acked = core.ack(*m_channel, tags[i], false);
        }
        return acked;
    });
}

Result<void> MemoryConnection::reject(std::uint64_t tag, bool isRequeued, bool isMultiple) {
    return call(
        [&](MemoryCore& core) { return core.reject(*m_channel, tag, isRequeued, isMultiple); });
}

Result<std::optional<Delivery>> MemoryConnection::get(const std::string& queue, bool isAutoAck) {
    return call([&](MemoryCore& core) { return core.get(*m_channel, queue, isAutoAck); });
}

std::optional<Event> MemoryConnection::takeRead() {
    if (m_nextRead == m_read.size()) {
        return std::nullopt;
    }
    return toEvent(std::move(m_read[m_nextRead++]));
}

Result<std::optional<Event>> MemoryConnection::next(Nanoseconds waitNs, int wakeFd) {
    const Nanoseconds endNs = waitNs > 0 ? steadyNow() + std::min(waitNs, kNever / 2) : 0;
    while (true) {
        if (!m_pending.empty() && !isLost()) {
            if (const auto flushed = flush(); !flushed) {
                return std::unexpected(flushed.error());
            }
        }
        if (auto event = takeRead()) {
            return event;
        }
        m_read.clear();
        m_nextRead = 0;
        // Cleared before looking: whatever comes after the look sets it again.
        m_channel->wake.clear();
        m_shared->locked([&](MemoryCore&) {
            m_read.swap(m_channel->outbox);
            m_channel->isReaderWaiting = m_read.empty();
            return 0;
        });
        if (auto event = takeRead()) {
            return event;
        }
        if (isLost()) {
            return std::unexpected(lostError());
        }
        const Nanoseconds leftNs = waitNs > 0 ? endNs - steadyNow() : 0;
        if (leftNs <= 0 || waitReadable(m_channel->wake.fd(), wakeFd, leftNs) != Waited::Readable) {
            return std::optional<Event>{};
        }
    }
}

void MemoryConnection::end(bool isOrderly) {
    if (std::exchange(m_isClosed, true)) {
        return;
    }
    m_shared->locked([&](MemoryCore& core) {
        if (m_channel->isLost) {
            return 0;
        }
        if (isOrderly) {
            static_cast<void>(publishPending(core)); // nobody is left to be told of a refusal
        }
        // The core tells what becomes of what nobody has looked at.
        m_channel->outbox.insert(
            m_channel->outbox.begin(),
            std::make_move_iterator(m_read.begin() + static_cast<std::ptrdiff_t>(m_nextRead)),
            std::make_move_iterator(m_read.end()));
        core.closeChannel(*m_channel);
        return 0;
    });
    m_pending.clear();
    m_read.clear();
    m_nextRead = 0;
}

} // namespace interleave::broker
