// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_runs.h"

#include "engine/lesson/lesson_result.h"
#include "tests/support/recording_sketch.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace interleave::lesson {
namespace {

using testing::HasSubstr;

LessonRun gilRun() {
    return findLesson("4")->runs.at(1);
}

Result<LessonRun> changed(std::vector<Change> changes) {
    return changedRun(gilRun(), changes);
}

TEST(LessonRuns, ChangeWhatAStudentChanges) {
    const auto run = changed({{"workers", "2"}, {"switch_interval", "1 ms"}});
    ASSERT_TRUE(run) << run.error().message;
    const auto request = requestOf(*run);
    EXPECT_EQ(request.workers, 2);
    EXPECT_THAT(request.settings, testing::ElementsAre(testing::Pair("switch_interval", "1 ms")));
    EXPECT_EQ(changed({{"model", "processes"}})->model, "processes");
}

TEST(LessonRuns, AnotherModelDropsWhatTheLessonSetForItsOwn) {
    const auto lesson = findLesson("10");
    ASSERT_TRUE(lesson);
    const auto run = std::ranges::find(lesson->runs, "crumbs", &LessonRun::name);
    ASSERT_EQ(run->settings.size(), 1U); // pool, of threads
    const auto stolen = changedRun(*run, std::vector<Change>{{"model", "work-stealing"}});
    ASSERT_TRUE(stolen) << stolen.error().message;
    EXPECT_TRUE(stolen->settings.empty());
    const auto both =
        changedRun(*run, std::vector<Change>{{"pool", "fixed"}, {"model", "gil-threads"}});
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_THAT(both->settings, testing::ElementsAre(testing::Pair("pool", "fixed")));
    EXPECT_FALSE(
        changedRun(*run, std::vector<Change>{{"pool", "fixed"}, {"model", "work-stealing"}}));
}

TEST(LessonRuns, RefuseChangesThatNobodyKnows) {
    EXPECT_THAT(changed({{"workers", "many"}}).error().message, HasSubstr("a whole number from 1"));
    EXPECT_THAT(changed({{"workers", "0"}}).error().message, HasSubstr("a whole number from 1"));
    EXPECT_THAT(changed({{"prefetch", "1"}}).error().message, HasSubstr("prefetch"));
    EXPECT_THAT(changed({{"model", "thread"}}).error().message, HasSubstr("thread"));
    const auto program =
        changedRun(findLesson("9")->runs.at(0), std::vector<Change>{{"workers", "1"}});
    EXPECT_THAT(program.error().message, HasSubstr("has no parameters"));
}

TEST(LessonValues, GiveTheNumbersOfEachRunByItsName) {
    const auto lesson = findLesson("4");
    ASSERT_TRUE(lesson);
    const auto one = support::sketch("a: RRRRd\n", 1'000'000);
    const auto four = support::sketch("a: RGRGd\nb: GRGRd\n", 1'000'000);
    const LessonValues values(*lesson, {{one, {}}, {four, 3}});
    EXPECT_DOUBLE_EQ(*values.valueOf("one.makespan_s"), 0.004);
    EXPECT_DOUBLE_EQ(*values.valueOf("four.waiting_gil_s"), 0.004);
    EXPECT_EQ(values.valueOf("four.exit_code"), 3);
    EXPECT_FALSE(values.valueOf("one.exit_code"));
    EXPECT_FALSE(values.valueOf("makespan_s"));
}

TEST(LessonValues, TellWhichPhenomenaWereSeen) {
    const auto lesson = findLesson("4");
    ASSERT_TRUE(lesson);
    const auto one = support::sketch("a: RRRRd\n", 1'000'000);
    const auto both = support::sketch("a: RRRRd\nb: RRRRd\n", 1'000'000);
    const LessonValues good(*lesson, {{one, {}}, {one, {}}});
    const LessonValues bad(*lesson, {{one, {}}, {both, {}}});
    const LessonValues none(*lesson, {});
    const Phenomenon& phenomenon = lesson->phenomena.at(0); // no two at once
    EXPECT_TRUE(look(phenomenon, good).isSeen);
    EXPECT_EQ(look(phenomenon, good).number, 1);
    EXPECT_FALSE(look(phenomenon, bad).isSeen);
    EXPECT_FALSE(look(phenomenon, none).isSeen);
    EXPECT_THAT(look(phenomenon, none).problem, HasSubstr("four.parallelism_max"));
}

} // namespace
} // namespace interleave::lesson
