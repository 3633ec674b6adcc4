// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/findings/loop_shares.h"

#include <algorithm>

namespace interleave::findings {

namespace {

/// When tasks were ready that no worker had, in order.
std::vector<TimeRange> othersReady(const Evidence& evidence) {
    std::vector<TimeRange> ready;
    evidence.occupation.forEach([&](const analysis::OccupationSlice& slice) {
        if (slice.task(State::Ready) == 0) {
            return;
        }
        if (!ready.empty() && ready.back().endNs == slice.range.beginNs) {
            ready.back().endNs = slice.range.endNs;
        } else {
            ready.push_back(slice.range);
        }
    });
    return ready;
}

Nanoseconds overlapWith(const std::vector<TimeRange>& ranges, TimeRange range) {
    auto at = std::ranges::lower_bound(ranges, range.beginNs, {}, &TimeRange::endNs);
    Nanoseconds sum = 0;
    for (; at != ranges.end() && at->beginNs < range.endNs; ++at) {
        sum += at->intersected(range).durationNs();
    }
    return sum;
}

bool isBlockedBy(State state) {
    return state == State::WaitingIo || state == State::Sleeping || state == State::WaitingLock ||
           state == State::Blocked;
}

/// Whether the task itself gave the thread back between two spans of its worker.
bool awaited(const recording::SpanColumns& task, TimeRange between) {
    bool found = false;
    task.forEachIn({between.beginNs - 1, between.endNs + 1},
                   [&](std::size_t i) { found = found || !task.worker[i]; });
    return found;
}

} // namespace

std::vector<LoopStretch> loopStretches(const Evidence& evidence, Nanoseconds atLeast) {
    std::vector<LoopStretch> stretches;
    if (!evidence.isCoroutines()) {
        return stretches;
    }
    const std::vector<TimeRange> ready = othersReady(evidence);
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Worker) {
            continue;
        }
        LoopStretch current;
        const auto close = [&] {
            if (current.task && current.range.durationNs() >= atLeast) {
                current.othersReadyNs = overlapWith(ready, current.range);
                stretches.push_back(current);
            }
            current = {};
        };
        const recording::SpanColumns& spans = track.spans;
        for (std::size_t i = 0; i < spans.size() && spans.depthAt(i) == 0; ++i) {
            const TimeRange range = spans.rangeAt(i);
            const TaskId task = spans.task[i];
            const auto own =
                task ? evidence.recording.trackOf(recording::TrackKind::Task, task.value)
                     : std::nullopt;
            const bool goesOn =
                own && current.task == task && current.range.endNs == range.beginNs &&
                !awaited(evidence.recording.track(*own).spans, {range.beginNs, range.beginNs});
            if (!goesOn) {
                close();
                current = {
                    .track = track.id, .task = task, .range = {range.beginNs, range.beginNs}};
            }
            current.range.endNs = range.endNs;
            current.runningNs += spans.state[i] == State::Running ? range.durationNs() : 0;
            current.blockedNs += isBlockedBy(spans.state[i]) ? range.durationNs() : 0;
        }
        close();
    }
    return stretches;
}

} // namespace interleave::findings
