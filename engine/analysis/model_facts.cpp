// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/model_facts.h"

#include "engine/analysis/waterfall.h"

#include <algorithm>
#include <set>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

/// A worker that goes from one task to another and back again: tasks leave it where they await.
bool tasksTakeTurns(const Track& track) {
    std::set<TaskId> seen;
    TaskId current;
    for (std::size_t i = 0; i < track.spans.size(); ++i) {
        const TaskId task = track.spans.task[i];
        if (!task || task == current) {
            continue;
        }
        if (!seen.insert(task).second) {
            return true;
        }
        current = task;
    }
    return false;
}

bool wasHeld(const Recording& recording, std::string_view kind) {
    return std::ranges::any_of(recording.tracksOf(TrackKind::Lock), [&](TrackId id) {
        const Track& track = recording.track(id);
        return recording.object(ObjectId{track.subject}).kind == kind && !track.spans.isEmpty();
    });
}

/// From what was seen, not from the model's name.
std::string whoDecides(const Recording& recording, int workers) {
    bool takeTurns = false;
    for (const TrackId id : recording.tracksOf(TrackKind::Worker)) {
        takeTurns = takeTurns || tasksTakeTurns(recording.track(id));
    }
    if (workers <= 1) {
        return takeTurns ? "task, at an await" : "nobody: one after the other";
    }
    std::string who = takeTurns ? "operating system; task, at an await" : "operating system";
    return wasHeld(recording, "gil") ? who + "; interpreter lock" : who;
}

} // namespace

ModelFacts modelFacts(const Recording& recording) {
    ModelFacts facts;
    const Occupation occupation(recording);
    std::set<std::uint32_t> pids;
    for (const recording::WorkerInfo& worker : recording.workers) {
        if (!worker.isControl) {
            pids.insert(worker.pid);
        }
    }
    facts.processes = static_cast<int>(pids.size());
    facts.threads = occupation.places();
    facts.whoSwitches = whoDecides(recording, facts.threads);
    if (!recording.tracksOf(TrackKind::Core).empty()) {
        int most = 0;
        occupation.forEach(
            [&](const OccupationSlice& slice) { most = std::max(most, slice.coresUsed); });
        facts.coresUsed = most;
    }
    const auto waterfall = waterfallOf(recording);
    if (waterfall && !recording.tasks.empty()) {
        facts.overheadPerTaskNs = (waterfall->of(Part::StartUp) + waterfall->of(Part::Transfer) +
                                   waterfall->of(Part::Machinery)) /
                                  static_cast<Nanoseconds>(recording.tasks.size());
    }
    return facts;
}

} // namespace interleave::analysis
