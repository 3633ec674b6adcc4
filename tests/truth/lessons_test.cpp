// SPDX-License-Identifier: GPL-3.0-or-later
// Every lesson that is shipped, taken as a student would: its runs show what it is about.
#include "tests/truth/program_run.h"

#include <gtest/gtest.h>

namespace interleave::truth {
namespace {

class ShippedLesson : public testing::TestWithParam<int> {};

TEST_P(ShippedLesson, ShowsWhatItIsAbout) {
    expectWithinThreeTries([]() -> std::string {
        const ProgramResult result = runProgram({"lesson", std::to_string(GetParam()), "--check"});
        return result.exitCode == 0 ? "" : result.out + result.err;
    });
}

INSTANTIATE_TEST_SUITE_P(Each, ShippedLesson, testing::Range(1, 13));

TEST(Lesson, ScoresPredictionsAndSaysWhatWasMeasured) {
    const ProgramResult result =
        runProgram({"lesson", "12", "--answer", "12", "--answer", "b", "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.err;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json.at("questions").at(0).at("right_value"), 12);
    EXPECT_EQ(json.at("questions").at(0).at("score"), 1);
    EXPECT_EQ(json.at("questions").at(1).at("predicted"), "b) Only the slow one's");
    EXPECT_EQ(json.at("runs").size(), 3u);
    EXPECT_TRUE(json.at("phenomena").at(0).at("seen"));
}

TEST(Lesson, RefusesAnAnswerThatIsNone) {
    const ProgramResult result = runProgram({"lesson", "2", "--answer", "many"});
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_NE(result.err.find("is no number"), std::string::npos) << result.err;
}

TEST(Lesson, SaysWhetherItsExerciseIsSolved) {
    const ProgramResult unsolved = runProgram({"lesson", "4", "--play", "workers=3"});
    EXPECT_EQ(unsolved.exitCode, 1) << unsolved.err;
    EXPECT_NE(unsolved.out.find("Not solved yet."), std::string::npos) << unsolved.out;
    const ProgramResult solved = runProgram({"lesson", "4", "--play", "model=processes"});
    EXPECT_EQ(solved.exitCode, 0) << solved.err;
    EXPECT_NE(solved.out.find("Solved."), std::string::npos) << solved.out;
}

} // namespace
} // namespace interleave::truth
