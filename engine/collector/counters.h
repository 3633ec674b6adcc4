// SPDX-License-Identifier: GPL-3.0-or-later
// Levels that the program tells (length of a ready queue) and memory that the sampler saw.
#pragma once

#include "engine/collector/worker_table.h"

namespace interleave::collector {

/// Adds the counters and the list of processes with their peaks. A worker process that has ended
/// has no memory any more.
void addCounters(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                 const Manifest& manifest, const SessionFacts& facts,
                 recording::RecordingBuilder& builder, Oddities& oddities);

} // namespace interleave::collector
