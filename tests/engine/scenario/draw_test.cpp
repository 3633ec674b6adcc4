// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/draw.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace interleave::scenario {
namespace {

constexpr std::uint64_t kAllBits = std::numeric_limits<std::uint64_t>::max();

// Frozen values: other platforms and later versions must draw the same.
TEST(Draw, IsTheSameEverywhere) {
    EXPECT_EQ(drawBits(1, 1, 0), 6301985355436268297u);
    EXPECT_EQ(drawBits(42, 7, 3), 17680642119211242809u);
    EXPECT_EQ(drawExponential(1'000'000'000, drawBits(1, 1, 0)), 1074023162);
    EXPECT_EQ(drawDuration({20'000'000, 0.5}, drawBits(1, 1, 0)), 16832626);
}

TEST(Draw, DurationStaysInItsBounds) {
    EXPECT_EQ(drawDuration({1000, 0.5}, 0), 500);
    EXPECT_EQ(drawDuration({1000, 0.5}, kAllBits), 1500);
    EXPECT_EQ(drawDuration({1000, 1}, 0), 0);
    EXPECT_EQ(drawDuration({1000, 1}, kAllBits), 2000);
    EXPECT_EQ(drawDuration({1000, 0}, kAllBits), 1000);
    EXPECT_EQ(drawDuration({86'400'000'000'000, 1}, kAllBits), 2 * 86'400'000'000'000);
}

TEST(Draw, DurationIsEvenlyDistributed) {
    constexpr int kDraws = 100'000;
    int lower = 0;
    double sum = 0;
    for (std::uint32_t i = 1; i <= kDraws; ++i) {
        const Nanoseconds ns = drawDuration({1'000'000, 0.5}, drawBits(1, i, 0));
        lower += ns < 750'000 ? 1 : 0;
        sum += static_cast<double>(ns);
    }
    EXPECT_NEAR(sum / kDraws, 1e6, 4e3); // standard error 0.9e3
    EXPECT_NEAR(lower / double{kDraws}, 0.25, 0.006);
}

TEST(Draw, ExponentialAgreesWithTheLogarithm) {
    for (std::uint32_t i = 1; i <= 1000; ++i) {
        const std::uint64_t bits = drawBits(3, i, 0);
        const double expected = -std::log(std::ldexp(static_cast<double>(bits | 1), -64)) * 1e9;
        EXPECT_NEAR(static_cast<double>(drawExponential(1'000'000'000, bits)), expected, 20);
    }
    EXPECT_EQ(drawExponential(1'000'000'000, kAllBits), 0);
    EXPECT_NEAR(static_cast<double>(drawExponential(1'000'000'000, 0)), 64 * std::log(2) * 1e9, 50);
}

TEST(Draw, ChanceIsAsLikelyAsItSays) {
    int hits = 0;
    for (std::uint32_t i = 1; i <= 100'000; ++i) {
        hits += drawChance(0.3, drawBits(9, i, 5)) ? 1 : 0;
    }
    EXPECT_NEAR(hits / 1e5, 0.3, 0.008);
    EXPECT_FALSE(drawChance(0, 0));
    EXPECT_TRUE(drawChance(1, kAllBits));
}

TEST(Draw, NeighboursAreIndependent) {
    // Correlation of draws that differ in one argument by one.
    double product = 0;
    constexpr int kDraws = 100'000;
    const auto centred = [](std::uint64_t bits) {
        return std::ldexp(static_cast<double>(bits), -64) - 0.5;
    };
    for (std::uint32_t i = 1; i <= kDraws; ++i) {
        product += centred(drawBits(1, i, 0)) * centred(drawBits(1, i + 1, 0));
        product += centred(drawBits(1, i, 0)) * centred(drawBits(1, i, 1));
        product += centred(drawBits(1, i, 0)) * centred(drawBits(2, i, 0));
    }
    EXPECT_NEAR(product / (3 * kDraws) * 12, 0, 0.01);
}

} // namespace
} // namespace interleave::scenario
