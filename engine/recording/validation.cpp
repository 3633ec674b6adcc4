// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/validation.h"

#include "engine/recording/message_lives.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::recording {

namespace {

std::string_view stateText(State state) {
    return nameOf(state);
}

void checkTask(const Recording& recording, const Restarts& restarts, const Track& track,
               std::span<const Span> spans, Faults& faults) {
    if (spans.empty()) {
        return;
    }
    if (!isLegalStart(spans[0].state)) {
        faults.add(fmt::format("task \"{}\" begins in the state {} at {}", track.name,
                               stateText(spans[0].state), formatDuration(spans[0].range.beginNs)));
    }
    const TaskId task{track.subject};
    const auto check = [&](State from, State to, Nanoseconds since, Nanoseconds at) {
        const bool beginsAnew = isLegalStart(to) && restarts.allows(task, since, at);
        if (!isLegalTransition(from, to) && !beginsAnew) {
            faults.add(fmt::format("task \"{}\" goes from {} to {} at {}", track.name,
                                   stateText(from), stateText(to), formatDuration(at)));
        }
    };
    for (std::size_t i = 1; i < spans.size(); ++i) {
        // Spans around a gap are checked too: a task is always in some state until its end.
        check(spans[i - 1].state, spans[i].state, spans[i - 1].range.beginNs,
              spans[i].range.beginNs);
    }
    const State end = recording.task(task).end;
    if (!recording.isLive && isEnd(end)) {
        const TimeRange last = spans.back().range;
        check(spans.back().state, end, last.beginNs, last.endNs);
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

/// Whether an id is none or of an object of which `isRight` holds.
template <class IsRight>
bool isNoneOr(const Recording& recording, ObjectId id, IsRight&& isRight) {
    return id.isNone() ||
           (id.value <= recording.objects.size() && isRight(recording.object(id).kind));
}

bool isMessageQueueKind(std::string_view kind) {
    return kind == kMessageQueueKind;
}

bool isSound(const Recording& recording, const MessageEvent& event) {
    const bool isPublished = event.step == MessageStep::Published;
    return event.message != 0 && event.task.value <= recording.tasks.size() &&
           event.worker.value <= recording.workers.size() &&
           (isPublished ? isNoneOr(recording, event.object, isExchangeKind)
                        : event.object.isNone() != isInQueue(event.step) &&
                              isNoneOr(recording, event.object, isMessageQueueKind));
}

bool isSound(const Recording& recording, const Binding& binding) {
    return !binding.exchange.isNone() && isNoneOr(recording, binding.exchange, isExchangeKind) &&
           !binding.queue.isNone() && isNoneOr(recording, binding.queue, isMessageQueueKind);
}

bool isSound(const Recording& recording, const Consumer& consumer) {
    return !consumer.queue.isNone() && isNoneOr(recording, consumer.queue, isMessageQueueKind) &&
           consumer.worker.value <= recording.workers.size() &&
           consumer.life.beginNs <= consumer.life.endNs;
}

template <class Row>
void addUnsound(const Recording& recording, const std::vector<Row>& rows, std::string_view what,
                Faults& faults) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!isSound(recording, rows[i])) {
            faults.add(fmt::format("{} {}", what, i + 1));
        }
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

TrackFaults faultsOf(const Recording& recording, const Restarts& restarts, const Track& track,
                     std::span<const Span> spans) {
    TrackFaults faults;
    if (track.kind == TrackKind::Task) {
        checkTask(recording, restarts, track, spans, faults.transitions);
    } else if (track.kind == TrackKind::Worker) {
        checkWorker(track, spans, faults.overlaps);
    }
    return faults;
}

Faults faultsOfMessages(const Recording& recording) {
    Faults faults;
    addUnsound(recording, recording.messages, "message event", faults);
    addUnsound(recording, recording.bindings, "binding", faults);
    addUnsound(recording, recording.consumers, "consumer", faults);
    return faults;
}

void report(Recording& recording, const Faults& messageFaults) {
    constexpr const char* kKind = "unsound-messages";
    if (std::ranges::find(recording.diagnostics, kKind, &Diagnostic::kind) !=
        recording.diagnostics.end()) {
        return; // it was read from a file that says so
    }
    reportKind(recording, messageFaults, kKind,
               "steps of messages, bindings or consumers name what is not there or of another "
               "kind");
}

void report(Recording& recording, const TrackFaults& faults) {
    reportKind(recording, faults.transitions, "illegal-transition",
               "changes of state that no task can make were recorded");
    reportKind(recording, faults.overlaps, "overlapping-spans",
               "times a worker was in two states at once");
}

} // namespace interleave::recording
