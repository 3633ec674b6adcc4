// SPDX-License-Identifier: GPL-3.0-or-later
// Most workers are done while a few have long tasks left: the end of the run is one task's end.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kTailShare = 0.15; // of the makespan with half of the workers done
constexpr double kLongAgainstMedian = 2;

struct WorkerEnd {
    WorkerId worker;
    Nanoseconds ns = 0;
};

/// When each worker that had a task was done with its last one, in order of time.
std::vector<WorkerEnd> lastEnds(const Evidence& evidence) {
    std::vector<WorkerEnd> ends;
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Worker) {
            continue;
        }
        Nanoseconds end = evidence.range().beginNs;
        for (std::size_t i = track.spans.size(); i > 0; --i) {
            if (track.spans.task[i - 1]) {
                end = std::max(end, track.spans.rangeAt(i - 1).endNs);
                break;
            }
        }
        if (end > evidence.range().beginNs) {
            ends.push_back({WorkerId{track.subject}, std::min(end, evidence.range().endNs)});
        }
    }
    std::ranges::sort(ends, {}, &WorkerEnd::ns);
    return ends;
}

/// What a task does by itself, without what it waits for others.
Nanoseconds ownTime(const Evidence& evidence, TaskId task) {
    return evidence.inState(task, State::Running) + evidence.inState(task, State::WaitingIo) +
           evidence.inState(task, State::Sleeping);
}

} // namespace

Findings unevenFinish(const Evidence& evidence) {
    const std::vector<WorkerEnd> ends = lastEnds(evidence);
    if (ends.size() < 2) {
        return {};
    }
    const Nanoseconds from = ends[(ends.size() - 1) / 2].ns; // half of them, rounded up, are done
    const Nanoseconds tail = evidence.range().endNs - from;
    std::vector<Nanoseconds> own;
    TaskId last;
    for (std::uint32_t i = 1; i <= evidence.recording.tasks.size(); ++i) {
        own.push_back(ownTime(evidence, TaskId{i}));
        const bool isLater =
            !last || evidence.recording.task(last).endNs < evidence.recording.tasks[i - 1].endNs;
        last = isLater ? TaskId{i} : last;
    }
    const Nanoseconds middle = medianOf(own);
    const bool isLong = static_cast<double>(ownTime(evidence, last)) >
                        kLongAgainstMedian * static_cast<double>(middle);
    // What came late could not be begun earlier: that is no matter of dividing the work.
    const bool cameLate = evidence.recording.task(last).submittedNs >= from;
    if (ratio(tail, evidence.makespanNs()) < kTailShare || !isLong || cameLate) {
        return {};
    }
    std::vector<Proof> proofs;
    Nanoseconds idle = 0;
    for (const WorkerEnd& end : ends) {
        if (end.ns < evidence.range().endNs) {
            proofs.push_back(evidence.onWorker(end.worker, {end.ns, evidence.range().endNs}));
            idle += evidence.range().endNs - end.ns;
        }
    }
    return {
        {.kind = "uneven-finish",
         .severity = Severity::Warning,
         .message = fmt::format("Half of the workers had nothing left to do for the last {} "
                                "({} of the run); {} ended last, {} of its own work against {} "
                                "of the median task.",
                                formatDuration(tail), percent(ratio(tail, evidence.makespanNs())),
                                evidence.recording.task(last).name,
                                formatDuration(ownTime(evidence, last)), formatDuration(middle)),
         .cause = "A long task that begins late keeps one worker while the others are done.",
         .cure = "Begin long tasks first, or cut them into smaller ones.",
         .value = milliseconds(tail),
         .unit = "ms",
         .evidence = std::move(proofs),
         .tryIt = {}}};
}

} // namespace interleave::findings
