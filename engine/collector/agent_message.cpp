// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/agent_message.h"

namespace interleave::collector {

using record::Event;
using record::EventKind;

namespace {

/// What the a and b words of an event mean.
enum class Words : std::uint8_t {
    None,
    Exchange, // a message, an exchange or 0
    Queue,    // a message, a queue and marks
    Answer,   // a message, yes or no
    Task,     // a message, a task
    Consumer, // a number, a queue
};

constexpr Words wordsOf(EventKind kind) {
    switch (kind) {
    case EventKind::MessagePublished:
        return Words::Exchange;
    case EventKind::MessageRouted:
    case EventKind::MessageDelivered:
    case EventKind::MessageAcked:
    case EventKind::MessageRequeued:
    case EventKind::MessageRejected:
    case EventKind::MessageExpired:
    case EventKind::MessageOverflowed:
    case EventKind::MessageDeadLettered:
    case EventKind::MessageLost:
        return Words::Queue;
    case EventKind::MessageUnroutable:
    case EventKind::MessageConfirmed:
        return Words::Answer;
    case EventKind::MessageCarries:
        return Words::Task;
    case EventKind::ConsumerBegan:
    case EventKind::ConsumerEnded:
        return Words::Consumer;
    default:
        return Words::None;
    }
}

} // namespace

bool isOfBroker(EventKind kind) {
    return wordsOf(kind) != Words::None;
}

std::optional<Event> brokerEventInSession(const AgentProcess& process, const Event& event) {
    const Words words = wordsOf(event.kind());
    Event known = event;
    if (words != Words::Consumer) {
        known.a = process.message(event.a);
        if (known.a == 0) {
            return std::nullopt;
        }
    }
    if (words == Words::Answer || (words == Words::Exchange && event.b == 0)) {
        return known;
    }
    const std::uint32_t marks = words == Words::Queue ? event.b & record::kRedelivered : 0;
    const std::uint32_t number =
        words == Words::Task ? process.task(event.b) : process.object(event.b & ~marks);
    known.b = number | marks;
    return number != 0 ? std::optional(known) : std::nullopt;
}

} // namespace interleave::collector
