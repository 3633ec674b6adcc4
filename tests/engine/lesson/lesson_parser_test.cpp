// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson.h"

#include <gmock/gmock.h>

namespace interleave::lesson {
namespace {

using testing::HasSubstr;

const std::string kRoot = "name = \"N\"\n"
                          "goal = \"G\"\n"
                          "scenario = \"ten-dishes\"\n";
const std::string kRun = "[[run]]\nname = \"threads\"\nmodel = \"threads\"\n";
const std::string kQuestion = "[[question]]\nkind = \"finish-line\"\nask = \"When?\"\n";
const std::string kPhenomenon =
    "[[phenomenon]]\nsays = \"It ends\"\nholds = \"threads.makespan_s > 0\"\n";

Result<Lesson> parse(const std::string& text) {
    return parseLesson(text, "05-x/lesson.toml");
}

std::string complaint(const std::string& text) {
    const auto lesson = parse(text);
    return lesson ? "" : lesson.error().message;
}

TEST(LessonParser, ReadsWhatALessonNeedsAtLeast) {
    const auto lesson = parse(kRoot + kRun + kQuestion + kPhenomenon);
    ASSERT_TRUE(lesson) << lesson.error().message;
    EXPECT_EQ(lesson->id, "05-x");
    EXPECT_EQ(lesson->textFile, "text.md");
    ASSERT_EQ(lesson->runs.size(), 1u);
    EXPECT_EQ(lesson->runs[0].scenarioName, "ten-dishes");
    EXPECT_EQ(lesson->questions.at(0).run, "threads") << "there is only one run";
    EXPECT_EQ(lesson->questions[0].unit, "s");
    EXPECT_FALSE(lesson->exercise);
}

TEST(LessonParser, ReadsSettingsFaultsPlaysAndAnExercise) {
    const auto lesson = parse(kRoot + kRun +
                              "workers = 3\nset = { pool = \"fixed\", prefetch = 2, x = true }\n"
                              "faults = [\"kill-worker@150ms\"]\n" +
                              kQuestion + kPhenomenon +
                              "[[play]]\nkey = \"workers\"\nvalues = [\"1\", \"2\"]\n"
                              "[exercise]\nask = \"Faster!\"\npasses = \"makespan_s < 1\"\n");
    ASSERT_TRUE(lesson) << lesson.error().message;
    const LessonRun& run = lesson->runs.at(0);
    EXPECT_EQ(run.workers, 3);
    EXPECT_THAT(run.settings, testing::UnorderedElementsAre(testing::Pair("pool", "fixed"),
                                                            testing::Pair("prefetch", "2"),
                                                            testing::Pair("x", "true")));
    EXPECT_EQ(run.faults.size(), 1u);
    EXPECT_THAT(lesson->plays.at(0).values, testing::ElementsAre("1", "2"));
    EXPECT_EQ(lesson->exercise->passes.text(), "makespan_s < 1");
}

TEST(LessonParser, ReadsEveryKindOfQuestion) {
    const auto lesson = parse(
        kRoot + kRun + kPhenomenon +
        "[[question]]\nkind = \"choice\"\nask = \"A?\"\nchoices = [\n"
        "  { text = \"one\", when = \"threads.parallelism_max == 1\" }, { text = \"more\" }]\n"
        "[[question]]\nkind = \"number\"\nask = \"B?\"\nanswer = \"2 * makespan_s\"\n"
        "unit = \"s\"\ntolerance = 30\n"
        "[[question]]\nkind = \"order\"\nask = \"C?\"\nitems = [\n"
        "  { text = \"x\", by = \"cpu_s\" }, { text = \"y\", by = \"makespan_s\" }]\n");
    ASSERT_TRUE(lesson) << lesson.error().message;
    ASSERT_EQ(lesson->questions.size(), 3u);
    EXPECT_FALSE(lesson->questions[0].choices.at(1).when);
    EXPECT_DOUBLE_EQ(lesson->questions[1].tolerance, 0.3);
    EXPECT_EQ(lesson->questions[2].items.at(1).by.text(), "makespan_s");
}

TEST(LessonParser, SaysWhereAMistakeIsAndWhatIsAllowed) {
    EXPECT_THAT(complaint("name = 3\n"), HasSubstr("05-x/lesson.toml:1:8: name of a lesson"));
    EXPECT_THAT(complaint("goal = \"G\"\n"), HasSubstr("a lesson has no name"));
    EXPECT_THAT(complaint("nane = \"N\"\n"), HasSubstr("did you mean \"name\"?"));
    EXPECT_THAT(complaint(kRoot + kRun + kQuestion + kPhenomenon + "[exercize]\n"),
                HasSubstr("did you mean \"exercise\"?"));
    EXPECT_THAT(complaint(kRoot + "[[run]]\nname = \"not\"\nmodel = \"threads\"\n"),
                HasSubstr("lesson.toml:5:8: a run can't be called \"not\""));
    EXPECT_THAT(complaint(kRoot + "[[run]]\nname = \"a\"\n"),
                HasSubstr("a run needs a scenario and a model"));
    EXPECT_THAT(complaint(kRoot + kRun + kRun), HasSubstr("there is a run called \"threads\""));
    EXPECT_THAT(complaint(kRoot + kRun + kQuestion), HasSubstr("at least one [[phenomenon]]"));
    EXPECT_THAT(complaint("name = "), HasSubstr("this is not TOML"));
    EXPECT_THAT(complaint(std::string("\0\xff", 2)), HasSubstr("is not a text file"));
}

TEST(LessonParser, SaysWhichPartOfAnExpressionIsWrong) {
    const auto withCondition = [](const std::string& condition) {
        return complaint(kRoot + kRun + "[[run]]\nname = \"other\"\nmodel = \"sequential\"\n" +
                         "[[phenomenon]]\nsays = \"x\"\nholds = \"" + condition + "\"\n");
    };
    EXPECT_THAT(withCondition("makespan_s > 1"), HasSubstr("the runs are threads and other"));
    EXPECT_THAT(withCondition("threads.makespan > 1"), HasSubstr("known are makespan_s"));
    EXPECT_THAT(withCondition("threads.makespan_s > 1"), HasSubstr("at least one [[question]]"))
        << "and nothing is wrong with the condition";
    EXPECT_THAT(withCondition("threads.makespan_s"), HasSubstr("lesson.toml:12:9: "));
    EXPECT_THAT(withCondition("threads.exit_code > 1"), HasSubstr("only the run of a program"));
}

TEST(LessonParser, RefusesQuestionsWithoutAWayToTheAnswer) {
    const auto asking = [](const std::string& question) {
        return complaint(kRoot + kRun + kPhenomenon + "[[question]]\nask = \"?\"\n" + question);
    };
    EXPECT_THAT(asking("kind = \"riddle\"\n"), HasSubstr("choice, number, order or finish-line"));
    EXPECT_THAT(asking("kind = \"choice\"\nchoices = [{ text = \"a\" }]\n"),
                HasSubstr("needs 2 to 20 choices"));
    EXPECT_THAT(asking("kind = \"choice\"\nchoices = [{ text = \"a\" }, { text = \"b\" }]\n"),
                HasSubstr("one choice has no \"when\""));
    EXPECT_THAT(asking("kind = \"number\"\n"), HasSubstr("the question has no answer"));
    EXPECT_THAT(asking("kind = \"finish-line\"\nrun = \"who\"\n"),
                HasSubstr("names the run \"who\", the runs are threads"));
    EXPECT_THAT(asking("kind = \"order\"\nitems = [{ text = \"a\" }, { text = \"b\" }]\n"),
                HasSubstr("an item needs the number that it is ordered by"));
}

} // namespace
} // namespace interleave::lesson
