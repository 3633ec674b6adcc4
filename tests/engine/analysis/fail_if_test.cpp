// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/fail_if.h"
#include "engine/analysis/named_value.h"

#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using testing::HasSubstr;

Result<bool> fails(const std::string& text) {
    const auto recording = support::sketch("a: QQRRRRRRGGd\n"
                                           "b: QQGGGGGGRRf\n",
                                           1'000'000);
    const auto condition = FailCondition::parse(text);
    if (!condition) {
        return std::unexpected(condition.error());
    }
    return condition->holds(*recording, statisticsOf(*recording));
}

TEST(FailIf, ComparesTotalsWithNumbers) {
    EXPECT_EQ(fails("waiting_gil_share > 0.39"), true);
    EXPECT_EQ(fails("waiting_gil_share > 0.5"), false);
    EXPECT_EQ(fails("waiting_gil_share >= 40 %"), true);
    EXPECT_EQ(fails("waiting_gil_s<=0.008"), true);
    EXPECT_EQ(fails("makespan_s == 0.01"), true);
    EXPECT_EQ(fails("tasks_failed != 0"), true);
    EXPECT_EQ(fails("parallelism_max < 2"), true);
}

TEST(FailIf, BindsAndCloserThanOr) {
    EXPECT_EQ(fails("tasks_total == 2 or tasks_total == 3 and tasks_failed == 9"), true);
    EXPECT_EQ(fails("(tasks_total == 2 or tasks_total == 3) and tasks_failed == 9"), false);
    EXPECT_EQ(fails("not tasks_total == 2"), false);
}

TEST(FailIf, NamesWhatItDoesNotUnderstand) {
    const auto unknown = fails("waiting_gli_share > 0.5");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, HasSubstr("waiting_gli_share"));
    EXPECT_THAT(unknown.error().message, HasSubstr("makespan_s"));
    EXPECT_THAT(unknown.error().message, HasSubstr("waiting_gil_share"));
    EXPECT_THAT(fails("makespan_s > ").error().message, HasSubstr("a number was expected"));
    EXPECT_THAT(fails("makespan_s = 1").error().message, HasSubstr("column 12"));
    EXPECT_THAT(fails("makespan_s > 1 2").error().message, HasSubstr("\"and\", \"or\""));
    EXPECT_THAT(fails("(makespan_s > 1").error().message, HasSubstr("parenthesis"));
    EXPECT_FALSE(fails(""));
    EXPECT_FALSE(fails("held_share > 0"));
    EXPECT_FALSE(fails("done_s > 0"));
}

TEST(FailIf, RefusesToGuessWhatIsNotKnown) {
    const auto unknown = fails("cpu_s > 1");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, HasSubstr("not known"));
}

TEST(FailIf, RefusesDeepNestingInsteadOfCrashing) {
    EXPECT_FALSE(fails(std::string(100'000, '(') + "makespan_s > 1"));
    std::string chain = "not ";
    for (int i = 0; i < 10'000; ++i) {
        chain += "not ";
    }
    EXPECT_FALSE(fails(chain + "makespan_s > 1"));
}

TEST(FailIf, KnowsAValueForEveryNameItLists) {
    const auto recording = support::demoRecording();
    auto statistics = statisticsOf(*recording);
    statistics.cpuNs = 1;
    statistics.voluntarySwitches = statistics.involuntarySwitches = statistics.migrations = 1;
    statistics.messages.emplace(); // there was a broker
    for (const std::string& name : totalNames()) {
        EXPECT_TRUE(totalNamed(name, *recording, statistics)) << name;
    }
}

} // namespace
} // namespace interleave::analysis
