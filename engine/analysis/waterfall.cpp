// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker with a task does is in its span. An idle one is put down to what waits meanwhile:
// to each waiting task one idle worker, as it can't occupy more. What is idle beyond that had
// nothing to do, and what came next, or did not, says why.
#include "engine/analysis/waterfall.h"

#include "engine/analysis/submissions.h"

#include <algorithm>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

class WaterfallSum {
public:
    WaterfallSum(const Recording& recording, int places)
        : m_submissions(recording)
        , m_cores(std::max(recording.info.cores, 1))
        , m_knowsCores(!recording.tracksOf(TrackKind::Core).empty())
        , m_places(places) {}

    void add(const OccupationSlice& slice) {
        m_lengthNs = slice.range.durationNs();
        addBusy(slice);
        int idle = slice.idle;
        const int notThere = m_places - slice.alive;
        addStarting(slice, notThere, idle);
        addPending(slice, idle);
        addNothingToDo(slice, idle);
    }

    std::array<Nanoseconds, kParts> ns{};

private:
    void put(Part part, int count) { ns[static_cast<std::size_t>(part)] += m_lengthNs * count; }

    void addBusy(const OccupationSlice& slice) {
        put(Part::Work, slice.worker(State::Running));
        put(Part::Machinery, slice.machinery);
        for (int i = 0; i < kStateCount; ++i) {
            const auto state = static_cast<State>(i);
            if (state != State::Running && state != State::Ready) {
                put(partOf(state), slice.worker(state));
            }
        }
        const int ready = slice.worker(State::Ready);
        const int unused = m_knowsCores ? std::max(m_cores - slice.coresUsed, 0) : 0;
        put(Part::OtherPrograms, std::min(ready, unused));
        put(Part::NoCore, ready - std::min(ready, unused));
    }

    static Part partOf(State state) {
        switch (state) {
        case State::WaitingGil:
            return Part::InterpreterLock;
        case State::WaitingLock:
            return Part::Locks;
        case State::Suspended:
            return Part::SerialPart;
        case State::Starting:
            return Part::StartUp;
        case State::Transfer:
            return Part::Transfer;
        case State::Blocked:
        case State::Queued:
        case State::Reserved:
        case State::Retrying:
            return Part::Queueing;
        default:
            return Part::OwnWaits;
        }
    }

    /// Places whose worker is not there (any more, or yet).
    void addStarting(const OccupationSlice& slice, int notThere, int& idle) {
        const int wanted =
            slice.task(State::Starting) + slice.task(State::Queued) + slice.task(State::Reserved);
        const int missing = std::min(notThere, std::max(wanted - idle, 0));
        put(Part::StartUp, missing);
        idle += notThere - missing;
    }

    void addPending(const OccupationSlice& slice, int& idle) {
        const auto take = [&](Part part, int pending) {
            const int taken = std::min(idle, pending);
            put(part, taken);
            idle -= taken;
        };
        take(Part::StartUp, slice.task(State::Starting));
        take(Part::Transfer, slice.task(State::Transfer));
        take(Part::Prefetch, slice.task(State::Reserved)); // corrected when all is known
        take(Part::Queueing, slice.task(State::Queued) + slice.task(State::Ready) +
                                 slice.task(State::Blocked) + slice.task(State::Retrying));
        take(Part::InterpreterLock, slice.task(State::WaitingGil));
        take(Part::Locks, slice.task(State::WaitingLock));
        take(Part::OwnWaits, slice.task(State::WaitingIo) + slice.task(State::Sleeping));
    }

    void addNothingToDo(const OccupationSlice& slice, int idle) {
        if (idle == 0) {
            return;
        }
        const Submission* const next = m_submissions.next(slice.range.beginNs);
        if (next != nullptr && !next->parent) {
            put(Part::Arrivals, idle);
        } else if (next != nullptr || slice.task(State::Suspended) > 0) {
            // Others depend on what goes on. Of several tasks it was the uneven ones that kept
            // them.
            put(slice.active > 1 ? Part::Imbalance : Part::SerialPart, idle);
        } else {
            put(Part::Imbalance, idle);
        }
    }

    Submissions m_submissions;
    int m_cores;
    bool m_knowsCores;
    int m_places;
    Nanoseconds m_lengthNs = 0;
};

/// How long workers were on a core to send or take what belongs to a task: the kernel says running,
/// the task says transfer.
Nanoseconds transferOnCore(const Recording& recording, TimeRange range) {
    Nanoseconds sum = 0;
    for (const Track& track : recording.tracks) {
        if (track.kind != TrackKind::Task || !track.spans.hasState(State::Transfer)) {
            continue;
        }
        const recording::SpanColumns& spans = track.spans;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            const auto worker = spans.state[i] == State::Transfer && spans.worker[i]
                                    ? recording.trackOf(TrackKind::Worker, spans.worker[i].value)
                                    : std::nullopt;
            const TimeRange within = spans.rangeAt(i).intersected(range);
            if (!worker || within.isEmpty()) {
                continue;
            }
            const recording::SpanColumns& done = recording.track(*worker).spans;
            done.forEachIn(within, [&](std::size_t at) {
                if (done.state[at] == State::Running && done.task[at].value == track.subject &&
                    done.depthAt(at) == 0) {
                    sum += done.rangeAt(at).intersected(within).durationNs();
                }
            });
        }
    }
    return sum;
}

void moveBetween(Waterfall& waterfall, Part from, Part to, Nanoseconds wanted) {
    const Nanoseconds moved = std::clamp<Nanoseconds>(wanted, 0, waterfall.of(from));
    waterfall.ns[static_cast<std::size_t>(from)] -= moved;
    waterfall.ns[static_cast<std::size_t>(to)] += moved;
}

} // namespace

double Waterfall::share(Part part) const {
    return totalNs() > 0 ? static_cast<double>(of(part)) / static_cast<double>(totalNs()) : 0;
}

double Waterfall::makespanShareNs(Part part) const {
    return static_cast<double>(of(part)) / std::max(places, 1);
}

std::optional<Waterfall> waterfallOf(const Recording& recording, const Occupation& occupation,
                                     const ReservedBacklog& backlog) {
    if (occupation.range().isEmpty() || occupation.places() == 0) {
        return std::nullopt;
    }
    WaterfallSum sum(recording, occupation.places());
    occupation.forEach([&](const OccupationSlice& slice) { sum.add(slice); });
    Waterfall waterfall{occupation.range().durationNs(), occupation.places(), sum.ns};
    // What a worker's own consumer had reserved was on its way to it, not out of its reach.
    moveBetween(waterfall, Part::Prefetch, Part::Queueing,
                waterfall.of(Part::Prefetch) - backlog.starvedNs);
    moveBetween(waterfall, Part::Work, Part::Transfer,
                transferOnCore(recording, occupation.range()));
    return waterfall;
}

std::optional<Waterfall> waterfallOf(const Recording& recording) {
    return waterfallOf(recording, Occupation(recording),
                       reservedBacklog(recording, recording::MessageLives::of(recording.messages)));
}

} // namespace interleave::analysis
