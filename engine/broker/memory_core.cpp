// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_core.h"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

namespace interleave::broker {

MemoryCore::MemoryCore() {
    using enum routing::ExchangeKind;
    // Those that every RabbitMQ has.
    for (const auto& [name, kind] :
         {std::pair{"amq.direct", Direct}, std::pair{"amq.fanout", Fanout},
          std::pair{"amq.topic", Topic}, std::pair{"amq.headers", Headers},
          std::pair{"amq.match", Headers}}) {
        ExchangeSpec spec;
        spec.name = name;
        spec.kind = kind;
        spec.isDurable = true;
        m_exchanges.emplace(name, std::make_unique<MemoryExchange>(spec));
    }
}

ChannelPtr MemoryCore::openChannel() {
    m_channels.push_back(std::make_shared<Channel>());
    return m_channels.back();
}

void MemoryCore::closeChannel(Channel& channel) {
    if (channel.isLost.exchange(true)) {
        return;
    }
    endChannel(channel);
    loseUnread(channel);
    std::vector<MemoryQueue*> owned;
    for (const auto& [name, queue] : m_queues) {
        if (queue->owner() == &channel) {
            owned.push_back(queue.get());
        }
    }
    for (MemoryQueue* queue : owned) {
        removeQueue(*queue);
    }
    settle();
    std::erase_if(m_channels, [&](const ChannelPtr& other) { return other.get() == &channel; });
}

void MemoryCore::stop() {
    if (!std::exchange(m_isRunning, false)) {
        return;
    }
    // Nothing is delivered anew by a broker that dies: consumers go first, all of them.
    for (const ChannelPtr& channel : m_channels) {
        for (const auto& [tag, consumer] : channel->consumers) {
            std::erase(consumer->queue->consumers, consumer.get());
            std::erase(consumer->queue->active, consumer.get());
        }
        channel->unacked.forEach([](Ledger::Held& held) { held.consumer = nullptr; });
        channel->consumers.clear();
    }
    for (const ChannelPtr& channel : m_channels) {
        giveBack(channel->unacked.takeAll());
        channel->isLost = true;
        channel->wake.set();
    }
    m_channels.clear();
    settle();
    dropTransient();
}

/// Consumers end, what they held goes back; the connection itself stays.
void MemoryCore::endChannel(Channel& channel) {
    std::vector<MemoryQueue*> left;
    for (const auto& [tag, consumer] : channel.consumers) {
        std::erase(consumer->queue->consumers, consumer.get());
        std::erase(consumer->queue->active, consumer.get());
        left.push_back(consumer->queue);
    }
    channel.unacked.forEach([](Ledger::Held& held) { held.consumer = nullptr; });
    channel.consumers.clear();
    giveBack(channel.unacked.takeAll());
    std::ranges::sort(left);
    left.erase(std::ranges::unique(left).begin(), left.end());
    for (MemoryQueue* queue : left) {
        if (queue->spec().isAutoDelete && queue->consumers.empty()) {
            removeQueue(*queue);
        }
    }
    // Deliveries that nobody has read yet are in their queues again.
    std::erase_if(channel.outbox,
                  [](const Outbound& outbound) { return outbound.message && !outbound.isAutoAck; });
    channel.staleTag = channel.lastTag;
}

/// What was delivered with auto-ack and never read is gone.
void MemoryCore::loseUnread(Channel& channel) {
    for (const Outbound& outbound : channel.outbox) {
        if (outbound.message && outbound.isAutoAck) {
            tell(Fate::Lost, *outbound.queue, *outbound.message);
        }
    }
    channel.outbox.clear();
}

void MemoryCore::giveBack(std::vector<Ledger::Held> held) {
    std::vector<MemoryQueue*> queues;
    // Backwards, so that each finds its place at the front.
    for (Ledger::Held& one : held | std::views::reverse) {
        if (!one.queue) {
            continue;
        }
        one.entry.isRedelivered = true;
        tell(Fate::Requeued, one.queue->name(), *one.entry.message);
        one.queue->putBack(std::move(one.entry));
        queues.push_back(one.queue);
    }
    std::ranges::sort(queues);
    queues.erase(std::ranges::unique(queues).begin(), queues.end());
    for (MemoryQueue* queue : queues) {
        dispatch(*queue);
    }
}

void MemoryCore::dropTransient() {
    for (auto it = m_queues.begin(); it != m_queues.end();) {
        MemoryQueue& queue = *it->second;
        const bool stays = queue.spec().isDurable && !queue.spec().isExclusive;
        for (QueueEntry& entry : queue.takeAll()) {
            if (stays && entry.message->properties.isPersistent) {
                queue.push(std::move(entry));
            } else {
                tell(Fate::Lost, queue.name(), *entry.message);
            }
        }
        if (stays) {
            ++it;
            continue;
        }
        m_timers.erase({queue.timerNs, &queue});
        forgetBindings(queue);
        it = m_queues.erase(it);
    }
    std::erase_if(m_exchanges, [](const auto& one) { return !one.second->spec().isDurable; });
}

void MemoryCore::removeQueue(MemoryQueue& queue) {
    for (const QueueEntry& entry : queue.takeAll()) {
        tell(Fate::Purged, queue.name(), *entry.message);
    }
    for (Consumer* consumer : std::vector(queue.consumers)) {
        Channel& channel = *consumer->channel;
        Outbound outbound;
        outbound.event = std::make_unique<Event>(ConsumerCancelled{*consumer->tag});
        post(channel, std::move(outbound));
        channel.unacked.forEach([&](Ledger::Held& held) {
            held.consumer = held.consumer == consumer ? nullptr : held.consumer;
        });
        channel.consumers.erase(channel.consumers.find(*consumer->tag));
    }
    for (const ChannelPtr& channel : m_channels) {
        channel->unacked.forEach([&](Ledger::Held& held) {
            if (held.queue == &queue) {
                tell(Fate::Purged, queue.name(), *held.entry.message);
                held.queue = nullptr;
            }
        });
    }
    m_timers.erase({queue.timerNs, &queue});
    forgetBindings(queue);
    m_queues.erase(queue.name());
}

void MemoryCore::forgetBindings(const MemoryQueue& queue) {
    for (auto it = m_exchanges.begin(); it != m_exchanges.end();) {
        MemoryExchange& exchange = *it->second;
        const bool hadBindings = exchange.hasBindings();
        exchange.unbindAll(queue);
        const bool isDone = exchange.spec().isAutoDelete && hadBindings && !exchange.hasBindings();
        it = isDone ? m_exchanges.erase(it) : std::next(it);
    }
}

std::unexpected<Error> MemoryCore::refuse(Channel& channel, ReplyCode code, std::string_view action,
                                          std::string_view detail) {
    Error error = refusal(code, action, detail);
    endChannel(channel);
    settle();
    return std::unexpected(std::move(error));
}

Result<MemoryQueue*> MemoryCore::findQueue(Channel& channel, const std::string& name,
                                           std::string_view verb) {
    const auto queue = m_queues.find(name);
    const auto action = [&] { return fmt::format("{} queue \"{}\"", verb, name); };
    if (queue == m_queues.end()) {
        return refuse(channel, ReplyCode::NotFound, action(), fmt::format("no queue '{}'", name));
    }
    if (queue->second->owner() && queue->second->owner() != &channel) {
        return refuse(channel, ReplyCode::ResourceLocked, action(),
                      fmt::format("queue '{}' is exclusive to another connection", name));
    }
    return queue->second.get();
}

Result<MemoryExchange*> MemoryCore::findExchange(Channel& channel, const std::string& name,
                                                 std::string_view verb) {
    const auto exchange = m_exchanges.find(name);
    if (exchange == m_exchanges.end()) {
        return refuse(channel, ReplyCode::NotFound, fmt::format("{} exchange \"{}\"", verb, name),
                      fmt::format("no exchange '{}'", name));
    }
    return exchange->second.get();
}

void MemoryCore::post(Channel& channel, Outbound outbound) {
    channel.outbox.push_back(std::move(outbound));
    if (channel.isReaderWaiting) {
        channel.isReaderWaiting = false;
        m_wakes.push_back(channel.shared_from_this());
    }
}

void MemoryCore::tell(Fate fate, std::string_view queue, const Message& message) const {
    if (m_observer) {
        m_observer->onFate({fate, queue, message.exchange, message.key, message.properties});
    }
}

std::string MemoryCore::inventName(std::string_view prefix) {
    return fmt::format("{}{}", prefix, ++m_invented);
}

} // namespace interleave::broker
