// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/message_order.h"

#include "engine/recording/message_lives.h"
#include "engine/recording/restarts.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace interleave::collector {

using recording::isInQueue;
using recording::kMostDisorderNs;
using recording::MessageEvent;
using recording::MessageStep;

namespace {

// A step that was told late comes soon after the ones that need it, or never.
constexpr std::size_t kLookAhead = 16;

enum class Place : std::uint8_t { Nowhere, Ready, Held };

constexpr bool isArrival(MessageStep step) {
    return step == MessageStep::Queued || step == MessageStep::DeadLettered;
}
constexpr bool isEndInQueue(MessageStep step) {
    return step == MessageStep::Expired || step == MessageStep::Overflowed ||
           step == MessageStep::Lost;
}
constexpr bool isEndOfDelivery(MessageStep step) {
    return step == MessageStep::Acked || step == MessageStep::Rejected || step == MessageStep::Lost;
}
constexpr bool mayBeDeadLettered(MessageStep step) {
    return step == MessageStep::Rejected || step == MessageStep::Expired ||
           step == MessageStep::Overflowed;
}

constexpr Place after(MessageStep step) {
    if (isArrival(step) || step == MessageStep::Requeued) {
        return Place::Ready;
    }
    return step == MessageStep::Delivered ? Place::Held : Place::Nowhere;
}

/// Whether a step can come next.
constexpr bool fits(Place place, MessageStep step) {
    switch (place) {
    case Place::Nowhere:
        return isArrival(step) || step == MessageStep::Overflowed || step == MessageStep::Lost;
    case Place::Ready:
        return step == MessageStep::Delivered || isEndInQueue(step);
    case Place::Held:
        return isEndOfDelivery(step) || step == MessageStep::Requeued;
    }
    return true;
}

/// The events of one queue.
class QueueOrder {
public:
    explicit QueueOrder(std::span<MessageEvent> events)
        : m_events(events) {}

    void reorder() {
        Place place = Place::Nowhere;
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            if (!fits(place, m_events[i].step)) {
                if (const auto earlier = missingBefore(i, place)) {
                    const auto from = m_events.begin() + static_cast<std::ptrdiff_t>(i);
                    const auto to = m_events.begin() + static_cast<std::ptrdiff_t>(*earlier);
                    std::rotate(from, to, to + 1);
                }
            }
            place = after(m_events[i].step);
        }
    }

    /// Nothing before `floor`, nothing before what it follows.
    std::uint64_t moveUp(Nanoseconds floor, std::size_t first = 0) {
        std::uint64_t moved = 0;
        bool isFar = false;
        for (MessageEvent& event : m_events.subspan(first)) {
            const bool wasFar = isFar; // what follows is moved with it, and is no further oddity
            isFar = floor > event.timeNs && floor - event.timeNs > kMostDisorderNs;
            moved += isFar && !wasFar ? 1U : 0U;
            floor = event.timeNs = std::max(event.timeNs, floor);
        }
        return moved;
    }

    std::span<MessageEvent> events() const { return m_events; }

private:
    /// The step that was told later although the one at `index` needs it.
    std::optional<std::size_t> missingBefore(std::size_t index, Place place) const {
        const std::size_t end = std::min(m_events.size(), index + kLookAhead);
        // The first step of all needs an arrival, however late it was told.
        const Nanoseconds latest = index == 0 ? std::numeric_limits<Nanoseconds>::max()
                                              : m_events[index].timeNs + kMostDisorderNs;
        for (std::size_t i = index + 1; i < end && m_events[i].timeNs <= latest; ++i) {
            const MessageStep step = m_events[i].step;
            if (fits(place, step) && fits(after(step), m_events[index].step) &&
                (place != Place::Nowhere || isArrival(step))) {
                return i;
            }
        }
        return std::nullopt;
    }

    std::span<MessageEvent> m_events;
};

/// Arrivals by a dead-letter exchange follow an end in another queue, or an earlier one in the
/// same.
std::uint64_t orderDeadLetters(std::vector<QueueOrder>& queues) {
    std::vector<Nanoseconds> ends;
    struct Arrival {
        Nanoseconds ns;
        std::size_t queue;
        std::size_t index;
    };
    std::vector<Arrival> arrivals;
    for (std::size_t q = 0; q < queues.size(); ++q) {
        const auto events = queues[q].events();
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (mayBeDeadLettered(events[i].step)) {
                ends.push_back(events[i].timeNs);
            } else if (events[i].step == MessageStep::DeadLettered) {
                arrivals.push_back({events[i].timeNs, q, i});
            }
        }
    }
    std::ranges::sort(ends);
    std::ranges::sort(arrivals, {}, &Arrival::ns);
    std::uint64_t moved = 0;
    for (const Arrival& arrival : arrivals) {
        // One end may lead into several queues, and the next may come soon: the nearer one is it.
        const auto next = std::ranges::upper_bound(ends, arrival.ns);
        const bool isNextNearer =
            next != ends.end() &&
            (next == ends.begin() || *next - arrival.ns < arrival.ns - *std::prev(next));
        if (isNextNearer && *next - arrival.ns <= kMostDisorderNs) {
            moved += queues[arrival.queue].moveUp(*next, arrival.index);
        }
    }
    return moved;
}

} // namespace

std::uint64_t orderMessage(std::span<MessageEvent> events) {
    const auto inQueues = std::ranges::find_if(
        events, [](const MessageEvent& event) { return isInQueue(event.step); });
    Nanoseconds published = std::numeric_limits<Nanoseconds>::min();
    bool isDeadLettered = false;
    for (const MessageEvent& event : events) {
        const bool isFirst = published == std::numeric_limits<Nanoseconds>::min();
        if (event.step == MessageStep::Published && isFirst) {
            published = event.timeNs;
        }
        isDeadLettered = isDeadLettered || event.step == MessageStep::DeadLettered;
    }
    std::uint64_t moved = 0;
    for (auto event = events.begin(); event != inQueues; ++event) {
        event->timeNs = std::max(event->timeNs, published);
    }
    std::vector<QueueOrder> queues;
    for (auto first = inQueues; first != events.end();) {
        const auto end = std::find_if(first, events.end(), [&](const MessageEvent& event) {
            return event.object != first->object;
        });
        QueueOrder queue(std::span(first, end));
        queue.reorder();
        moved += queue.moveUp(published);
        if (isDeadLettered) {
            queues.push_back(queue);
        }
        first = end;
    }
    return isDeadLettered ? moved + orderDeadLetters(queues) : moved;
}

} // namespace interleave::collector
