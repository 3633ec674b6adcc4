// SPDX-License-Identifier: GPL-3.0-or-later
// What the spans of a range of time are like: for each state, task or name how many there are, how
// long they took and how that is spread. Exact, also over ten million spans: see the .cpp for how.
#pragma once

#include "engine/analysis/statistics.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace interleave::analysis {

enum class ReportBy : std::uint8_t { State, Task, Name };

struct RangeQuestion {
    TimeRange range;
    recording::TrackKind kind = recording::TrackKind::Task; // tracks of this kind count
    ReportBy by = ReportBy::State;
    friend bool operator==(const RangeQuestion&, const RangeQuestion&) = default;
};

/// Bins of half an octave: bin 0 holds durations of 0, bin i those in [edge(i), edge(i + 1)).
inline constexpr std::size_t kDurationBins = 128;
Nanoseconds durationBinEdge(std::size_t bin);
std::size_t durationBinOf(Nanoseconds duration);

/// Of the spans that overlap the range. Durations are those of whole spans.
struct ReportLine {
    std::uint32_t key = 0; // value of the State, the TaskId or the StringId
    std::uint64_t count = 0;
    Nanoseconds inRangeNs = 0; // how much of them lies within the range
    Nanoseconds sumNs = 0;
    Nanoseconds meanNs = 0, p50Ns = 0, p95Ns = 0, p99Ns = 0, maximumNs = 0;
    std::vector<std::uint64_t> bins; // up to the last one that is not 0
};

struct RangeReport {
    RangeQuestion question;
    ReportLine all;                // every span; its key means nothing
    std::vector<ReportLine> lines; // most time in the range first
    std::size_t omitted = 0;       // groups beyond kMostReportLines, which only `all` counts
};
inline constexpr std::size_t kMostReportLines = 10'000;

/// None if it was stopped.
std::optional<RangeReport> rangeReport(const recording::Recording& recording,
                                       const RangeQuestion& question,
                                       const std::stop_token& stop = {});

} // namespace interleave::analysis
