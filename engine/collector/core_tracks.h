// SPDX-License-Identifier: GPL-3.0-or-later
// The cores' tracks: which of our workers had the core, and the sampled load of other programs in
// what is left.
#pragma once

#include "engine/collector/worker_tracks.h"

namespace interleave::collector {

struct CoreTrackInputs {
    const std::vector<StreamEvents>& streams;
    const CoreTime& cores;
    const WorkerTable& workers;
    TimeRange range; // of the recording
};

/// `running` for the pieces of workers; `running` with the name "interleave" and no task for our
/// other threads, the observer's left out; `other` where a sample says that at least 5 % of the
/// core's time went elsewhere: the sample covers a period, so the span says that it was some of
/// this time, and how much ("12 %"). Also the counters "other load". O(n log n).
void addCoreTracks(const CoreTrackInputs& inputs, std::vector<CorePiece> pieces,
                   recording::RecordingBuilder& builder, Oddities& oddities);

} // namespace interleave::collector
