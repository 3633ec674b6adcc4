// SPDX-License-Identifier: GPL-3.0-or-later
// Finding spans of a track by time, and summing up many of them.
#pragma once

#include "engine/recording/recording.h"

#include <array>
#include <optional>

namespace interleave::ui {

/// The deepest span that covers the time, else the one whose edge is nearest; none on an empty
/// track.
std::optional<std::size_t> nearestSpan(const recording::SpanColumns& spans, Nanoseconds time);

/// The same among the spans of one depth.
std::optional<std::size_t> nearestInLane(const recording::SpanColumns& spans,
                                         const recording::SpanLane& lane, Nanoseconds time);

/// The span so many places on in the same lane: of the same depth.
std::optional<std::size_t> neighbourOf(const recording::SpanColumns& spans, std::size_t index,
                                       int by);

/// The longest span that overlaps the range.
std::optional<std::size_t> longestSpan(const recording::SpanColumns& spans, TimeRange range);

struct SpanSummary {
    std::size_t count = 0;
    std::array<Nanoseconds, static_cast<std::size_t>(kStateCount)> ns{};
    Nanoseconds total() const;
};
/// Spans that overlap the range, and how long each state lasts within it.
SpanSummary summaryOf(const recording::SpanColumns& spans, TimeRange range);

} // namespace interleave::ui
