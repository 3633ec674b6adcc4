// SPDX-License-Identifier: GPL-3.0-or-later
// A coroutine that awaits one thing after the other, with nothing of its own in between and nobody
// else at work: if they don't need each other, they could wait together.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr std::size_t kFewestAwaits = 3;
constexpr double kAwaitShare = 0.5;   // of the makespan
constexpr double kBetweenShare = 0.1; // own work between, of the waits
constexpr double kAlone = 0.7;        // of the waits with nobody else awaiting anything

struct Awaits {
    std::vector<TimeRange> ranges;
    Nanoseconds betweenNs = 0;
    Nanoseconds totalNs = 0;
    Nanoseconds longestNs = 0;
};

/// Waits that no worker waits along with, as awaits are.
Awaits awaitsOf(const recording::SpanColumns& spans) {
    Awaits awaits;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const State state = spans.state[i];
        const bool isAwait =
            state == State::WaitingIo || state == State::Sleeping || state == State::Suspended;
        const TimeRange range = spans.rangeAt(i);
        if (state == State::Running) {
            awaits.betweenNs += range.durationNs();
        } else if (isAwait && !spans.worker[i]) {
            awaits.ranges.push_back(range);
            awaits.totalNs += range.durationNs();
            awaits.longestNs = std::max(awaits.longestNs, range.durationNs());
        }
    }
    return awaits;
}

/// How long at most one task was waiting for something of its own.
Nanoseconds aloneDuring(const Evidence& evidence, const std::vector<TimeRange>& ranges) {
    Nanoseconds sum = 0;
    std::size_t at = 0;
    evidence.occupation.forEach([&](const analysis::OccupationSlice& slice) {
        while (at < ranges.size() && ranges[at].endNs <= slice.range.beginNs) {
            ++at;
        }
        const int waiting = slice.task(State::WaitingIo) + slice.task(State::Sleeping);
        const int busy = slice.worker(State::Running) + slice.task(State::Ready);
        if (at < ranges.size() && ranges[at].overlaps(slice.range) && waiting <= 1 && busy == 0) {
            sum += ranges[at].intersected(slice.range).durationNs();
        }
    });
    return sum;
}

} // namespace

Findings sequentialAwaits(const Evidence& evidence) {
    Findings found;
    if (!evidence.isCoroutines()) {
        return found;
    }
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Task) {
            continue;
        }
        const Awaits awaits = awaitsOf(track.spans);
        const Nanoseconds gain = awaits.totalNs - awaits.longestNs;
        if (awaits.ranges.size() < kFewestAwaits ||
            ratio(gain, evidence.makespanNs()) < kAwaitShare ||
            ratio(awaits.betweenNs, awaits.totalNs) > kBetweenShare ||
            ratio(aloneDuring(evidence, awaits.ranges), awaits.totalNs) < kAlone) {
            continue;
        }
        std::vector<Proof> proofs;
        for (const TimeRange range : awaits.ranges) {
            proofs.push_back({track.id, range});
        }
        found.push_back(
            {.kind = "sequential-awaits",
             .severity = Severity::Warning,
             .message =
                 fmt::format("{} awaited {} things one after the other, {} in all; the longest "
                             "alone took {}.",
                             track.name, awaits.ranges.size(), formatDuration(awaits.totalNs),
                             formatDuration(awaits.longestNs)),
             .cause = "An await stops its coroutine until the thing is there; the next one begins "
                      "only then, and nothing else went on meanwhile.",
             .cure = "Begin them all and await them together (gather, a task group), if none needs "
                     "another one's result.",
             .value = milliseconds(gain),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = {}});
    }
    return found;
}

} // namespace interleave::findings
