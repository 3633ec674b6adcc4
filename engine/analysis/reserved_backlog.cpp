// SPDX-License-Identifier: GPL-3.0-or-later
// One sweep over time: how many consumers have reserved tasks, and which one if it is a single one,
// tells for all workers at once whether they starve. Each keeps only what the clock of starving
// showed when its idle time began.
#include "engine/analysis/reserved_backlog.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

namespace interleave::analysis {

using recording::kStillThere;
using recording::MessageCopy;
using recording::MessageDelivery;
using recording::MessageLives;
using recording::Recording;
using recording::TrackKind;

namespace {

constexpr std::uint32_t kNobody = 0;

enum class Change : std::uint8_t { ReserveEnds, IdleEnds, ReserveBegins, IdleBegins };

struct Moment {
    Nanoseconds ns = 0;
    Change change = Change::IdleBegins;
    std::uint32_t who = 0; // a consumer's id, or an index of a worker
    auto operator<=>(const Moment&) const = default;
};

/// The time that has passed while others than a given consumer had reserved tasks.
class StarvingClock {
public:
    explicit StarvingClock(std::size_t consumers)
        : m_reserved(consumers + 1)
        , m_aloneNs(consumers + 1) {}

    void advance(Nanoseconds to) {
        const Nanoseconds passed = to - m_now;
        if (m_holders > 0) {
            m_anybodyNs += passed;
        }
        if (m_holders == 1) {
            m_aloneNs[m_sumOfHolders] += passed;
        }
        m_now = to;
    }
    std::uint32_t change(std::uint32_t consumer, bool isBegin) {
        std::uint32_t& own = m_reserved[consumer];
        const bool changes = isBegin ? own++ == 0 : --own == 0;
        if (changes) {
            m_holders += isBegin ? 1 : -1;
            m_sumOfHolders += isBegin ? consumer : 0 - consumer;
        }
        return own;
    }
    Nanoseconds of(std::uint32_t consumer) const { return m_anybodyNs - m_aloneNs[consumer]; }

private:
    std::vector<std::uint32_t> m_reserved; // by consumer; 0 is nobody
    std::vector<Nanoseconds> m_aloneNs;    // while it was the only one
    Nanoseconds m_now = 0;
    Nanoseconds m_anybodyNs = 0;
    int m_holders = 0;
    std::uint32_t m_sumOfHolders = 0; // of one it is its id
};

class Backlog {
public:
    Backlog(const Recording& recording, const MessageLives& lives)
        : m_recording(recording)
        , m_lives(lives)
        , m_consumerOf(recording.workers.size() + 1, kNobody)
        , m_delivered(recording.workers.size() + 1, 0)
        , m_isDispatcher(recording.workers.size() + 1, false) {}

    ReservedBacklog build() {
        findDeliveries();
        if (m_window.isEmpty()) {
            return {};
        }
        findExecutors();
        chooseWorkers();
        addIdleTimes();
        sweep();
        return std::move(m_result);
    }

private:
    template <class Use>
    void forEachDelivery(Use&& use) const {
        for (const MessageCopy& copy : m_lives.copies) {
            for (const MessageDelivery& delivery : m_lives.deliveriesOf(copy)) {
                if (delivery.worker && delivery.worker.value <= m_recording.workers.size()) {
                    use(copy, delivery);
                }
            }
        }
    }

    /// When messages were held at all, and of the task of each when it was reserved.
    void findDeliveries() {
        Nanoseconds first = std::numeric_limits<Nanoseconds>::max();
        Nanoseconds last = std::numeric_limits<Nanoseconds>::min();
        forEachDelivery([&](const MessageCopy& copy, const MessageDelivery& delivery) {
            const Nanoseconds end = std::min(delivery.endNs, m_recording.range.endNs);
            first = std::min(first, delivery.timeNs);
            last = std::max(last, end);
            ++m_delivered[delivery.worker.value];
            const auto track =
                copy.task ? m_recording.trackOf(TrackKind::Task, copy.task.value) : std::nullopt;
            if (!track || end <= delivery.timeNs) {
                return;
            }
            const recording::SpanColumns& spans = m_recording.track(*track).spans;
            spans.forEachIn({delivery.timeNs, end}, [&](std::size_t i) {
                if (spans.state[i] == State::Reserved) {
                    const TimeRange range = spans.rangeAt(i).intersected({delivery.timeNs, end});
                    addRange(range, delivery.worker.value, Change::ReserveBegins,
                             Change::ReserveEnds);
                }
            });
        });
        m_window = first < last ? TimeRange{first, last} : TimeRange{};
    }

    /// When somebody else got it, if anybody: until then what was delivered is done by the consumer
    /// or on its behalf, also after it was acknowledged.
    Nanoseconds untilNextOf(const MessageCopy& copy, const MessageDelivery& delivery) const {
        const auto all = m_lives.deliveriesOf(copy);
        const std::size_t next = static_cast<std::size_t>(&delivery - all.data()) + 1;
        return next < all.size() ? all[next].timeNs : m_recording.range.endNs;
    }

    /// On which workers the tasks that were delivered to a consumer ran.
    void findExecutors() {
        forEachDelivery([&](const MessageCopy& copy, const MessageDelivery& delivery) {
            const auto track =
                copy.task ? m_recording.trackOf(TrackKind::Task, copy.task.value) : std::nullopt;
            const Nanoseconds end = untilNextOf(copy, delivery);
            if (!track || end <= delivery.timeNs) {
                return;
            }
            const recording::SpanColumns& spans = m_recording.track(*track).spans;
            spans.forEachIn({delivery.timeNs, end}, [&](std::size_t i) {
                const WorkerId executor = spans.worker[i];
                if (spans.state[i] == State::Running && executor &&
                    m_consumerOf[executor.value] == kNobody) {
                    m_consumerOf[executor.value] = delivery.worker.value;
                }
            });
        });
        for (std::uint32_t id = 1; id < m_consumerOf.size(); ++id) {
            const std::uint32_t consumer = m_consumerOf[id];
            const bool isOther = consumer != kNobody && consumer != id;
            if (isOther && m_consumerOf[consumer] == kNobody) {
                m_isDispatcher[consumer] = true;
            }
        }
        for (const recording::Consumer& consumer : m_recording.consumers) {
            const std::uint32_t id = consumer.worker.value;
            if (id != kNobody && id < m_consumerOf.size() && m_consumerOf[id] == kNobody &&
                !m_isDispatcher[id]) {
                m_consumerOf[id] = id; // it got nothing
            }
        }
    }

    void chooseWorkers() {
        for (std::uint32_t id = 1; id < m_consumerOf.size(); ++id) {
            if (m_consumerOf[id] != kNobody && !m_recording.worker(WorkerId{id}).isControl) {
                m_result.workers.push_back({WorkerId{id}, WorkerId{m_consumerOf[id]}});
            }
            if (m_delivered[id] != 0) {
                m_result.consumers.push_back(
                    {.consumer = WorkerId{id}, .delivered = m_delivered[id]});
            }
        }
    }

    /// What of the window is no time with a task.
    void addIdleTimes() {
        for (std::uint32_t i = 0; i < m_result.workers.size(); ++i) {
            const WorkerId worker = m_result.workers[i].worker;
            const TimeRange life = m_recording.worker(worker).life.intersected(m_window);
            const auto track = m_recording.trackOf(TrackKind::Worker, worker.value);
            Nanoseconds at = life.beginNs;
            const auto addIdle = [&](Nanoseconds until) {
                if (until > at) {
                    addRange({at, until}, i, Change::IdleBegins, Change::IdleEnds);
                    m_result.workers[i].idleNs += until - at;
                }
            };
            if (track) {
                const recording::SpanColumns& spans = m_recording.track(*track).spans;
                spans.forEachIn(life, [&](std::size_t span) {
                    if (spans.task[span]) {
                        const TimeRange busy = spans.rangeAt(span);
                        addIdle(std::min(busy.beginNs, life.endNs));
                        at = std::max(at, busy.endNs);
                    }
                });
            }
            addIdle(life.endNs);
        }
    }

    void addRange(TimeRange range, std::uint32_t who, Change begin, Change end) {
        if (!range.isEmpty()) {
            m_moments.push_back({range.beginNs, begin, who});
            m_moments.push_back({range.endNs, end, who});
        }
    }

    void sweep() {
        std::ranges::sort(m_moments);
        StarvingClock clock(m_recording.workers.size());
        std::vector<Nanoseconds> shown(m_result.workers.size());
        std::vector<std::uint32_t> most(m_recording.workers.size() + 1);
        std::vector<Nanoseconds> reserved(m_recording.workers.size() + 1);
        for (const Moment& moment : m_moments) {
            clock.advance(moment.ns);
            const bool isReserve =
                moment.change == Change::ReserveBegins || moment.change == Change::ReserveEnds;
            if (isReserve) {
                const bool isBegin = moment.change == Change::ReserveBegins;
                const std::uint32_t now = clock.change(moment.who, isBegin);
                most[moment.who] = std::max(most[moment.who], now);
                reserved[moment.who] += isBegin ? -moment.ns : moment.ns;
                continue;
            }
            WorkerBacklog& worker = m_result.workers[moment.who];
            const Nanoseconds shows = clock.of(worker.consumer.value);
            if (moment.change == Change::IdleBegins) {
                shown[moment.who] = shows;
            } else {
                worker.starvedNs += shows - shown[moment.who];
            }
        }
        for (ConsumerBacklog& consumer : m_result.consumers) {
            consumer.mostReserved = most[consumer.consumer.value];
            consumer.reservedNs = reserved[consumer.consumer.value];
        }
        for (const WorkerBacklog& worker : m_result.workers) {
            m_result.starvedNs += worker.starvedNs;
        }
    }

    const Recording& m_recording;
    const MessageLives& m_lives;
    std::vector<std::uint32_t> m_consumerOf; // by worker
    std::vector<std::uint64_t> m_delivered;  // by worker
    std::vector<bool> m_isDispatcher;        // by worker
    TimeRange m_window;
    std::vector<Moment> m_moments;
    ReservedBacklog m_result;
};

} // namespace

ReservedBacklog reservedBacklog(const Recording& recording, const MessageLives& lives) {
    return Backlog(recording, lives).build();
}

} // namespace interleave::analysis
