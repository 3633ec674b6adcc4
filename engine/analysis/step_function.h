// SPDX-License-Identifier: GPL-3.0-or-later
// Step functions of time and how they come from intervals: "how many at once".
#pragma once

#include "engine/base/time.h"
#include "engine/recording/recording.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace interleave::analysis {

/// value[i] holds from time[i] until time[i + 1]; before time[0] it is 0. Neighbours differ.
struct StepFunction {
    std::vector<Nanoseconds> time;
    std::vector<double> value;

    double at(Nanoseconds when) const;
    double maximum() const;
};

/// Equal parts of a range of time, for curves as wide as the screen.
struct Buckets {
    TimeRange range;
    std::size_t count = 1;

    TimeRange at(std::size_t index) const;
};

/// How many of the intervals contain each moment. Order of the intervals doesn't matter.
/// O(n log n).
StepFunction overlapCount(std::vector<TimeRange> intervals);

/// For the two below.
std::vector<const recording::Track*> tracksOfKind(const recording::Recording& recording,
                                                  recording::TrackKind kind);

/// How many spans of the tracks are in a state (or in any) at each moment. The same as overlapCount
/// of their ranges, but it uses that lanes are sorted already: parts of time are swept on all
/// cores, and no list of all ranges is made.
StepFunction spansAtOnce(const std::vector<const recording::Track*>& tracks,
                         std::optional<State> state);

/// What of that most questions need, without the curve.
struct SpanOverlap {
    std::uint64_t most = 0;    // at one moment
    Nanoseconds coveredNs = 0; // with at least one
};
SpanOverlap spanOverlap(const std::vector<const recording::Track*>& tracks,
                        std::optional<State> state);

/// The mean of the function in each bucket.
std::vector<double> meanPerBucket(const StepFunction& function, const Buckets& buckets);

/// Share of each bucket that the intervals cover (sorted, without overlap), 0 to 1.
std::vector<double> coveredShare(const std::vector<TimeRange>& intervals, const Buckets& buckets);

/// Ranges of the spans of a track that are in a state, clipped to `within`, in order.
std::vector<TimeRange> rangesInState(const recording::Track& track, State state, TimeRange within);

/// A counter as a step function.
StepFunction stepsOf(const recording::Counter& counter);

} // namespace interleave::analysis
