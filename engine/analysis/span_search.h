// SPDX-License-Identifier: GPL-3.0-or-later
// Finding spans among all: every one is looked at, by all processors, and counted; the first in
// time are listed. Reads ids only, so that ten million spans take a fraction of a second. Does not
// know what the reader typed (span_query.h) nor where hits are shown.
#pragma once

#include "engine/analysis/span_query.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace interleave::analysis {

struct FoundSpan {
    Nanoseconds beginNs = 0;
    TrackId track{};
    std::size_t index = 0;
    friend auto operator<=>(const FoundSpan&, const FoundSpan&) = default;
};

struct SearchScope {
    std::vector<TrackId> tracks;
    std::optional<TimeRange> within; // spans that overlap it; absent: all
    TimeRange densityRange;          // divided into equal parts ...
    std::size_t densityParts = 2048; // ... this many
    std::size_t most = 5000;         // spans that are listed
};

struct SearchFindings {
    std::vector<FoundSpan> first;       // in order of time
    std::uint64_t count = 0;            // of all that match
    std::vector<std::uint32_t> density; // those that begin in each part of the density range
    bool isComplete = true;             // false: stopped before the end
};

/// Any thread; uses the others too. Returns early, with what there is, once stopped.
SearchFindings findSpans(const recording::Recording& recording, const SpanMatcher& matcher,
                         const SearchScope& scope, std::stop_token stop = {});

} // namespace interleave::analysis
