// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/sweep.h"

#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace interleave::analysis {
namespace {

using testing::HasSubstr;

std::vector<SweepSample> runsOf(std::initializer_list<double> makespans) {
    std::vector<SweepSample> samples;
    for (const double makespan : makespans) {
        samples.push_back({.makespanS = makespan, .boundS = makespan / 2, .parallelismMean = 1});
    }
    return samples;
}

Sweep twoModels(const std::vector<std::vector<std::vector<SweepSample>>>& samples) {
    Sweep plan{.scenario = "S",
               .key = "workers",
               .unit = "",
               .models = {"loop", "threads"},
               .points = {},
               .crossings = {}};
    for (std::size_t i = 1; i <= samples.size(); ++i) {
        plan.points.push_back({std::to_string(i), static_cast<double>(i), {}, {}});
    }
    return finishedSweep(std::move(plan), samples);
}

TEST(Sweep, TellsMedianAndSpreadOfEachPoint) {
    const Spread odd = spreadOf({3, 1, 2}).value();
    EXPECT_EQ(odd.median, 2);
    EXPECT_EQ(odd.minimum, 1);
    EXPECT_EQ(odd.maximum, 3);
    EXPECT_EQ(spreadOf({4, 1}).value().median, 2.5);
    EXPECT_EQ(spreadOf({7}).value().median, 7);
}

TEST(Sweep, FindsWhereTheWinnerChangesAndInterpolatesIt) {
    // loop stays at 4 s, threads go 8, 5, 1: the lines cross a quarter of the way from 2 to 3.
    const Sweep sweep = twoModels(
        {{runsOf({4}), runsOf({8})}, {runsOf({4}), runsOf({5})}, {runsOf({4}), runsOf({1})}});
    EXPECT_EQ(sweep.points[0].winner, 0u);
    EXPECT_EQ(sweep.points[2].winner, 1u);
    ASSERT_EQ(sweep.crossings.size(), 1u);
    EXPECT_DOUBLE_EQ(sweep.crossings[0].x, 2.25);
    EXPECT_EQ(sweep.crossings[0].after, 1u);
    EXPECT_EQ(sweep.crossings[0].from, 0u);
    EXPECT_EQ(sweep.crossings[0].to, 1u);
    EXPECT_TRUE(sweep.crossings[0].isClear);
}

TEST(Sweep, SaysWhenSpreadsOverlapAtACrossing) {
    const Sweep sweep =
        twoModels({{runsOf({3, 4, 6}), runsOf({5, 6, 7})}, {runsOf({4, 4, 4}), runsOf({1, 1, 1})}});
    ASSERT_EQ(sweep.crossings.size(), 1u);
    EXPECT_FALSE(sweep.crossings[0].isClear);
    EXPECT_THAT(sweepTable(sweep), HasSubstr("not certain"));
}

TEST(Sweep, LeavesOutModelsThatDidNotRun) {
    const Sweep sweep = twoModels({{runsOf({}), runsOf({5})}, {runsOf({4}), runsOf({5})}});
    EXPECT_EQ(sweep.points[0].winner, 1u);
    EXPECT_TRUE(sweep.crossings.empty()) << "nobody knows who would have won before";
    EXPECT_THAT(sweepTable(sweep), HasSubstr("-"));
}

TEST(Sweep, BoundIsTheWorkOverTheCoresOrTheLongestTask) {
    // Two tasks of 6 and 2 ms of their own time on at least two cores and workers: 6 ms.
    const auto recording = support::sketch("a: RRRIIRd\n"
                                           "b: QQGGRRd\n",
                                           1'000'000);
    const SweepSample sample = sweepSampleOf(*recording);
    EXPECT_DOUBLE_EQ(sample.makespanS, 0.006);
    EXPECT_GE(sample.boundS, 0.006 - 1e-9);
    EXPECT_LE(sample.boundS, sample.makespanS + 1e-9);
}

TEST(Sweep, SaysTheSameInItsTableAndItsJson) {
    const Sweep sweep =
        twoModels({{runsOf({4, 5, 6}), runsOf({8, 8, 8})}, {runsOf({4, 5, 6}), runsOf({1, 1, 1})}});
    const std::string table = sweepTable(sweep);
    EXPECT_THAT(table, HasSubstr("5.00 s (4.00 s to 6.00 s)"));
    EXPECT_THAT(table, HasSubstr("At workers = 1.43 threads begins to win over loop."));
    const auto json = nlohmann::json::parse(sweepJson(sweep));
    EXPECT_EQ(json.at("points").at(0).at("models").at(0).at("makespan_median_s"), 5);
    EXPECT_EQ(json.at("points").at(0).at("models").at(0).at("makespan_max_s"), 6);
    EXPECT_EQ(json.at("points").at(1).at("fastest"), "threads");
    EXPECT_NEAR(json.at("crossings").at(0).at("x").get<double>(), 1 + 3.0 / 7, 1e-9);
}

} // namespace
} // namespace interleave::analysis
