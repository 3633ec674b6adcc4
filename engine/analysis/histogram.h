// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms of durations over logarithmic buckets, and exact percentiles.
#pragma once

#include "engine/base/time.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace interleave::analysis {

struct Histogram {
    /// Five buckets a decade: bucket i counts durations in [edge[i], edge[i + 1]). Covers exactly
    /// the decades that occur.
    std::vector<double> edgeNs;
    std::vector<std::uint64_t> count; // edgeNs.size() - 1
    std::uint64_t total = 0;
    Nanoseconds sumNs = 0;
    std::optional<Nanoseconds> p50Ns, p90Ns, p99Ns, maximumNs; // absent when empty
};

Histogram histogramOf(std::vector<Nanoseconds> durations);

/// The smallest value that at least the share `p` of the values doesn't exceed; reorders them.
std::optional<Nanoseconds> percentile(std::vector<Nanoseconds>& values, double p);

} // namespace interleave::analysis
