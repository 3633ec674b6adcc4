// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/comparison.h"

#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using testing::ElementsAre;

ComparisonRow row(const char* model, int workers = 2, const char* scenario = "dishes") {
    ComparisonRow made;
    made.info.scenario = scenario;
    made.info.model = model;
    made.info.workers = workers;
    made.info.cores = 2;
    return made;
}

TEST(RunGroups, RunsOfTheSameSettingsBelongTogetherWhereverTheyStand) {
    std::vector<ComparisonRow> rows{row("threads"), row("processes"), row("threads"),
                                    row("processes"), row("threads")};
    const std::vector<RunGroup> groups = runGroups(rows);
    ASSERT_EQ(groups.size(), 2u);
    EXPECT_THAT(groups[0].rows, ElementsAre(0u, 2u, 4u));
    EXPECT_THAT(groups[1].rows, ElementsAre(1u, 3u));
    EXPECT_EQ(rows[4].group, 0u);
    EXPECT_EQ(rows[3].group, 1u);
}

TEST(RunGroups, WhateverDiffersMakesAGroupOfItsOwn) {
    std::vector<ComparisonRow> rows{row("threads"), row("threads", 4),
                                    row("threads", 2, "one lock"), row("threads"), row("threads")};
    rows[3].info.cores = 8;
    rows[4].info.parameters = {{"pool", "per-task"}};
    EXPECT_EQ(runGroups(rows).size(), 5u);
}

TEST(RunGroups, TheSeedAndTheTimeOfDayDoNot) {
    std::vector<ComparisonRow> rows{row("threads"), row("threads")};
    rows[1].info.seed = 7;
    rows[1].info.startedAt = "2026-01-01T00:00:00Z";
    EXPECT_EQ(runGroups(rows).size(), 1u);
}

TEST(RunGroups, OfNothingThereAreNone) {
    std::vector<ComparisonRow> rows;
    EXPECT_TRUE(runGroups(rows).empty());
}

} // namespace
} // namespace interleave::analysis
