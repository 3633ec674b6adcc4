// SPDX-License-Identifier: GPL-3.0-or-later
// The workers' tracks: what the kernel saw, named by what the program said. On a core it is
// `running`, whatever task it was for; off the core it is what the task waited for.
#pragma once

#include "engine/collector/task_tracks.h"

namespace interleave::collector {

/// The part of a worker's time on a core that belongs to one task, or to none.
struct CorePiece {
    TimeRange range;
    WorkerId worker;
    TaskId task;
    StringId name;
    std::int16_t core = -1;
};

/// Adds the spans of all workers to the builder; returns their times on cores, for the cores'
/// tracks.
std::vector<CorePiece> addWorkerTracks(const WorkerTable& workers, const Occupancy& occupancy,
                                       SpanTexts& texts, recording::RecordingBuilder& builder);

} // namespace interleave::collector
