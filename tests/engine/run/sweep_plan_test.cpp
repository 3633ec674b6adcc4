// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/run/sweep_plan.h"

#include <gmock/gmock.h>

namespace interleave::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> textsOf(const std::string& text) {
    const auto plan = parseSweep(text);
    std::vector<std::string> texts;
    if (!plan) {
        return {plan.error().message};
    }
    for (const SweepValue& value : plan->values) {
        texts.push_back(value.text);
    }
    return texts;
}

TEST(SweepPlan, ReadsRangesOfCounts) {
    EXPECT_THAT(textsOf("workers=1..4"), ElementsAre("1", "2", "3", "4"));
    EXPECT_THAT(textsOf("workers = 1..16 step 5"), ElementsAre("1", "6", "11", "16"));
    EXPECT_EQ(textsOf("workers=1..16").size(), 16u);
}

TEST(SweepPlan, ReadsListsAndWords) {
    EXPECT_THAT(textsOf("workers=1,2, 4,8"), ElementsAre("1", "2", "4", "8"));
    EXPECT_THAT(textsOf("start=fork,spawn"), ElementsAre("fork", "spawn"));
    EXPECT_EQ(parseSweep("start=fork,spawn")->values.at(1).x, 2);
}

TEST(SweepPlan, DoublesDurationsUnlessAStepIsGiven) {
    EXPECT_THAT(textsOf("switch_interval=1ms..8ms"), ElementsAre("1 ms", "2 ms", "4 ms", "8 ms"));
    EXPECT_THAT(textsOf("switch_interval=5 ms..15 ms step 5 ms"),
                ElementsAre("5 ms", "10 ms", "15 ms"));
    EXPECT_THAT(textsOf("switch_interval=500us,20ms"), ElementsAre("500 µs", "20 ms"));
    EXPECT_DOUBLE_EQ(parseSweep("switch_interval=1ms..8ms")->values.at(2).x, 0.004);
}

TEST(SweepPlan, ReadsSharesInTens) {
    EXPECT_EQ(textsOf("io_share=0..100").size(), 11u);
    EXPECT_THAT(textsOf("io_share=0 %..50 % step 25"), ElementsAre("0 %", "25 %", "50 %"));
    EXPECT_THAT(textsOf("task_size=25,100,400"), ElementsAre("25 %", "100 %", "400 %"));
}

TEST(SweepPlan, SaysHowASweepIsWritten) {
    for (const char* wrong :
         {"", "workers", "=1", "workers=", "workers=1,,2", "workers=4..1", "workers=0..3",
          "workers=1.5,2", "workers=1ms..5ms", "workers=1..3 step 0", "workers=1..9 step 1ms",
          "switch_interval=0s..1s", "switch_interval=1ms,5", "workers=1..1000000",
          "io_share=0..200", "io_share=a,b", "task_size=0..50", "workers=1..nan"}) {
        EXPECT_THAT(textsOf(wrong).front(), HasSubstr("write it KEY=1..16")) << wrong;
    }
}

scenario::Scenario twoKinds() {
    return *scenario::parseScenario("[[task]]\nname = \"t\"\ncount = 8\n"
                                    "steps = [{ compute = \"30 ms\" }, { io = \"10 ms\" }]\n",
                                    "t.toml");
}

RunRequest requestWith(const std::string& sweep, std::size_t index) {
    const auto plan = parseSweep(sweep);
    RunRequest request;
    request.scenario = twoKinds();
    return *requestAt(std::move(request), *plan, plan->values.at(index));
}

TEST(SweepPlan, ChangesTheRequestAtEachPoint) {
    EXPECT_EQ(requestWith("workers=2,6", 1).workers, 6);
    EXPECT_THAT(requestWith("pool=fixed,per-task", 1).settings,
                ElementsAre(testing::Pair("pool", "per-task")));
    const auto steps = requestWith("io_share=75,100", 0).scenario.tasks.at(0).steps;
    EXPECT_EQ(std::get<scenario::ComputeStep>(steps.at(0).what).work.nominalNs, 10'000'000);
    EXPECT_EQ(std::get<scenario::IoStep>(steps.at(1).what).latency.nominalNs, 30'000'000);
    EXPECT_EQ(requestWith("task_size=50,400", 0).scenario.tasks.at(0).count, 16u);
}

} // namespace
} // namespace interleave::run
