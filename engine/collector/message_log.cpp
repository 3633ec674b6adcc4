// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/message_log.h"

#include "engine/collector/message_order.h"
#include "engine/recording/message_lives.h"

#include <algorithm>
#include <optional>
#include <tbb/parallel_sort.h>

namespace interleave::collector {

using record::EventKind;
using recording::MessageEvent;
using recording::MessageStep;

namespace {

std::optional<MessageStep> stepOf(const TimedEvent& event) {
    switch (event.kind) {
    case EventKind::MessagePublished:
        return MessageStep::Published;
    case EventKind::MessageRouted:
        return MessageStep::Queued;
    case EventKind::MessageDelivered:
        return MessageStep::Delivered;
    case EventKind::MessageAcked:
        return MessageStep::Acked;
    case EventKind::MessageRequeued:
        return MessageStep::Requeued;
    case EventKind::MessageRejected:
        return MessageStep::Rejected;
    case EventKind::MessageExpired:
        return MessageStep::Expired;
    case EventKind::MessageOverflowed:
        return MessageStep::Overflowed;
    case EventKind::MessageDeadLettered:
        return MessageStep::DeadLettered;
    case EventKind::MessageUnroutable:
        return event.b == 0 ? MessageStep::Unroutable : MessageStep::Returned;
    case EventKind::MessageConfirmed:
        return event.b == 0 ? MessageStep::Refused : MessageStep::Confirmed;
    case EventKind::MessageLost:
        return MessageStep::Lost;
    default:
        return std::nullopt;
    }
}

/// What a control thread tells because it hears of it, not because it does it.
bool isHearsay(MessageStep step) {
    switch (step) {
    case MessageStep::Published:
    case MessageStep::Confirmed:
    case MessageStep::Refused:
    case MessageStep::Delivered:
    case MessageStep::Acked:
        return false;
    default:
        return true;
    }
}

/// The object that a step names, if it names the right kind.
std::optional<ObjectId> objectOf(const TimedEvent& event, MessageStep step,
                                 const Manifest& manifest) {
    const bool isPublished = step == MessageStep::Published;
    if (!isPublished && !recording::isInQueue(step)) {
        return ObjectId{};
    }
    const ObjectId object{event.b & ~record::kRedelivered};
    if (object.isNone() && isPublished) {
        return object; // the default exchange
    }
    if (object.isNone() || object.value > manifest.objects.size()) {
        return std::nullopt;
    }
    const std::string& kind = manifest.objects[object.value - 1].kind;
    const bool isRight =
        isPublished ? recording::isExchangeKind(kind) : kind == recording::kMessageQueueKind;
    return isRight ? std::optional(object) : std::nullopt;
}

std::uint64_t keyOf(const MessageEvent& event) {
    return std::uint64_t{event.message} << 32 |
           (recording::isInQueue(event.step) ? event.object.value : 0);
}

/// Sorts by message, queue and time; of one thread, what happened at once stays in order.
void sortByMessage(std::vector<MessageEvent>& events) {
    struct Entry {
        std::uint64_t key;
        Nanoseconds ns;
        std::uint32_t index;
        auto operator<=>(const Entry&) const = default;
    };
    std::vector<Entry> entries(events.size());
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        entries[i] = {keyOf(events[i]), events[i].timeNs, i};
    }
    tbb::parallel_sort(entries.begin(), entries.end());
    std::vector<MessageEvent> sorted(events.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        sorted[i] = events[entries[i].index];
    }
    events = std::move(sorted);
}

} // namespace

MessageLog MessageLog::build(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                             const Manifest& manifest, Oddities& oddities) {
    MessageLog log;
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        const WorkerThread* const thread = workers.ofStream(i);
        if (thread == nullptr) {
            continue;
        }
        for (const TimedEvent& event : streams[i].events) {
            if (event.kind == EventKind::MessageCarries) {
                if (event.a == 0 || event.b == 0 || event.b > manifest.tasks.size()) {
                    ++oddities.unknownIds;
                    continue;
                }
                log.m_carried.push_back({event.a, {}, TaskId{event.b}, thread->id, event.ns});
                continue;
            }
            const auto step = stepOf(event);
            if (!step) {
                continue;
            }
            const auto object = objectOf(event, *step, manifest);
            if (!object || event.a == 0) {
                ++oddities.unknownIds;
                continue;
            }
            const bool isRedelivered =
                *step == MessageStep::Delivered && (event.b & record::kRedelivered) != 0;
            log.m_events.push_back(
                {.timeNs = event.ns,
                 .message = event.a,
                 .step = *step,
                 .isRedelivered = isRedelivered,
                 .object = *object,
                 .worker = isHearsay(*step) && thread->isControl ? WorkerId{} : thread->id});
        }
    }
    sortByMessage(log.m_events);
    log.assignTasks();
    for (std::size_t i = 0; i < log.m_events.size();) {
        const std::size_t first = i;
        const std::uint32_t message = log.m_events[i].message;
        while (i < log.m_events.size() && log.m_events[i].message == message) {
            ++i;
        }
        oddities.lateMessages += orderMessage(std::span(log.m_events).subspan(first, i - first));
    }
    return log;
}

void MessageLog::assignTasks() {
    std::ranges::stable_sort(m_carried, {}, [](const Carried& carried) {
        return std::pair(carried.message, carried.ns);
    });
    auto event = m_events.begin();
    for (auto first = m_carried.begin(); first != m_carried.end();) {
        const std::uint32_t message = first->message;
        const auto end = std::find_if(first, m_carried.end(),
                                      [&](const Carried& each) { return each.message != message; });
        event = std::lower_bound(
            event, m_events.end(), message,
            [](const MessageEvent& each, std::uint32_t wanted) { return each.message < wanted; });
        const auto last = std::find_if(event, m_events.end(), [&](const MessageEvent& each) {
            return each.message != message;
        });
        assignTasks(std::span(event, last), std::span(first, end));
        event = last;
        first = end;
    }
}

/// Who has a copy tells what it carries; whoever else tells speaks of all copies.
void MessageLog::assignTasks(std::span<MessageEvent> events, std::span<Carried> carried) {
    const auto inQueues = std::ranges::find_if(
        events, [](const MessageEvent& event) { return recording::isInQueue(event.step); });
    const bool isInSeveral = inQueues != events.end() && inQueues->object != events.back().object;
    if (isInSeveral) {
        std::vector<const MessageEvent*> deliveries;
        for (auto event = inQueues; event != events.end(); ++event) {
            if (event->step == MessageStep::Delivered) {
                deliveries.push_back(&*event);
            }
        }
        const auto byWorker = [](const MessageEvent* event) {
            return std::pair(event->worker, event->timeNs);
        };
        std::ranges::stable_sort(deliveries, {}, byWorker);
        for (Carried& each : carried) {
            const auto after =
                std::ranges::upper_bound(deliveries, std::pair(each.worker, each.ns), {}, byWorker);
            if (after != deliveries.begin() && (*std::prev(after))->worker == each.worker) {
                each.queue = (*std::prev(after))->object;
            }
        }
    }
    std::ranges::stable_sort(carried, {}, &Carried::queue);
    const auto taskIn = [&](ObjectId queue) {
        const auto own = std::ranges::lower_bound(carried, queue, {}, &Carried::queue);
        if (own != carried.end() && own->queue == queue) {
            return own->task;
        }
        return carried.front().queue.isNone() ? carried.front().task : TaskId{};
    };
    ObjectId queue{};
    TaskId task = taskIn({});
    for (MessageEvent& event : events) {
        if (recording::isInQueue(event.step) && event.object != queue) {
            queue = event.object;
            task = taskIn(queue);
        }
        if (event.step != MessageStep::Published) {
            event.task = task;
        }
    }
}

recording::Restarts MessageLog::restarts() const {
    recording::Restarts restarts;
    auto carried = m_carried.begin();
    bool wasDelivered = false; // the message in this queue, before
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        const MessageEvent& event = m_events[i];
        wasDelivered = wasDelivered && keyOf(m_events[i - 1]) == keyOf(event);
        const bool isDelivery = event.step == MessageStep::Delivered;
        const bool isAgain = isDelivery && (event.isRedelivered || wasDelivered);
        wasDelivered = wasDelivered || isDelivery;
        if (!isAgain && event.step != MessageStep::Requeued) {
            continue;
        }
        carried = std::lower_bound(
            carried, m_carried.end(), event.message,
            [](const Carried& each, std::uint32_t wanted) { return each.message < wanted; });
        for (auto each = carried; each != m_carried.end() && each->message == event.message;
             ++each) {
            if (each->queue.isNone() || each->queue == event.object) {
                restarts.add(each->task, event.timeNs);
            }
        }
    }
    restarts.sort();
    return restarts;
}

std::vector<MessageEvent> MessageLog::take(const Occupancy& occupancy,
                                           std::span<const MessageEvent> earlier) {
    const auto publisherOf = [&](const MessageEvent& event) {
        if (const TaskId task = occupancy.taskAt(event.worker, event.timeNs)) {
            return task;
        }
        const auto atOnce = std::ranges::equal_range(
            earlier, event.timeNs, {}, [](const MessageEvent& e) { return e.timeNs; });
        const auto known = std::ranges::find_if(atOnce, [&](const MessageEvent& each) {
            return each.message == event.message && each.step == MessageStep::Published;
        });
        return known == atOnce.end() ? TaskId{} : known->task;
    };
    for (MessageEvent& event : m_events) {
        if (event.step == MessageStep::Published) {
            event.task = publisherOf(event);
        }
    }
    std::vector<MessageEvent> events = std::move(m_events);
    std::ranges::stable_sort(events, {}, [](const MessageEvent& event) { return event.timeNs; });
    return events;
}

} // namespace interleave::collector
