// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/lock_holds.h"

#include <algorithm>
#include <optional>

namespace interleave::collector {

using record::Acquisition;
using record::EventKind;

namespace {

struct LockEvent {
    Nanoseconds ns = 0;
    TaskId task;
    WorkerId worker;
    Acquisition how = Acquisition::Free;
    bool isAcquire = false;
    bool isFailure = false; // nothing after it is followed
};

std::vector<std::vector<LockEvent>> eventsByObject(const std::vector<StreamEvents>& streams,
                                                   const WorkerTable& workers,
                                                   const Manifest& manifest, Oddities& oddities) {
    std::vector<std::vector<LockEvent>> byObject(manifest.objects.size());
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        const WorkerThread* const thread = workers.ofStream(i);
        for (const TimedEvent& event : streams[i].events) {
            const bool isAcquire = event.kind == EventKind::LockAcquired;
            const bool isFailure = event.kind == EventKind::LockFailed;
            if (thread == nullptr ||
                (!isAcquire && !isFailure && event.kind != EventKind::LockReleased)) {
                continue;
            }
            const std::uint32_t object = event.b & 0xffff;
            const std::uint32_t how = event.b >> 16;
            if (object == 0 || object > manifest.objects.size() ||
                event.a > manifest.tasks.size() ||
                how > static_cast<std::uint32_t>(Acquisition::Forced)) {
                ++oddities.unknownIds;
                continue;
            }
            byObject[object - 1].push_back({event.ns, TaskId{event.a}, thread->id,
                                            static_cast<Acquisition>(how), isAcquire, isFailure});
        }
    }
    for (auto& events : byObject) {
        std::ranges::stable_sort(events, {}, &LockEvent::ns);
    }
    return byObject;
}

/// Of two threads' events at the same moment the release comes first, if there is anything to
/// release.
void orderSimultaneous(std::vector<LockEvent>& events) {
    bool isHeld = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (events[i].isAcquire && isHeld) {
            for (std::size_t j = i + 1; j < events.size() && events[j].ns == events[i].ns; ++j) {
                if (!events[j].isAcquire && events[j].worker != events[i].worker) {
                    std::rotate(events.begin() + static_cast<std::ptrdiff_t>(i),
                                events.begin() + static_cast<std::ptrdiff_t>(j),
                                events.begin() + static_cast<std::ptrdiff_t>(j) + 1);
                    break;
                }
            }
        }
        isHeld = events[i].isAcquire;
    }
}

/// Pairs the events of one object.
class HoldPairing {
public:
    HoldPairing(ObjectId object, bool isSemaphore, recording::RecordingBuilder& builder,
                Oddities& oddities)
        : m_object(object)
        , m_isSemaphore(isSemaphore)
        , m_builder(builder)
        , m_oddities(oddities) {}

    void take(const LockEvent& event) {
        if (event.isFailure) {
            endAll(event.ns);
        } else if (event.isAcquire) {
            acquire(event);
        } else {
            release(event);
        }
    }

    std::vector<LockHold> finish(Nanoseconds endNs) {
        endAll(endNs);
        return std::move(m_holds);
    }

private:
    void endAll(Nanoseconds ns) {
        for (const std::size_t index : m_open) {
            m_holds[index].range.endNs = std::max(m_holds[index].range.beginNs, ns);
        }
        m_open.clear();
    }

    void acquire(const LockEvent& event) {
        if (event.how != Acquisition::Free && m_lastRelease) {
            m_builder.addLink({.kind = recording::LinkKind::Handoff,
                               .from = *m_lastRelease,
                               .to = {event.ns, event.task, event.worker},
                               .object = m_object,
                               .isForced = event.how == Acquisition::Forced});
        }
        m_oddities.overlappingHolds += !m_isSemaphore && !m_open.empty();
        m_open.push_back(m_holds.size());
        m_holds.push_back({{event.ns, event.ns}, event.task, event.worker, event.how, 0});
    }

    void release(const LockEvent& event) {
        m_lastRelease = {event.ns, event.task, event.worker};
        if (m_open.empty()) {
            m_oddities.unpairedReleases +=
                m_isSemaphore ? 0 : 1; // permits may be made from nothing
            return;
        }
        auto ours = std::ranges::find_if(
            m_open, [&](std::size_t index) { return m_holds[index].task == event.task; });
        if (ours == m_open.end()) {
            ours = m_open.begin();
        }
        m_holds[*ours].range.endNs = event.ns;
        m_open.erase(ours);
    }

    ObjectId m_object;
    bool m_isSemaphore;
    recording::RecordingBuilder& m_builder;
    Oddities& m_oddities;
    std::vector<LockHold> m_holds;
    std::vector<std::size_t> m_open; // oldest first; at most as many as there are permits
    std::optional<recording::LinkEnd> m_lastRelease;
};

const char* nameOf(Acquisition how) {
    switch (how) {
    case Acquisition::Free:
        return "free";
    case Acquisition::Handoff:
        return "handoff";
    case Acquisition::Forced:
        return "forced";
    }
    return "";
}

} // namespace

std::uint16_t LevelAssigner::levelFor(TimeRange range) {
    const auto free = std::ranges::find_if(
        m_busyUntil, [&](Nanoseconds until) { return until <= range.beginNs; });
    const auto level = static_cast<std::size_t>(free - m_busyUntil.begin());
    if (free == m_busyUntil.end()) {
        if (m_busyUntil.size() == UINT16_MAX) {
            return UINT16_MAX;
        }
        m_busyUntil.push_back(range.endNs);
    } else {
        *free = range.endNs;
    }
    return static_cast<std::uint16_t>(level);
}

LockHolds LockHolds::build(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                           const Occupancy& occupancy, const Manifest& manifest, Nanoseconds endNs,
                           recording::RecordingBuilder& builder, Oddities& oddities) {
    LockHolds result;
    auto byObject = eventsByObject(streams, workers, manifest, oddities);
    for (std::uint32_t i = 0; i < byObject.size(); ++i) {
        const ObjectId object{i + 1};
        const std::string& kind = manifest.objects[i].kind;
        if (recording::trackKindOf(kind) != recording::TrackKind::Lock) {
            oddities.unknownIds += byObject[i].size();
            result.m_holds.emplace_back();
            continue;
        }
        const bool isShared = kind == "semaphore" || kind == "rwlock";
        HoldPairing pairing(object, isShared, builder, oddities);
        if (!isShared) {
            orderSimultaneous(byObject[i]);
        }
        for (const LockEvent& event : byObject[i]) {
            pairing.take(event);
        }
        auto& holds = result.m_holds.emplace_back(pairing.finish(endNs));
        LevelAssigner levels;
        for (LockHold& hold : holds) {
            hold.depth = levels.levelFor(hold.range);
            if (hold.task.isNone()) {
                hold.task = occupancy.firstTaskIn(hold.worker, hold.range);
            }
            builder.addObjectSpan(object, {.range = hold.range,
                                           .state = State::Held,
                                           .task = hold.task,
                                           .worker = hold.worker,
                                           .cause = builder.intern(nameOf(hold.how)),
                                           .depth = hold.depth});
        }
    }
    return result;
}

TaskId LockHolds::holderAt(ObjectId object, Nanoseconds ns) const {
    const auto& holds = of(object);
    auto hold = std::ranges::upper_bound(
        holds, ns, {}, [](const LockHold& candidate) { return candidate.range.beginNs; });
    // Holds that overlap are few: as many as a semaphore has permits.
    constexpr int kLookBack = 64;
    for (int i = 0; i < kLookBack && hold != holds.begin(); ++i) {
        --hold;
        if (hold->range.contains(ns)) {
            return hold->task;
        }
        if (hold->depth == 0 && hold->range.endNs <= ns && i > 0) {
            break;
        }
    }
    return {};
}

} // namespace interleave::collector
