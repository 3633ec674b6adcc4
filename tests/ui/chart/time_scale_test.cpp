// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/time_scale.h"

#include <gmock/gmock.h>

namespace interleave::chart {
namespace {

std::vector<std::string> labelsOf(const std::vector<Tick>& ticks) {
    std::vector<std::string> labels;
    for (const Tick& tick : ticks) {
        labels.push_back(tick.label.toStdString());
    }
    return labels;
}

TEST(TimeScale, GivesBackTheTimeOfAnX) {
    const TimeScale scale{{1000, 3000}, 100, 200};
    EXPECT_DOUBLE_EQ(scale.xOf(2000), 200);
    EXPECT_EQ(scale.timeAt(200), 2000);
    EXPECT_DOUBLE_EQ(scale.clampedX(0), 100);
    EXPECT_DOUBLE_EQ(scale.clampedX(9000), 300);
}

TEST(TimeScale, SurvivesAnEmptyRange) {
    const TimeScale scale{{5, 5}, 100, 200};
    EXPECT_DOUBLE_EQ(scale.xOf(7), 100);
    EXPECT_TRUE(timeTicks(scale).empty());
}

TEST(TimeTicks, StepByOneTwoOrFiveInOneUnit) {
    const TimeScale scale{{0, 1'000'000'000}, 0, 600};
    EXPECT_THAT(labelsOf(timeTicks(scale)),
                testing::ElementsAre("0 ms", "200 ms", "400 ms", "600 ms", "800 ms", "1000 ms"));
}

TEST(TimeTicks, LieWithinTheRange) {
    const TimeScale scale{{12'345, 67'890}, 0, 900};
    const auto ticks = timeTicks(scale);
    ASSERT_FALSE(ticks.empty());
    EXPECT_GE(ticks.front().position, 12'345);
    EXPECT_LE(ticks.back().position, 67'890);
}

TEST(TimeTicks, NameNanosecondsWhenZoomedInDeep) {
    EXPECT_THAT(labelsOf(timeTicks({{100, 120}, 0, 220})),
                testing::ElementsAre("100 ns", "110 ns", "120 ns"));
}

TEST(TimeTicks, HaveShortLabelsLateInARun) {
    EXPECT_THAT(labelsOf(timeTicks({{10'000'000, 11'000'000}, 0, 220})),
                testing::ElementsAre("10 ms", "10.5 ms", "11 ms"));
}

TEST(ValueTicks, CountThingsInWholeNumbers) {
    EXPECT_THAT(labelsOf(valueTicks(2, 200, true)), testing::ElementsAre("0", "1", "2"));
    EXPECT_THAT(labelsOf(valueTicks(1, 60, false)), testing::ElementsAre("0", "0.5", "1"));
}

TEST(NiceCeiling, IsNeverBelowTheValue) {
    EXPECT_DOUBLE_EQ(niceCeiling(1), 1);
    EXPECT_DOUBLE_EQ(niceCeiling(1.2), 2);
    EXPECT_DOUBLE_EQ(niceCeiling(51), 100);
    EXPECT_DOUBLE_EQ(niceCeiling(0), 1);
}

TEST(FormatBytes, PicksTheUnit) {
    EXPECT_EQ(formatBytes(999).toStdString(), "999 B");
    EXPECT_EQ(formatBytes(1.5e6).toStdString(), "1.5 MB");
    EXPECT_EQ(formatBytes(64e6).toStdString(), "64 MB");
}

} // namespace
} // namespace interleave::chart
