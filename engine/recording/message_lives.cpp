// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/message_lives.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace interleave::recording {

namespace {

constexpr bool mayBeDeadLettered(CopyEnd end) {
    return end == CopyEnd::Rejected || end == CopyEnd::Expired || end == CopyEnd::Overflowed;
}

constexpr CopyEnd endBy(MessageStep step) {
    switch (step) {
    case MessageStep::Acked:
        return CopyEnd::Acked;
    case MessageStep::Rejected:
        return CopyEnd::Rejected;
    case MessageStep::Expired:
        return CopyEnd::Expired;
    case MessageStep::Overflowed:
        return CopyEnd::Overflowed;
    default:
        return CopyEnd::Lost;
    }
}

/// Follows the events of one message in one queue.
class CopyWalk {
public:
    explicit CopyWalk(MessageLives& lives)
        : m_lives(lives) {}

    void begin(std::optional<Nanoseconds> publishedNs) {
        m_publishedNs = publishedNs;
        m_hasCopy = false;
    }

    void take(const MessageEvent& event) {
        if (m_hasCopy && event.task && copy().task.isNone()) {
            copy().task = event.task;
        }
        switch (event.step) {
        case MessageStep::Queued:
        case MessageStep::DeadLettered:
            arrive(event);
            break;
        case MessageStep::Delivered:
            deliver(event);
            break;
        case MessageStep::Requeued:
            requeue(event);
            break;
        case MessageStep::Lost:
            lose(event);
            break;
        default:
            end(event);
            break;
        }
    }

private:
    MessageCopy& copy() { return m_lives.copies.back(); }
    MessageDelivery& delivery() { return m_lives.deliveries.back(); }
    bool isOpen() { return m_hasCopy && !copy().isOver(); }
    bool isHeld() { return isOpen() && copy().end == CopyEnd::StillUnacked; }

    void add(const MessageEvent& event, Nanoseconds queuedNs) {
        m_lives.copies.push_back({.message = event.message,
                                  .queue = event.object,
                                  .task = event.task,
                                  .queuedNs = queuedNs,
                                  .firstDelivery = m_lives.deliveries.size()});
        m_readySinceNs = queuedNs;
        m_hasCopy = true;
    }

    void arrive(const MessageEvent& event) {
        if (isOpen()) {
            ++m_lives.repeated;
            return;
        }
        add(event, event.timeNs);
    }

    void deliver(const MessageEvent& event) {
        if (isHeld()) {
            // Nobody said that the one before gave it back: it was killed, or its connection cut.
            m_lives.repeated += event.isRedelivered ? 0 : 1;
            giveBack(event.timeNs, {});
        } else if (m_hasCopy && copy().isOver() && event.isRedelivered) {
            reopen(event.timeNs); // the broker never heard of the end
        } else if (!isOpen()) {
            // Where it was routed is not known to every publisher.
            const bool isFirst = !m_hasCopy;
            m_lives.unpaired += isFirst ? 0 : 1;
            add(event,
                isFirst && m_publishedNs ? std::min(*m_publishedNs, event.timeNs) : event.timeNs);
        }
        const bool isRedelivered = event.isRedelivered || copy().deliveryCount != 0;
        m_lives.deliveries.push_back({.readySinceNs = m_readySinceNs,
                                      .timeNs = event.timeNs,
                                      .worker = event.worker,
                                      .isRedelivered = isRedelivered});
        ++copy().deliveryCount;
        copy().end = CopyEnd::StillUnacked;
    }

    void giveBack(Nanoseconds ns, WorkerId by) {
        delivery().end = MessageStep::Requeued;
        delivery().endNs = ns;
        delivery().endedBy = by;
        copy().end = CopyEnd::StillQueued;
        m_readySinceNs = ns;
    }

    void reopen(Nanoseconds ns) {
        MessageCopy& again = copy();
        const Nanoseconds since = std::min(again.endNs, ns);
        again.end = CopyEnd::StillQueued;
        again.endNs = again.lostNs = kStillThere;
        again.isAcked = false;
        m_readySinceNs = since;
        if (again.deliveryCount != 0) {
            delivery().end = MessageStep::Requeued;
        }
    }

    void requeue(const MessageEvent& event) {
        if (isHeld()) {
            giveBack(event.timeNs, event.worker);
        } else {
            ++(m_hasCopy ? m_lives.repeated : m_lives.unpaired);
        }
    }

    void lose(const MessageEvent& event) {
        if (m_hasCopy && copy().end == CopyEnd::Acked) {
            copy().end = CopyEnd::Lost;
            copy().lostNs = event.timeNs;
            return;
        }
        end(event);
        if (m_hasCopy && copy().end == CopyEnd::Lost) {
            copy().lostNs = std::min(copy().lostNs, event.timeNs);
        }
    }

    void end(const MessageEvent& event) {
        const bool needsDelivery =
            event.step == MessageStep::Acked || event.step == MessageStep::Rejected;
        if (!isOpen()) {
            if (m_hasCopy && event.step != MessageStep::Overflowed) {
                ++m_lives.repeated;
                return;
            }
            // A full queue refuses what never lay in it, and who loses a message need not have it.
            m_lives.unpaired +=
                event.step == MessageStep::Overflowed || event.step == MessageStep::Lost ? 0 : 1;
            add(event, event.timeNs);
        } else if (isHeld()) {
            delivery().end = event.step;
            delivery().endNs = event.timeNs;
            delivery().endedBy = event.worker;
        } else {
            m_lives.unpaired += needsDelivery ? 1 : 0;
        }
        copy().end = endBy(event.step);
        copy().endNs = event.timeNs;
        copy().isAcked = event.step == MessageStep::Acked;
    }

    MessageLives& m_lives;
    std::optional<Nanoseconds> m_publishedNs;
    Nanoseconds m_readySinceNs = 0;
    bool m_hasCopy = false; // the last copy is one of this message in this queue
};

/// Of one message: which copy goes on in which other, after its end.
class DeadLetters {
public:
    void arrive(std::size_t copy) { m_arrivals.push_back(copy); }

    void connect(MessageLives& lives, std::size_t first) {
        if (m_arrivals.empty()) {
            return;
        }
        m_ends.clear();
        for (std::size_t i = first; i < lives.copies.size(); ++i) {
            if (mayBeDeadLettered(lives.copies[i].end)) {
                m_ends.push_back(i);
            }
        }
        std::ranges::stable_sort(m_ends, {}, [&](std::size_t i) { return lives.copies[i].endNs; });
        for (const std::size_t arrival : m_arrivals) {
            const auto after =
                std::ranges::upper_bound(m_ends, lives.copies[arrival].queuedNs, {},
                                         [&](std::size_t i) { return lives.copies[i].endNs; });
            for (auto end = after; end != m_ends.begin();) {
                --end;
                if (*end != arrival) {
                    lives.copies[arrival].origin = *end;
                    break;
                }
            }
        }
        for (const std::size_t arrival : m_arrivals) {
            if (const auto origin = lives.copies[arrival].origin) {
                MessageCopy& ended = lives.copies[*origin];
                if (!ended.whyDeadLettered) {
                    ended.whyDeadLettered = ended.end == CopyEnd::Rejected ? MessageStep::Rejected
                                            : ended.end == CopyEnd::Expired
                                                ? MessageStep::Expired
                                                : MessageStep::Overflowed;
                }
                ended.end = CopyEnd::DeadLettered;
            }
        }
        m_arrivals.clear();
    }

private:
    std::vector<std::size_t> m_arrivals;
    std::vector<std::size_t> m_ends;
};

} // namespace

std::string_view nameOf(CopyEnd end) {
    constexpr std::array<std::string_view, 8> kNames{"still queued",  "still unacked", "acked",
                                                     "dead-lettered", "rejected",      "expired",
                                                     "overflowed",    "lost"};
    return kNames[static_cast<std::size_t>(end)];
}

bool isInQueue(MessageStep step) {
    return step >= MessageStep::Queued;
}

std::vector<std::uint32_t> byMessageAndQueue(std::span<const MessageEvent> events) {
    const auto keyOf = [&](std::uint32_t i) {
        const MessageEvent& event = events[i];
        return std::uint64_t{event.message} << 32 |
               (isInQueue(event.step) ? event.object.value : 0);
    };
    // Keys beside the indices: a sort that looks each up in the table misses the cache each time.
    std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed(events.size());
    for (std::uint32_t i = 0; i < keyed.size(); ++i) {
        keyed[i] = {keyOf(i), i};
    }
    std::ranges::sort(keyed);
    std::vector<std::uint32_t> order(events.size());
    std::ranges::transform(keyed, order.begin(), [](const auto& entry) { return entry.second; });
    return order;
}

MessageLives MessageLives::of(std::span<const MessageEvent> events) {
    MessageLives lives;
    const std::vector<std::uint32_t> order = byMessageAndQueue(events);
    CopyWalk walk(lives);
    DeadLetters deadLetters;
    for (std::size_t i = 0; i < order.size();) {
        const std::uint32_t message = events[order[i]].message;
        const std::size_t firstCopy = lives.copies.size();
        std::optional<Nanoseconds> publishedNs;
        ObjectId queue{};
        bool hasQueue = false;
        for (; i < order.size() && events[order[i]].message == message; ++i) {
            const MessageEvent& event = events[order[i]];
            if (!isInQueue(event.step)) {
                if (event.step == MessageStep::Published && !publishedNs) {
                    publishedNs = event.timeNs;
                }
                continue;
            }
            if (!hasQueue || event.object != queue) {
                queue = event.object;
                hasQueue = true;
                walk.begin(publishedNs);
            }
            const std::size_t before = lives.copies.size();
            walk.take(event);
            if (event.step == MessageStep::DeadLettered && lives.copies.size() > before) {
                deadLetters.arrive(before);
            }
        }
        deadLetters.connect(lives, firstCopy);
    }
    return lives;
}

} // namespace interleave::recording
