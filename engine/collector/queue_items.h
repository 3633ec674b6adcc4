// SPDX-License-Identifier: GPL-3.0-or-later
// Items in queues: from put to got.
#pragma once

#include "engine/collector/task_history.h"

namespace interleave::collector {

/// Adds a span for each item to its queue's track, at the lowest free level, and a delivery link
/// for each that was taken. Items that nobody took lie there to the end. O(n log n).
void addQueueItems(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                   const Occupancy& occupancy, const Manifest& manifest, Nanoseconds endNs,
                   recording::RecordingBuilder& builder, Oddities& oddities);

} // namespace interleave::collector
