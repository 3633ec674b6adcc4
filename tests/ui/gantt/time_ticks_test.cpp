// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/time_ticks.h"

#include <gtest/gtest.h>
#include <string>

namespace interleave::ui {
namespace {

std::string labels(const TimeTicks& ticks) {
    std::string text;
    for (const TimeTick& tick : ticks.ticks) {
        text += tick.label.toStdString() + " | ";
    }
    return text;
}

TEST(TimeTicks, AreOneTwoOrFiveInOneUnit) {
    EXPECT_EQ(labels(timeTicks({0, 60'000'000}, 600)),
              "0 ms | 10 ms | 20 ms | 30 ms | 40 ms | 50 ms | ");
    EXPECT_EQ(labels(timeTicks({20'000'000, 22'000'000}, 500)),
              "20.0 ms | 20.5 ms | 21.0 ms | 21.5 ms | ");
    EXPECT_EQ(labels(timeTicks({0, 2'000'000'000}, 500)), "0.0 s | 0.5 s | 1.0 s | 1.5 s | ");
    EXPECT_EQ(labels(timeTicks({0, 20}, 400)), "0 ns | 5 ns | 10 ns | 15 ns | ");
}

TEST(TimeTicks, CountFromAnOriginDeepInALongRun) {
    const TimeTicks ticks = timeTicks({12'410'318'000, 12'410'318'400}, 500);
    EXPECT_FALSE(ticks.origin.isEmpty());
    EXPECT_TRUE(ticks.origin.startsWith("from 12.41 s")) << ticks.origin.toStdString();
    for (const TimeTick& tick : ticks.ticks) {
        EXPECT_TRUE(tick.label.startsWith('+')) << tick.label.toStdString();
        EXPECT_LE(tick.label.size(), 12);
    }
}

TEST(TimeTicks, KeepTheirDistanceAtAnyZoom) {
    for (Nanoseconds length = 20; length < 100'000'000'000; length = length * 7 / 3) {
        const TimeTicks ticks = timeTicks({length / 3, length / 3 + length}, 900);
        ASSERT_GE(ticks.ticks.size(), 2u) << length;
        for (std::size_t i = 0; i < ticks.ticks.size(); ++i) {
            EXPECT_GE(ticks.ticks[i].timeNs, length / 3);
            EXPECT_LT(ticks.ticks[i].timeNs, length / 3 + length);
            EXPECT_EQ(ticks.ticks[i].timeNs % ticks.stepNs, 0);
        }
        EXPECT_GE(static_cast<double>(ticks.stepNs) * 900 / static_cast<double>(length), 80);
    }
}

TEST(TimeTicks, StartBeforeZeroWhereTheViewDoes) {
    EXPECT_EQ(labels(timeTicks({-10'000'000, 20'000'000}, 300)), "-10 ms | 0 ms | 10 ms | ");
}

TEST(TimeTicks, AnEmptyRangeHasNone) {
    EXPECT_TRUE(timeTicks({5, 5}, 300).ticks.empty());
    EXPECT_TRUE(timeTicks({0, 5}, 0).ticks.empty());
}

} // namespace
} // namespace interleave::ui
