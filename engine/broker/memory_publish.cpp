// SPDX-License-Identifier: GPL-3.0-or-later
// MemoryCore: from a publish into queues, and how messages die in them.
#include "engine/broker/memory_core.h"
#include "engine/broker/wait.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::broker {

namespace {

constexpr std::string_view kNoRoute = "NO_ROUTE";

std::string_view reasonOf(Fate fate) {
    switch (fate) {
    case Fate::Rejected:
        return "rejected";
    case Fate::Expired:
        return "expired";
    default:
        return "maxlen";
    }
}

/// Whether a message that has just died has come round to this queue without anybody's rejecting
/// it on the way: it would go round for ever.
bool isCycle(const Message& message, const std::string& queue) {
    for (const auto& [from, reason] : message.deaths) {
        if (reason == reasonOf(Fate::Rejected)) {
            return false;
        }
        if (from == queue) {
            return true;
        }
    }
    return false;
}

Nanoseconds expiryOf(const QueueSpec& spec, const Message& message, Nanoseconds nowNs) {
    Nanoseconds ttlNs = kNever;
    for (const auto& limit : {spec.messageTtlNs, message.properties.expirationNs}) {
        if (limit) {
            ttlNs = std::min(ttlNs, toMilliseconds(*limit) * 1'000'000);
        }
    }
    return ttlNs >= kNever - nowNs ? kNever : nowNs + ttlNs;
}

} // namespace

Result<void> MemoryCore::enableConfirms(Channel& channel) {
    if (!std::exchange(channel.isConfirming, true)) {
        channel.published = 0;
    }
    return {};
}

Result<void> MemoryCore::publish(Channel& channel, std::span<const PublishRequest> requests) {
    const std::uint64_t publishedAtEnd = channel.published + requests.size();
    const auto confirm = [&](bool isAccepted, bool isMultiple) {
        Outbound outbound;
        outbound.event =
            std::make_unique<Event>(Confirmed{channel.published, isMultiple, isAccepted});
        post(channel, std::move(outbound));
    };
    std::uint64_t unsaid = 0; // accepted, not confirmed yet
    const auto confirmAccepted = [&] {
        if (unsaid > 0) {
            confirm(true, unsaid > 1);
        }
        unsaid = 0;
    };
    for (const PublishRequest& request : requests) {
        const std::string& exchange = request.message->exchange;
        if (!exchange.empty() && !m_exchanges.contains(exchange)) {
            // What follows on a closed channel never arrives; it is numbered all the same.
            confirmAccepted();
            settle();
            channel.published = publishedAtEnd;
            return refuse(channel, ReplyCode::NotFound,
                          fmt::format("publish to exchange \"{}\"", exchange),
                          fmt::format("no exchange '{}'", exchange));
        }
        const bool isAccepted = publishOne(channel, request);
        if (!isAccepted && channel.isConfirming) {
            confirmAccepted();
            ++channel.published;
            confirm(false, false);
        } else {
            ++channel.published;
            unsaid += channel.isConfirming ? 1 : 0;
        }
    }
    confirmAccepted();
    settle();
    return {};
}

bool MemoryCore::publishOne(Channel& channel, const PublishRequest& request) {
    const Message& message = *request.message;
    const std::vector<MemoryQueue*>& queues = route(message.exchange, message);
    if (queues.empty()) {
        tell(request.isMandatory ? Fate::Returned : Fate::Unroutable, {}, message);
        if (request.isMandatory) {
            Outbound outbound;
            outbound.event = std::make_unique<Event>(Returned{message.exchange, message.key,
                                                              std::string(kNoRoute),
                                                              message.properties, message.body});
            post(channel, std::move(outbound));
        }
        return true;
    }
    bool isAccepted = true;
    for (MemoryQueue* queue : queues) {
        isAccepted = enqueue(*queue, request.message, Fate::Queued) && isAccepted;
    }
    return isAccepted;
}

const std::vector<MemoryQueue*>& MemoryCore::route(const std::string& exchange,
                                                   const Message& message) {
    m_routed.clear();
    if (exchange.empty()) {
        if (const auto queue = m_queues.find(message.key); queue != m_queues.end()) {
            m_routed.push_back(queue->second.get());
        }
        return m_routed;
    }
    std::vector<const MemoryExchange*> tried;
    const std::string* name = &exchange;
    while (m_routed.empty()) {
        const auto found = m_exchanges.find(*name);
        if (found == m_exchanges.end() ||
            std::ranges::find(tried, found->second.get()) != tried.end()) {
            break;
        }
        const MemoryExchange& at = *found->second;
        at.route(message.key, message.properties.headers, m_routed);
        if (at.spec().alternate.empty()) {
            break;
        }
        tried.push_back(&at);
        name = &at.spec().alternate;
    }
    return m_routed;
}

bool MemoryCore::enqueue(MemoryQueue& queue, const MessagePtr& message, Fate fate) {
    const QueueSpec& spec = queue.spec();
    if (spec.overflow == Overflow::RejectPublish && spec.maxLength &&
        queue.size() + 1 > *spec.maxLength) {
        tell(Fate::Overflowed, queue.name(), *message);
        return false;
    }
    const bool expires = spec.messageTtlNs || message->properties.expirationNs;
    QueueEntry entry{message, 0, expires ? expiryOf(spec, *message, steadyNow()) : kNever, false};
    tell(fate, queue.name(), *message);
    const bool wasEmpty = queue.isEmpty();
    queue.push(std::move(entry));
    dispatch(queue, wasEmpty);
    while (spec.maxLength && queue.size() > *spec.maxLength) {
        die(queue, queue.pop(), Fate::Overflowed);
        setTimer(queue);
    }
    return true;
}

void MemoryCore::die(MemoryQueue& queue, const QueueEntry& entry, Fate fate) {
    tell(fate, queue.name(), *entry.message);
    if (!queue.spec().deadLetterExchange) {
        return;
    }
    auto dead = std::make_shared<Message>(*entry.message);
    const std::pair death{queue.name(), std::string(reasonOf(fate))};
    std::erase(dead->deaths, death); // counted, not listed twice
    dead->deaths.insert(dead->deaths.begin(), death);
    dead->exchange = *queue.spec().deadLetterExchange;
    dead->key = queue.spec().deadLetterKey.value_or(dead->key);
    dead->properties.expirationNs.reset(); // or it would expire at once where it goes
    m_deadLetters.push_back({std::move(dead), queue.name()});
}

void MemoryCore::settle() {
    while (!m_deadLetters.empty()) {
        const DeadLetter letter = std::move(m_deadLetters.front());
        m_deadLetters.pop_front();
        const Message& message = *letter.message;
        const std::vector<MemoryQueue*> queues = route(message.exchange, message);
        if (queues.empty()) {
            tell(Fate::Unroutable, {}, message);
        }
        for (MemoryQueue* queue : queues) {
            if (isCycle(message, queue->name())) {
                tell(Fate::Cycled, queue->name(), message);
            } else {
                enqueue(*queue, letter.message, Fate::DeadLettered);
            }
        }
    }
}

void MemoryCore::expireHeads(MemoryQueue& queue) {
    if (queue.mayExpire()) {
        const Nanoseconds nowNs = steadyNow();
        while (!queue.isEmpty() && queue.front().expiresNs <= nowNs) {
            die(queue, queue.pop(), Fate::Expired);
        }
        setTimer(queue);
    }
}

void MemoryCore::setTimer(MemoryQueue& queue) {
    const Nanoseconds headNs = queue.isEmpty() ? kNever : queue.front().expiresNs;
    if (headNs != queue.timerNs) {
        m_timers.erase({queue.timerNs, &queue});
        queue.timerNs = headNs;
        if (headNs != kNever) {
            m_timers.emplace(headNs, &queue);
        }
    }
}

Nanoseconds MemoryCore::nextDeadlineNs() const {
    return m_timers.empty() || !m_isRunning ? kNever : m_timers.begin()->first;
}

void MemoryCore::expire() {
    const Nanoseconds nowNs = steadyNow();
    while (nextDeadlineNs() <= nowNs) {
        expireHeads(*m_timers.begin()->second);
    }
    settle();
}

} // namespace interleave::broker
