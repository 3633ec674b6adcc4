// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/validation.h"

#include <fmt/format.h>

namespace interleave::recording {

namespace {

std::string_view stateText(State state) {
    return nameOf(state);
}

void checkTask(const Recording& recording, const Track& track, std::span<const Span> spans,
               Faults& faults) {
    if (spans.empty()) {
        return;
    }
    if (!isLegalStart(spans[0].state)) {
        faults.add(fmt::format("task \"{}\" begins in the state {} at {}", track.name,
                               stateText(spans[0].state), formatDuration(spans[0].range.beginNs)));
    }
    const auto check = [&](State from, State to, Nanoseconds at) {
        if (!isLegalTransition(from, to)) {
            faults.add(fmt::format("task \"{}\" goes from {} to {} at {}", track.name,
                                   stateText(from), stateText(to), formatDuration(at)));
        }
    };
    for (std::size_t i = 1; i < spans.size(); ++i) {
        // Spans around a gap are checked too: a task is always in some state until its end.
        check(spans[i - 1].state, spans[i].state, spans[i].range.beginNs);
    }
    const State end = recording.task(TaskId{track.subject}).end;
    if (!recording.isLive && isEnd(end)) {
        check(spans.back().state, end, spans.back().range.endNs);
    }
}

void checkWorker(const Track& track, std::span<const Span> spans, Faults& faults) {
    for (std::size_t i = 1; i < spans.size(); ++i) {
        if (spans[i].range.beginNs < spans[i - 1].range.endNs &&
            spans[i].depth == spans[i - 1].depth) {
            faults.add(fmt::format("two spans at {} on worker \"{}\"",
                                   formatDuration(spans[i].range.beginNs), track.name));
        }
    }
}

void reportKind(Recording& recording, const Faults& faults, const char* kind, const char* what) {
    if (faults.count != 0) {
        recording.diagnostics.push_back(
            {kind, Severity::Warning, faults.count,
             fmt::format("{} {}; the first: {}.", faults.count, what, faults.example)});
    }
}

} // namespace

void Faults::add(Faults other) {
    if (count == 0) {
        example = std::move(other.example);
    }
    count += other.count;
}

void TrackFaults::add(TrackFaults other) {
    transitions.add(std::move(other.transitions));
    overlaps.add(std::move(other.overlaps));
}

TrackFaults faultsOf(const Recording& recording, const Track& track, std::span<const Span> spans) {
    TrackFaults faults;
    if (track.kind == TrackKind::Task) {
        checkTask(recording, track, spans, faults.transitions);
    } else if (track.kind == TrackKind::Worker) {
        checkWorker(track, spans, faults.overlaps);
    }
    return faults;
}

void report(Recording& recording, const TrackFaults& faults) {
    reportKind(recording, faults.transitions, "illegal-transition",
               "changes of state that no task can make were recorded");
    reportKind(recording, faults.overlaps, "overlapping-spans",
               "times a worker was in two states at once");
}

} // namespace interleave::recording
