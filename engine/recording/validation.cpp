// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/validation.h"

#include <fmt/format.h>

namespace interleave::recording {

namespace {

/// Counts faults of one kind and keeps the first as the example.
struct Faults {
    std::uint64_t count = 0;
    std::string example;

    void add(std::string text) {
        if (count++ == 0) {
            example = std::move(text);
        }
    }
};

std::string_view stateText(State state) {
    return nameOf(state);
}

void checkTask(const Recording& recording, const Track& track, Faults& faults) {
    const SpanColumns& spans = track.spans;
    if (spans.size() == 0) {
        return;
    }
    if (!isLegalStart(spans.state[0])) {
        faults.add(fmt::format("task \"{}\" begins in the state {} at {}", track.name,
                               stateText(spans.state[0]), formatDuration(spans.begin[0])));
    }
    const auto check = [&](State from, State to, Nanoseconds at) {
        if (!isLegalTransition(from, to)) {
            faults.add(fmt::format("task \"{}\" goes from {} to {} at {}", track.name,
                                   stateText(from), stateText(to), formatDuration(at)));
        }
    };
    for (std::size_t i = 1; i < spans.size(); ++i) {
        // Spans around a gap are checked too: a task is always in some state until its end.
        check(spans.state[i - 1], spans.state[i], spans.begin[i]);
    }
    const std::size_t last = spans.size() - 1;
    const State end = recording.task(TaskId{track.subject}).end;
    if (!recording.isLive && isEnd(end)) {
        check(spans.state[last], end, spans.rangeAt(last).endNs);
    }
}

void checkWorker(const Track& track, Faults& faults) {
    for (std::size_t i = 1; i < track.spans.size(); ++i) {
        if (track.spans.begin[i] < track.spans.rangeAt(i - 1).endNs) {
            faults.add(fmt::format("two spans at {} on worker \"{}\"",
                                   formatDuration(track.spans.begin[i]), track.name));
        }
    }
}

void report(Recording& recording, const Faults& faults, const char* kind, const char* what) {
    if (faults.count != 0) {
        recording.diagnostics.push_back(
            {kind, Severity::Warning, faults.count,
             fmt::format("{} {}; the first: {}.", faults.count, what, faults.example)});
    }
}

} // namespace

void validate(Recording& recording) {
    Faults transitions;
    Faults overlaps;
    for (const Track& track : recording.tracks) {
        if (track.kind == TrackKind::Task) {
            checkTask(recording, track, transitions);
        } else if (track.kind == TrackKind::Worker) {
            checkWorker(track, overlaps);
        }
    }
    report(recording, transitions, "illegal-transition",
           "changes of state that no task can make were recorded");
    report(recording, overlaps, "overlapping-spans", "times a worker was in two states at once");
}

} // namespace interleave::recording
