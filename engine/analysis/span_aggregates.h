// SPDX-License-Identifier: GPL-3.0-or-later
// Quick answers about all spans of a kind of track, for recordings of any size: one pass over the
// columns that are needed, a block of 256 at a time, on all cores. Questions about a range of time,
// percentiles too, are range_report.h's; totals of states are stateTotals', which needs no pass.
#pragma once

#include "engine/recording/recording.h"

#include <array>
#include <cstdint>
#include <vector>

namespace interleave::analysis {

struct NameTotal {
    StringId name{};
    std::uint64_t count = 0;
    Nanoseconds sumNs = 0;
};
/// Most time first.
std::vector<NameTotal> totalsByName(const recording::Recording& recording,
                                    recording::TrackKind kind);

struct TrackTotal {
    TrackId track{};
    std::uint64_t count = 0;
    Nanoseconds sumNs = 0;
};
/// Most time first. From the pyramids, without a pass.
std::vector<TrackTotal> totalsByTrack(const recording::Recording& recording,
                                      recording::TrackKind kind);

struct LongSpan {
    TrackId track{};
    std::size_t index = 0; // in the track's spans
    Nanoseconds durationNs = 0;
};
/// The longest spans, the longest first; of equal ones the earlier in order of the tracks.
std::vector<LongSpan> longestSpans(const recording::Recording& recording, recording::TrackKind kind,
                                   std::size_t count);

/// Bin 0: no duration; bin i: from 2^(i-1) ns to less than 2^i.
using DurationHistogram = std::array<std::uint64_t, 65>;
DurationHistogram durationHistogram(const recording::Recording& recording,
                                    recording::TrackKind kind);

} // namespace interleave::analysis
