// SPDX-License-Identifier: GPL-3.0-or-later
// MemoryCore: from queues to consumers and back.
#include "engine/broker/memory_core.h"
#include "engine/broker/wait.h"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

namespace interleave::broker {

void MemoryCore::dispatch(MemoryQueue& queue, bool isFresh) {
    const Nanoseconds nowNs = queue.mayExpire() && !isFresh ? steadyNow() : 0;
    while (!queue.active.empty() && !queue.isEmpty()) {
        if (queue.front().expiresNs < nowNs) {
            die(queue, queue.pop(), Fate::Expired);
            continue;
        }
        Consumer& consumer = *queue.active.front();
        queue.active.pop_front();
        if (!consumer.hasCredit()) {
            consumer.isBlocked = true;
            continue;
        }
        queue.active.push_back(&consumer);
        deliver(queue, consumer);
    }
    expireHeads(queue);
}

void MemoryCore::deliver(MemoryQueue& queue, Consumer& consumer) {
    Channel& channel = *consumer.channel;
    QueueEntry entry = queue.pop();
    Outbound outbound;
    outbound.message = entry.message;
    outbound.consumer = consumer.tag;
    outbound.queue = queue.sharedName();
    outbound.tag = ++channel.lastTag;
    outbound.isRedelivered = entry.isRedelivered;
    outbound.isAutoAck = consumer.isAutoAck;
    if (!consumer.isAutoAck) {
        ++consumer.unacked;
        channel.unacked.hold(outbound.tag, {&queue, &consumer, std::move(entry)});
    }
    post(channel, std::move(outbound));
}

Result<std::string> MemoryCore::consume(Channel& channel, const std::string& name,
                                        const ConsumeOptions& options) {
    auto found = findQueue(channel, name, "consume from");
    if (!found) {
        return std::unexpected(found.error());
    }
    MemoryQueue& queue = **found;
    const auto hasExclusive = std::ranges::any_of(queue.consumers, &Consumer::isExclusive);
    if (hasExclusive || (options.isExclusive && !queue.consumers.empty())) {
        return refuse(channel, ReplyCode::AccessRefused,
                      fmt::format("consume from queue \"{}\"", name),
                      fmt::format("queue '{}' in exclusive use", name));
    }
    const std::string tag = options.tag.empty() ? inventName("amq.ctag-") : options.tag;
    if (channel.consumers.contains(tag)) {
        return refuse(channel, ReplyCode::PreconditionFailed,
                      fmt::format("consume from queue \"{}\"", name),
                      fmt::format("attempt to reuse consumer tag '{}'", tag));
    }
    auto consumer = std::make_unique<Consumer>();
    consumer->tag = std::make_shared<const std::string>(tag);
    consumer->queue = &queue;
    consumer->channel = &channel;
    consumer->prefetch = channel.prefetch;
    consumer->isAutoAck = options.isAutoAck;
    consumer->isExclusive = options.isExclusive;
    queue.consumers.push_back(consumer.get());
    queue.active.push_back(consumer.get());
    queue.hadConsumer = true;
    channel.consumers.emplace(tag, std::move(consumer));
    dispatch(queue);
    settle();
    return tag;
}

void MemoryCore::cancel(Channel& channel, const std::string& tag) {
    const auto found = channel.consumers.find(tag);
    if (found == channel.consumers.end()) {
        return; // as brokers have it
    }
    Consumer& consumer = *found->second;
    MemoryQueue& queue = *consumer.queue;
    std::erase(queue.consumers, &consumer);
    std::erase(queue.active, &consumer);
    // What it holds stays to be acknowledged.
    channel.unacked.forEach([&](Ledger::Held& held) {
        held.consumer = held.consumer == &consumer ? nullptr : held.consumer;
    });
    channel.consumers.erase(found);
    if (queue.spec().isAutoDelete && queue.consumers.empty()) {
        removeQueue(queue);
    }
}

Result<std::vector<Ledger::Held>> MemoryCore::release(Channel& channel, std::uint64_t tag,
                                                      bool isMultiple, std::string_view action) {
    std::vector<Ledger::Held> released;
    if (tag == 0 && isMultiple) {
        released = channel.unacked.takeAll();
    } else if (channel.unacked.find(tag)) {
        released = channel.unacked.take(tag, isMultiple);
    } else if (tag == 0 || tag > channel.staleTag) {
        return refuse(channel, ReplyCode::PreconditionFailed, action,
                      fmt::format("unknown delivery tag {}", tag));
    }
    for (const Ledger::Held& held : released) {
        Consumer* consumer = held.consumer;
        if (!consumer) {
            continue;
        }
        --consumer->unacked;
        if (consumer->isBlocked && consumer->hasCredit()) {
            consumer->isBlocked = false;
            consumer->queue->active.push_back(consumer);
        }
    }
    return released;
}

Result<void> MemoryCore::ack(Channel& channel, std::uint64_t tag, bool isMultiple) {
    const auto released = release(channel, tag, isMultiple, "acknowledge");
    if (!released) {
        return std::unexpected(released.error());
    }
    for (const Ledger::Held& held : *released) {
        if (held.queue && !held.queue->isEmpty() && !held.queue->active.empty()) {
            dispatch(*held.queue);
        }
    }
    settle();
    return {};
}

Result<void> MemoryCore::reject(Channel& channel, std::uint64_t tag, bool isRequeued,
                                bool isMultiple) {
    auto released = release(channel, tag, isMultiple, "reject");
    if (!released) {
        return std::unexpected(released.error());
    }
    if (isRequeued) {
        giveBack(std::move(*released));
    } else {
        for (const Ledger::Held& held : *released) {
            if (held.queue) {
                die(*held.queue, held.entry, Fate::Rejected);
                dispatch(*held.queue);
            }
        }
    }
    settle();
    return {};
}

Result<std::optional<Delivery>> MemoryCore::get(Channel& channel, const std::string& name,
                                                bool isAutoAck) {
    auto found = findQueue(channel, name, "get from");
    if (!found) {
        return std::unexpected(found.error());
    }
    MemoryQueue& queue = **found;
    expireHeads(queue);
    settle();
    if (queue.isEmpty()) {
        return std::optional<Delivery>{};
    }
    QueueEntry entry = queue.pop();
    setTimer(queue);
    const Message& message = *entry.message;
    Delivery delivery{{},          ++channel.lastTag,  entry.isRedelivered, message.exchange,
                      message.key, message.properties, message.body,        message.deaths};
    if (!isAutoAck) {
        channel.unacked.hold(delivery.tag, {&queue, nullptr, std::move(entry)});
    }
    return std::optional(std::move(delivery));
}

} // namespace interleave::broker
