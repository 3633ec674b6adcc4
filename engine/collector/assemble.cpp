// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/assemble.h"

#include "engine/collector/core_tracks.h"
#include "engine/collector/counters.h"
#include "engine/collector/forced_switches.h"
#include "engine/collector/links.h"
#include "engine/collector/queue_items.h"
#include "engine/collector/session_diagnostics.h"

#include <algorithm>
#include <limits>

namespace interleave::collector {

using record::EventKind;
using recording::RecordingBuilder;

namespace {

/// Moves time 0 to the first submission; in a run that goes on, drops what is not known completely.
TimeRange normalise(std::vector<StreamEvents>& streams, bool isLive,
                    std::optional<Nanoseconds> knownZero) {
    const Nanoseconds zero = knownZero ? *knownZero : timeZeroOf(streams);
    const Nanoseconds end = std::max(endOf(streams, isLive), zero);
    for (StreamEvents& stream : streams) {
        if (isLive) {
            std::erase_if(stream.events, [end](const TimedEvent& e) { return e.ns > end; });
        }
        for (TimedEvent& event : stream.events) {
            event.ns -= zero;
        }
    }
    return {0, end - zero};
}

void declare(const Manifest& manifest, RecordingBuilder& builder) {
    builder.info() = manifest.info;
    for (const ManifestTask& task : manifest.tasks) {
        builder.addTask({.name = task.name, .group = task.group});
    }
    for (const ManifestObject& object : manifest.objects) {
        builder.addObject({.name = object.name, .kind = object.kind, .capacity = object.capacity});
    }
}

const char* kernelTruthOf(const std::vector<StreamEvents>& streams, const CoreTime& cores) {
    if (cores.isKnown) {
        return "switches";
    }
    const bool isSampled = std::ranges::any_of(streams, [](const StreamEvents& stream) {
        return std::ranges::any_of(stream.events, [](const TimedEvent& event) {
            return event.kind == EventKind::RunTime || event.kind == EventKind::RunState;
        });
    });
    return isSampled ? "sampled" : "none";
}

void addMarks(const std::vector<StreamEvents>& streams, const Manifest& manifest,
              RecordingBuilder& builder, Oddities& oddities) {
    for (const StreamEvents& stream : streams) {
        for (const TimedEvent& event : stream.events) {
            if (event.kind != EventKind::Marked) {
                continue;
            }
            if (event.a == 0 || event.a > manifest.marks.size()) {
                ++oddities.unknownIds;
                continue;
            }
            builder.addMark({.timeNs = event.ns,
                             .name = builder.intern(manifest.marks[event.a - 1]),
                             .pid = stream.pid});
        }
    }
}

double makespanOf(const TaskHistory& history) {
    Nanoseconds first = std::numeric_limits<Nanoseconds>::max();
    Nanoseconds last = std::numeric_limits<Nanoseconds>::min();
    for (std::uint32_t i = 1; i <= history.taskCount(); ++i) {
        if (const auto segments = history.of(TaskId{i}); !segments.empty()) {
            first = std::min(first, segments.front().range.beginNs);
            last = std::max(last, segments.back().range.endNs);
        }
    }
    return first < last ? toSeconds(last - first) : 0;
}

/// What only the recording of a program tells: how many threads it had, and that it was Python.
void completeInfo(const Manifest& manifest, const WorkerTable& workers, recording::RunInfo& info) {
    if (info.workers == 0) {
        info.workers = static_cast<int>(std::ranges::count_if(
            workers.threads(), [](const WorkerThread& thread) { return !thread.isControl; }));
    }
    const bool hasGil = std::ranges::any_of(
        manifest.objects, [](const ManifestObject& object) { return object.kind == "gil"; });
    if (info.model == kProgramModel && hasGil) {
        info.model = kPythonModel;
    }
}

} // namespace

std::shared_ptr<const recording::Recording>
assemble(const Manifest& manifest, std::vector<StreamEvents> streams, const SessionFacts& facts) {
    return assembleFrom(manifest, std::move(streams), facts, {}).recording;
}

Assembled assembleFrom(const Manifest& manifest, std::vector<StreamEvents> streams,
                       const SessionFacts& facts, const Continuation& earlier) {
    Oddities oddities;
    RecordingBuilder builder(earlier.strings != nullptr ? *earlier.strings : StringTable{});
    const TimeRange range = normalise(streams, facts.isLive, earlier.zero);
    declare(manifest, builder);

    const CoreTime cores = pairSwitches(streams, range.endNs, oddities);
    const WorkerTable workers = WorkerTable::build(
        streams, cores, ProcessLives::build(streams, cores, range.endNs, facts.isLive), range,
        builder, oddities);
    MessageLog messages = MessageLog::build(streams, workers, manifest, oddities);
    recording::Restarts restarts = messages.restarts();
    TaskHistory history =
        TaskHistory::build(streams, workers, manifest, restarts, range.endNs, oddities);
    builder.setRestarts(std::move(restarts));
    Occupancy occupancy(history, workers.threads().size(), oddities);
    const LockHolds holds =
        LockHolds::build(streams, workers, occupancy, manifest, range.endNs, builder, oddities);
    addForcedSwitches(holds, manifest, workers, history, occupancy);

    SpanTexts texts(manifest, holds, builder);
    addTaskTracks(history, texts, range.endNs, builder);
    std::vector<CorePiece> pieces = addWorkerTracks(workers, occupancy, texts, builder);
    addCoreTracks({streams, cores, workers, range}, std::move(pieces), builder, oddities);
    addQueueItems(streams, workers, occupancy, manifest, range.endNs, builder, oddities);
    auto sharing = addMessages(std::move(messages), streams, workers, occupancy, manifest,
                               range.endNs, earlier.messages, builder, oddities);
    addTaskLinks(streams, workers, history, builder, oddities);
    addMarks(streams, manifest, builder, oddities);
    addCounters(streams, workers, manifest, facts, builder, oddities);
    addSessionDiagnostics(streams, facts, history, workers, cores, oddities, builder);

    completeInfo(manifest, workers, builder.info());
    builder.info().kernelTruth = kernelTruthOf(streams, cores);
    builder.info().makespanSeconds = makespanOf(history);
    builder.setLive(facts.isLive);
    return {builder.finish(), std::move(sharing)};
}

} // namespace interleave::collector
