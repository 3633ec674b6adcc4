// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/expression.h"

#include "engine/analysis/named_value.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using testing::HasSubstr;

Result<void> checkAny(std::string_view name) {
    return name == "unheard_of" ? Result<void>(fail("a name was expected")) : Result<void>();
}

std::optional<double> valueOfLetter(std::string_view name) {
    return name == "a" ? std::optional(2.0) : name == "run.b" ? std::optional(0.5) : std::nullopt;
}

Result<double> reckon(std::string_view text) {
    const auto expression = Expression::parse(text, Expression::Kind::Number, checkAny);
    return expression ? expression->value(valueOfLetter) : std::unexpected(expression.error());
}

Result<bool> judge(std::string_view text) {
    const auto expression = Expression::parse(text, Expression::Kind::Condition, checkAny);
    return expression ? expression->holds(valueOfLetter) : std::unexpected(expression.error());
}

TEST(Expression, ReckonsFromLeftToRightAndProductsFirst) {
    EXPECT_EQ(reckon("1 + 2 * a - 8 / 4 / 2"), 4);
    EXPECT_EQ(reckon("(1 + 2) * a"), 6);
    EXPECT_EQ(reckon("-a-run.b"), -2.5);
    EXPECT_EQ(reckon("25 % * 1e-1"), 0.025);
}

TEST(Expression, ComparesWhatIsReckonedOnBothSides) {
    EXPECT_EQ(judge("run.b * 4 == a and not a < 2"), true);
    EXPECT_EQ(judge("a > 1 + 1 or a + 1 > 3"), false);
    EXPECT_EQ(judge("(a + 1) * 2 >= 6"), true);
    EXPECT_EQ(judge("(a == 2 or a == 3) and run.b == 9"), false);
}

TEST(Expression, KeepsNumbersAndConditionsApart) {
    EXPECT_THAT(judge("a + 1").error().message, HasSubstr("one of < <= > >= == != was expected"));
    EXPECT_THAT(judge("a and a > 1").error().message, HasSubstr("column 3, \"and\""));
    EXPECT_THAT(reckon("a > 1").error().message, HasSubstr("a number is wanted"));
    EXPECT_THAT(judge("(a > 1) + 1 > 2").error().message, HasSubstr("can't be reckoned with"));
    EXPECT_FALSE(judge("a > (a > 1)"));
    EXPECT_FALSE(judge("a < 1 < 2"));
    EXPECT_FALSE(judge("not a"));
}

TEST(Expression, SaysWhereItGoesWrong) {
    EXPECT_THAT(reckon("1 + unheard_of").error().message,
                HasSubstr("column 5, \"unheard_of\": a name was expected"));
    EXPECT_THAT(reckon("1 +").error().message, HasSubstr("its end: a number was expected"));
    EXPECT_THAT(reckon("1x").error().message, HasSubstr("a number was expected"));
    EXPECT_THAT(reckon("a ? 1").error().message, HasSubstr("column 3, \"?\""));
    EXPECT_FALSE(reckon("locks.\"never ended"));
}

TEST(Expression, HasNoValueWhereOneIsMissingOrNothingDivides) {
    EXPECT_THAT(reckon("1 + c").error().message, HasSubstr("needs c, which is not known"));
    EXPECT_THAT(reckon("1 / (a - 2)").error().message, HasSubstr("divides by nothing"));
    EXPECT_EQ(judge("a == 2 or c > 1"), true) << "what decides already needs no more";
}

TEST(Expression, RefusesTextsThatWouldExhaustTheStack) {
    EXPECT_FALSE(reckon(std::string(100'000, '(') + "1"));
    EXPECT_FALSE(reckon(std::string(100'000, '-') + "1"));
    std::string sum = "1";
    for (int i = 0; i < 100'000; ++i) {
        sum += "+1";
    }
    EXPECT_FALSE(reckon(sum));
}

TEST(NamedValue, KnowsSingleLocksByName) {
    const auto recording = support::demoRecording();
    const auto statistics = statisticsOf(*recording);
    ASSERT_FALSE(statistics.locks.empty());
    const LockStatistics& lock = statistics.locks.front();
    const std::string name = "locks.\"" + lock.name + "\".";
    EXPECT_TRUE(checkTotalName(name + "wait_s"));
    EXPECT_FALSE(checkTotalName(name + "weight"));
    EXPECT_EQ(totalNamed(name + "hold_s", *recording, statistics), toSeconds(lock.holdNs));
    EXPECT_FALSE(totalNamed("locks.nobody.hold_s", *recording, statistics));
}

TEST(NamedValue, TellsTheLongestSpanOfAState) {
    const auto recording = support::sketch("a: RRGGGRRGd\n"
                                           "b: GGRRRGGGG\n",
                                           1'000'000);
    EXPECT_DOUBLE_EQ(*totalNamed("waiting_gil_longest_s", *recording, statisticsOf(*recording)),
                     0.004);
}

} // namespace
} // namespace interleave::analysis
