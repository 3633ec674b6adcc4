// SPDX-License-Identifier: GPL-3.0-or-later
// What must be kept of events up to a moment so that everything after it comes out as if all had
// been kept: where each task, thread, lock, queue, message and counter stood. The spans that ended
// by then are kept elsewhere, as spans.
#pragma once

#include "engine/collector/stream_events.h"
#include "engine/recording/recording.h"

#include <vector>

namespace interleave::collector {

/// Removes from the streams the events up to `until` (in the time of the events) that no longer
/// matter. `assembled` is the recording of these streams; its time 0 is `zero`.
void carryOver(std::vector<StreamEvents>& streams, const Manifest& manifest,
               const recording::Recording& assembled, Nanoseconds zero, Nanoseconds until);

} // namespace interleave::collector
