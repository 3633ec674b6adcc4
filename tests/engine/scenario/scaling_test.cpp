// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/scaling.h"

#include <gmock/gmock.h>

namespace interleave::scenario {
namespace {

using testing::HasSubstr;

Scenario scenarioWith(const std::string& steps, const std::string& head = "") {
    return *parseScenario(head + "[[task]]\nname = \"t\"\ncount = 10\nsteps = [" + steps + "]\n",
                          "t.toml");
}

Nanoseconds computeOf(const Step& step) {
    return std::get<ComputeStep>(step.what).work.nominalNs;
}

Nanoseconds ioOf(const Step& step) {
    return std::get<IoStep>(step.what).latency.nominalNs;
}

TEST(Scaling, KeepsATasksLengthWhenItsShareOfIoChanges) {
    const auto before = scenarioWith("{ compute = \"30 ms\" }, { io = \"10 ms\" }, "
                                     "{ compute = \"10 ms\" }, { sleep = \"5 ms\" }");
    const auto half = withIoShare(before, 0.5).tasks.at(0).steps;
    EXPECT_EQ(computeOf(half.at(0)), 18'750'000);
    EXPECT_EQ(ioOf(half.at(1)), 25'000'000);
    EXPECT_EQ(computeOf(half.at(2)), 6'250'000);
    EXPECT_EQ(std::get<SleepStep>(half.at(3).what).length.nominalNs, 5'000'000);
    EXPECT_EQ(computeOf(withIoShare(before, 1).tasks.at(0).steps.at(0)), 0);
    EXPECT_EQ(ioOf(withIoShare(before, 0).tasks.at(0).steps.at(1)), 0);
}

TEST(Scaling, AddsWhatATaskHadNoneOf) {
    const auto computing = withIoShare(scenarioWith("{ compute = \"20 ms\" }"), 0.25);
    ASSERT_EQ(computing.tasks.at(0).steps.size(), 2u);
    EXPECT_EQ(computeOf(computing.tasks[0].steps[0]), 15'000'000);
    EXPECT_EQ(ioOf(computing.tasks[0].steps[1]), 5'000'000);
    const auto waiting = withIoShare(scenarioWith("{ io = \"20 ms\" }"), 0.25);
    EXPECT_EQ(computeOf(waiting.tasks.at(0).steps.at(1)), 15'000'000);
    EXPECT_TRUE(withIoShare(scenarioWith(""), 0.5).tasks.at(0).steps.empty());
}

TEST(Scaling, ScalesWhatIsDoneUnderALockToo) {
    const auto scenario =
        withIoShare(scenarioWith("{ lock = \"l\", steps = [{ compute = \"20 ms\" }] }, "
                                 "{ io = \"20 ms\" }",
                                 "[[lock]]\nname = \"l\"\n"),
                    0.9);
    const auto inside = std::get<LockStep>(scenario.tasks.at(0).steps.at(0).what).steps;
    EXPECT_EQ(computeOf(inside.at(0)), 4'000'000);
}

TEST(Scaling, CutsTheSameWorkIntoOtherTasks) {
    const auto crumbs = withTaskSize(scenarioWith("{ compute = \"20 ms\" }"), 0.1);
    ASSERT_TRUE(crumbs);
    EXPECT_EQ(crumbs->tasks.at(0).count, 100u);
    EXPECT_EQ(computeOf(crumbs->tasks[0].steps.at(0)), 2'000'000);
    EXPECT_EQ(crumbs->tasks[0].steps[0].name, "compute 2 ms");
    EXPECT_EQ(withTaskSize(scenarioWith("{ compute = \"20 ms\" }"), 40)->tasks.at(0).count, 1u);
}

TEST(Scaling, RefusesToCutTasksThatCountEachOther) {
    const auto refused = withTaskSize(
        scenarioWith("{ barrier = \"b\" }", "[[barrier]]\nname = \"b\"\nparties = 10\n"), 2);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("uses a barrier, a semaphore or a queue"));
}

} // namespace
} // namespace interleave::scenario
