// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/histogram.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <numeric>
#include <random>

namespace interleave::analysis {
namespace {

TEST(Histogram, CountsEveryDurationInItsBucket) {
    std::mt19937_64 random(1);
    std::vector<Nanoseconds> durations{0, 1, 10, 99, 100, 1'000'000'000};
    for (int i = 0; i < 500; ++i) {
        durations.push_back(static_cast<Nanoseconds>(random() >> (30 + random() % 30)));
    }
    const Histogram histogram = histogramOf(durations);
    ASSERT_EQ(histogram.count.size() + 1, histogram.edgeNs.size());
    EXPECT_EQ(std::accumulate(histogram.count.begin(), histogram.count.end(), std::uint64_t{0}),
              durations.size());
    for (std::size_t i = 0; i < histogram.count.size(); ++i) {
        const auto inside = std::ranges::count_if(durations, [&](Nanoseconds duration) {
            const double ns = std::max(1.0, static_cast<double>(duration));
            return histogram.edgeNs[i] <= ns && ns < histogram.edgeNs[i + 1];
        });
        EXPECT_EQ(histogram.count[i], static_cast<std::uint64_t>(inside)) << histogram.edgeNs[i];
    }
}

TEST(Histogram, HasExactPercentiles) {
    std::vector<Nanoseconds> durations(100);
    std::iota(durations.rbegin(), durations.rend(), Nanoseconds{1});
    const Histogram histogram = histogramOf(durations);
    EXPECT_EQ(histogram.p50Ns, 50);
    EXPECT_EQ(histogram.p90Ns, 90);
    EXPECT_EQ(histogram.p99Ns, 99);
    EXPECT_EQ(histogram.maximumNs, 100);
    EXPECT_EQ(histogram.sumNs, 5050);
}

TEST(Histogram, OfNothingKnowsNothing) {
    const Histogram histogram = histogramOf({});
    EXPECT_FALSE(histogram.p50Ns);
    EXPECT_TRUE(histogram.count.empty());
}

TEST(Percentile, OfOneValueIsThatValue) {
    std::vector<Nanoseconds> one{7};
    EXPECT_EQ(percentile(one, 0.0), 7);
    EXPECT_EQ(percentile(one, 0.99), 7);
}

} // namespace
} // namespace interleave::analysis
