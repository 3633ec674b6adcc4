// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/carry_over.h"

#include "engine/collector/task_history.h"
#include "engine/recording/message_lives.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace interleave::collector {

using record::EventKind;
using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

struct Place {
    std::uint32_t stream = 0;
    std::size_t event = 0;
};

class CarryOver {
public:
    CarryOver(std::vector<StreamEvents>& streams, const Manifest& manifest,
              const Recording& assembled, Nanoseconds zero, Nanoseconds until)
        : m_streams(streams)
        , m_manifest(manifest)
        , m_assembled(assembled)
        , m_zero(zero)
        , m_until(until) {
        for (const StreamEvents& stream : streams) {
            m_keeps.emplace_back(stream.events.size(), false);
        }
    }

    void run() {
        keepMessages();
        keepTasks();
        keepLocks();
        keepSwitches();
        keepQueueItems();
        keepLatest();
        removeOthers();
    }

private:
    bool isOver(const TimedEvent& event) const { return event.ns <= m_until; }
    void keep(Place place) { m_keeps[place.stream][place.event] = true; }

    /// Calls use(event, place) for the events up to the moment, stream by stream.
    template <class Use>
    void forEachOver(Use&& use) const {
        for (std::uint32_t s = 0; s < m_streams.size(); ++s) {
            const std::vector<TimedEvent>& events = m_streams[s].events;
            for (std::size_t i = 0; i < events.size(); ++i) {
                if (isOver(events[i])) {
                    use(events[i], Place{s, i});
                }
            }
        }
    }

    void keepMessages();
    void keepTasks();
    void keepLocks();
    void keepSwitches();
    void keepQueueItems();
    void keepLatest();
    void removeOthers();

    std::vector<StreamEvents>& m_streams;
    const Manifest& m_manifest;
    const Recording& m_assembled;
    Nanoseconds m_zero;
    Nanoseconds m_until;
    std::vector<std::vector<bool>> m_keeps; // by stream and event
    std::vector<Nanoseconds> m_waits;       // begins of open waits, whose cause is looked up again
    std::vector<bool> m_mayBeginAnew;       // by TaskId: a message that is not over carries it
};

// Of messages that are not over all there is: where they lie, who published them, what they carry.
// One that was refused or expired goes on elsewhere soon, or never.
void CarryOver::keepMessages() {
    constexpr Nanoseconds kDeadLetterNs = 1'000'000'000;
    const Nanoseconds until = m_until - m_zero;
    m_mayBeginAnew.resize(m_manifest.tasks.size() + 1, false);
    std::unordered_set<std::uint32_t> open;
    std::unordered_set<std::uint32_t> known; // those with copies
    for (const recording::MessageCopy& copy :
         recording::MessageLives::of(m_assembled.messages).copies) {
        const bool mayGoOn = copy.end != recording::CopyEnd::Acked &&
                             copy.end != recording::CopyEnd::Lost &&
                             copy.endNs > until - kDeadLetterNs;
        known.insert(copy.message);
        if (copy.endNs > until || mayGoOn) {
            open.insert(copy.message);
        }
        if (copy.endNs > until && copy.task) {
            m_mayBeginAnew[copy.task.value] = true;
        }
    }
    for (const recording::MessageEvent& event : m_assembled.messages) {
        if (event.step == recording::MessageStep::Published && !known.contains(event.message)) {
            open.insert(event.message); // on its way
        }
    }
    forEachOver([&](const TimedEvent& event, Place place) {
        const bool isOfMessage =
            event.kind >= EventKind::MessagePublished && event.kind <= EventKind::MessageCarries;
        const bool isOfConsumer =
            event.kind == EventKind::ConsumerBegan || event.kind == EventKind::ConsumerEnded;
        if ((isOfMessage && open.contains(event.a)) || isOfConsumer) {
            keep(place);
        }
    });
}

// Of a task that goes on: when it was submitted, when it first got a worker (the end of its submit
// link) and the state it is in. A failed one may be tried again.
void CarryOver::keepTasks() {
    struct StateEvent {
        TimedEvent event;
        Place place;
        bool isOccupying;
    };
    std::vector<StateEvent> states;
    std::vector<std::pair<TimedEvent, Place>> spawns;
    std::vector<std::pair<TimedEvent, Place>> wakes;
    forEachOver([&](const TimedEvent& event, Place place) {
        if (!m_streams[place.stream].isProgram()) {
            return;
        }
        if (event.kind == EventKind::StateUnknown) {
            states.push_back({event, place, false});
        } else if (record::isState(event.kind)) {
            TaskSegment segment;
            segment.state = record::stateOf(event.kind);
            segment.isDetached = record::StateDetail::unpack(event.b).isDetached;
            states.push_back({event, place, segment.occupiesThread()});
        } else if (event.kind == EventKind::Spawned) {
            spawns.emplace_back(event, place);
        } else if (event.kind == EventKind::Woken) {
            wakes.emplace_back(event, place);
        }
    });
    std::ranges::stable_sort(states, {}, [](const StateEvent& state) {
        return std::pair(state.event.a, state.event.ns);
    });
    std::set<std::uint32_t> started;
    std::unordered_map<std::uint32_t, Nanoseconds> lastRunning;
    for (std::size_t first = 0; first < states.size();) {
        const std::uint32_t task = states[first].event.a;
        std::size_t end = first;
        const StateEvent* firstOccupying = nullptr;
        for (; end < states.size() && states[end].event.a == task; ++end) {
            if (states[end].isOccupying && firstOccupying == nullptr) {
                firstOccupying = &states[end];
            }
            if (states[end].event.kind == record::kindOf(State::Running)) {
                lastRunning[task] = states[end].event.ns;
            }
        }
        if (firstOccupying != nullptr) {
            started.insert(task);
        }
        const StateEvent& last = states[end - 1];
        const State state = last.event.kind == EventKind::StateUnknown
                                ? State::Ready
                                : record::stateOf(last.event.kind);
        const bool mayBeginAnew = task < m_mayBeginAnew.size() && m_mayBeginAnew[task];
        if ((state != State::Done && state != State::Cancelled) || mayBeginAnew) {
            keep(states[first].place);
            keep(last.place);
            if (firstOccupying != nullptr) {
                keep(firstOccupying->place);
            }
            if (state == State::WaitingLock || state == State::WaitingGil ||
                state == State::Blocked) {
                m_waits.push_back(last.event.ns - m_zero);
            }
        }
        first = end;
    }
    for (const auto& [event, place] : spawns) {
        if (!started.contains(event.a)) {
            keep(place);
        }
    }
    for (const auto& [event, place] : wakes) { // of a task that has not gone on since
        const auto ran = lastRunning.find(event.a);
        if (ran == lastRunning.end() || ran->second < event.ns) {
            keep(place);
        }
    }
}

// Of a lock: the holds that go on, the last one that is over (the next may be handed over from it)
// and those in which an open wait began (its cause names the holder).
void CarryOver::keepLocks() {
    std::vector<std::set<Nanoseconds>> acquired(m_manifest.objects.size() + 1);
    std::vector<std::set<Nanoseconds>> released(m_manifest.objects.size() + 1);
    const Nanoseconds until = m_until - m_zero;
    for (const Track& track : m_assembled.tracks) {
        if (track.kind != TrackKind::Lock) {
            continue;
        }
        const auto keepHold = [&](TimeRange hold) {
            acquired[track.subject].insert(hold.beginNs);
            if (hold.endNs <= until) {
                released[track.subject].insert(hold.endNs);
            }
        };
        track.spans.forEachIn({until, track.spans.endNs() + 1},
                              [&](std::size_t i) { keepHold(track.spans.rangeAt(i)); });
        for (const Nanoseconds wait : m_waits) {
            track.spans.forEachIn({wait, wait + 1},
                                  [&](std::size_t i) { keepHold(track.spans.rangeAt(i)); });
        }
        for (const recording::SpanLane& lane : track.spans.lanes()) {
            const auto [first, last] =
                track.spans.indicesIn(lane, {m_assembled.range.beginNs, until});
            for (std::size_t i = last; i-- > first;) {
                if (track.spans.rangeAt(i).endNs <= until) {
                    keepHold(track.spans.rangeAt(i));
                    break;
                }
            }
        }
    }
    forEachOver([&](const TimedEvent& event, Place place) {
        const std::uint32_t object = event.b & 0xffff;
        if (object >= acquired.size()) {
            return;
        }
        const bool isKept = event.kind == EventKind::LockAcquired
                                ? acquired[object].contains(event.ns - m_zero)
                                : event.kind == EventKind::LockReleased &&
                                      released[object].contains(event.ns - m_zero);
        if (isKept) {
            keep(place);
        }
    });
}

// Of a thread: its last arrival on a core, and how it left if it did.
void CarryOver::keepSwitches() {
    struct Last {
        Nanoseconds inNs = 0;
        Place in;
        bool hasIn = false;
        Nanoseconds outNs = 0;
        Place out;
        bool hasOut = false;
    };
    std::unordered_map<std::uint32_t, Last> byThread;
    forEachOver([&](const TimedEvent& event, Place place) {
        if (event.kind == EventKind::SwitchedIn) {
            Last& last = byThread[event.a];
            if (!last.hasIn || event.ns >= last.inNs) {
                last.inNs = event.ns;
                last.in = place;
                last.hasIn = true;
            }
        } else if (event.kind == EventKind::SwitchedOut) {
            Last& last = byThread[event.a];
            if (!last.hasOut || event.ns >= last.outNs) {
                last.outNs = event.ns;
                last.out = place;
                last.hasOut = true;
            }
        }
    });
    for (const auto& [tid, last] : byThread) {
        if (last.hasIn) {
            keep(last.in);
        }
        if (last.hasOut && (!last.hasIn || last.outNs >= last.inNs)) {
            keep(last.out);
        }
    }
}

void CarryOver::keepQueueItems() {
    std::set<std::pair<std::uint32_t, std::uint32_t>> put;
    std::set<std::pair<std::uint32_t, std::uint32_t>> got;
    forEachOver([&](const TimedEvent& event, Place) {
        if (event.kind == EventKind::QueuePut) {
            put.emplace(event.b, event.a);
        } else if (event.kind == EventKind::QueueGot) {
            got.emplace(event.b, event.a);
        }
    });
    forEachOver([&](const TimedEvent& event, Place place) {
        const std::pair item(event.b, event.a);
        if ((event.kind == EventKind::QueuePut && !got.contains(item)) ||
            (event.kind == EventKind::QueueGot && !put.contains(item))) {
            keep(place);
        }
    });
}

// Of levels and samples the last; of a stream its begin, its end and what was dropped.
void CarryOver::keepLatest() {
    std::map<std::pair<EventKind, std::uint32_t>, std::pair<Nanoseconds, Place>> latest;
    forEachOver([&](const TimedEvent& event, Place place) {
        switch (event.kind) {
        case EventKind::ThreadStarted:
        case EventKind::ThreadEnded:
        case EventKind::ThreadCpuTime:
        case EventKind::Dropped:
        case EventKind::LockFailed:
            keep(place);
            break;
        case EventKind::Level:
        case EventKind::MemoryRss:
        case EventKind::MemoryPss:
        case EventKind::OtherLoad:
        case EventKind::RunState:
        case EventKind::RunTime: {
            const auto [known, isNew] = latest.try_emplace({event.kind, event.a}, event.ns, place);
            if (!isNew && event.ns >= known->second.first) {
                known->second = {event.ns, place};
            }
            break;
        }
        default:
            break;
        }
    });
    for (const auto& [key, last] : latest) {
        keep(last.second);
    }
}

void CarryOver::removeOthers() {
    for (std::uint32_t s = 0; s < m_streams.size(); ++s) {
        std::vector<TimedEvent> kept;
        Nanoseconds last = 0;
        bool isAnyOver = false;
        bool executes = false;
        for (std::size_t i = 0; i < m_streams[s].events.size(); ++i) {
            const TimedEvent& event = m_streams[s].events[i];
            executes = executes || event.kind == record::kindOf(State::Running);
            if (!isOver(event) || m_keeps[s][i]) {
                kept.push_back(event);
            }
            if (isOver(event)) {
                last = isAnyOver ? std::max(last, event.ns) : event.ns;
                isAnyOver = true;
            }
        }
        if (isAnyOver && m_streams[s].isProgram()) {
            kept.push_back({.ns = last}); // an event of no kind: the thread lived until then
        }
        if (executes && m_streams[s].info.role == record::StreamRole::Control) {
            m_streams[s].info.role = record::StreamRole::Worker; // what showed it is removed
        }
        m_streams[s].events = std::move(kept);
    }
}

} // namespace

void carryOver(std::vector<StreamEvents>& streams, const Manifest& manifest,
               const Recording& assembled, Nanoseconds zero, Nanoseconds until) {
    CarryOver(streams, manifest, assembled, zero, until).run();
}

} // namespace interleave::collector
