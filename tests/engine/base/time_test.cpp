// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/time.h"

#include <gtest/gtest.h>

namespace interleave {
namespace {

TEST(TimeRange, IsHalfOpen) {
    const TimeRange range{10, 20};
    EXPECT_TRUE(range.contains(10));
    EXPECT_FALSE(range.contains(20));
    EXPECT_FALSE(range.overlaps({20, 30}));
    EXPECT_TRUE(range.overlaps({19, 30}));
    EXPECT_TRUE((TimeRange{5, 5}).isEmpty());
}

TEST(TimeRange, IntersectionOfDisjointRangesIsEmpty) {
    EXPECT_EQ((TimeRange{0, 10}).intersected({5, 30}), (TimeRange{5, 10}));
    EXPECT_TRUE((TimeRange{0, 10}).intersected({20, 30}).isEmpty());
}

TEST(FormatDuration, UsesThreeDigitsAndTheUnitThatFits) {
    EXPECT_EQ(formatDuration(0), "0 ns");
    EXPECT_EQ(formatDuration(999), "999 ns");
    EXPECT_EQ(formatDuration(1'000), "1.00 µs");
    EXPECT_EQ(formatDuration(12'345), "12.3 µs");
    EXPECT_EQ(formatDuration(999'499), "999 µs");
    EXPECT_EQ(formatDuration(999'600), "1.00 ms");
    EXPECT_EQ(formatDuration(123'456'789), "123 ms");
    EXPECT_EQ(formatDuration(-1'700'000'000), "-1.70 s");
}

} // namespace
} // namespace interleave
