// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/utilisation.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using support::kSketchUnitNs;
using support::sketch;
using testing::ElementsAre;

TEST(Utilisation, SharesEachBucketOfACore) {
    const auto recording = sketch("a: RRRRRRRRd\n"
                                  "core 0: aa..a###\n");
    const auto cores = coreUtilisation(*recording, {{0, 8 * kSketchUnitNs}, 2});
    ASSERT_EQ(cores.size(), 1u);
    EXPECT_THAT(cores[0].busy, ElementsAre(0.5, 0.25));
    EXPECT_THAT(cores[0].other, ElementsAre(0.0, 0.75));
    EXPECT_THAT(cores[0].idle, ElementsAre(0.5, 0.0));
}

TEST(Utilisation, PrefersTheSampledLoadToItsSpans) {
    recording::RecordingBuilder builder;
    builder.addCoreSpan({.range = {0, 50}, .state = State::Running, .core = 1});
    builder.addCoreSpan({.range = {50, 100}, .state = State::Other, .core = 1});
    builder.addCounter({"other load", "ratio", 1, {0, 100}, {0.1, 0}});
    const auto cores = coreUtilisation(*builder.finish(), {{0, 100}, 1});
    EXPECT_DOUBLE_EQ(cores[0].busy[0], 0.5);
    EXPECT_DOUBLE_EQ(cores[0].other[0], 0.1);
    EXPECT_DOUBLE_EQ(cores[0].idle[0], 0.4);
}

TEST(Utilisation, CountsTasksInAState) {
    const auto recording = sketch("a: RRCCRRd\n"
                                  "b: CCCRRRd\n");
    const StepFunction ready = readyTasks(*recording);
    EXPECT_THAT(ready.value, ElementsAre(1, 2, 1, 0));
    EXPECT_EQ(ready.time[1], 2 * kSketchUnitNs);
    EXPECT_EQ(parallelism(*recording).maximum(), 2);
}

TEST(Utilisation, TellsVoluntaryFromForcedSwitches) {
    recording::RecordingBuilder builder;
    builder.addWorker({.name = "w"});
    builder.info().kernelTruth = "switches";
    builder.addSwitch({100, WorkerId{1}, 0, false});
    builder.addSwitch({600'000'000, WorkerId{1}, 0, true});
    builder.addSwitch({700'000'000, WorkerId{1}, 0, true});
    const auto rates = switchRates(*builder.finish(), {{0, 1'000'000'000}, 2});
    ASSERT_TRUE(rates);
    EXPECT_THAT(rates->voluntary, ElementsAre(2, 0)); // a second, in half a second
    EXPECT_THAT(rates->involuntary, ElementsAre(0, 4));
    EXPECT_FALSE(switchRates(*sketch("a: Rd"), {{0, 1}, 1}));
}

TEST(Utilisation, StacksProcesses) {
    recording::RecordingBuilder builder;
    builder.addWorker({.name = "w1", .pid = 7});
    builder.addWorker({.name = "w2", .pid = 7});
    builder.addProcess({7, "cook", 0});
    for (const std::uint32_t worker : {1u, 2u}) {
        builder.addWorkerSpan(
            {.range = {0, 50}, .state = State::Running, .worker = WorkerId{worker}});
    }
    const auto processes = processUtilisation(*builder.finish(), {{0, 100}, 2});
    ASSERT_EQ(processes.size(), 1u);
    EXPECT_EQ(processes[0].name, "cook");
    EXPECT_THAT(processes[0].cores, ElementsAre(2, 0));
}

TEST(Utilisation, SplitsLongRunsWithoutOverflow) {
    const Buckets buckets{{0, 3'600'000'000'000'000}, 4000}; // a thousand hours
    EXPECT_EQ(buckets.at(0).beginNs, 0);
    EXPECT_EQ(buckets.at(3999).endNs, buckets.range.endNs);
    for (std::size_t i = 1; i < buckets.count; ++i) {
        ASSERT_EQ(buckets.at(i - 1).endNs, buckets.at(i).beginNs);
    }
}

} // namespace
} // namespace interleave::analysis
