// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/histogram.h"

#include <algorithm>
#include <cmath>

namespace interleave::analysis {

namespace {

constexpr int kBucketsPerDecade = 5;

double edge(int index) {
    return std::pow(10.0, static_cast<double>(index) / kBucketsPerDecade);
}

/// Index of the bucket of a duration; what is below 1 ns counts as 1 ns.
int bucketOf(Nanoseconds duration) {
    const double ns = std::max(1.0, static_cast<double>(duration));
    int index = static_cast<int>(std::floor(std::log10(ns) * kBucketsPerDecade));
    // log10 and pow round differently at the edges.
    while (edge(index + 1) <= ns) {
        ++index;
    }
    while (index > 0 && edge(index) > ns) {
        --index;
    }
    return index;
}

} // namespace

std::optional<Nanoseconds> percentile(std::vector<Nanoseconds>& values, double p) {
    if (values.empty()) {
        return std::nullopt;
    }
    const auto rank =
        static_cast<std::ptrdiff_t>(std::ceil(p * static_cast<double>(values.size())));
    const auto place =
        values.begin() + std::clamp(rank - 1, std::ptrdiff_t{0}, std::ssize(values) - 1);
    std::ranges::nth_element(values, place);
    return *place;
}

Histogram histogramOf(std::vector<Nanoseconds> durations) {
    Histogram histogram;
    histogram.total = durations.size();
    if (durations.empty()) {
        return histogram;
    }
    const auto [least, most] = std::ranges::minmax_element(durations);
    const int firstBucket = bucketOf(*least) / kBucketsPerDecade * kBucketsPerDecade;
    const int endBucket = (bucketOf(*most) / kBucketsPerDecade + 1) * kBucketsPerDecade;
    for (int i = firstBucket; i <= endBucket; ++i) {
        histogram.edgeNs.push_back(edge(i));
    }
    histogram.count.resize(static_cast<std::size_t>(endBucket - firstBucket), 0);
    for (const Nanoseconds duration : durations) {
        ++histogram.count[static_cast<std::size_t>(bucketOf(duration) - firstBucket)];
        histogram.sumNs += duration;
    }
    histogram.maximumNs = *most;
    histogram.p50Ns = percentile(durations, 0.5);
    histogram.p90Ns = percentile(durations, 0.9);
    histogram.p99Ns = percentile(durations, 0.99);
    return histogram;
}

} // namespace interleave::analysis
