// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/prediction.h"

#include <gmock/gmock.h>

namespace interleave::lesson {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

analysis::Expression expression(const std::string& text, analysis::Expression::Kind kind) {
    return *analysis::Expression::parse(text, kind,
                                        [](std::string_view) { return Result<void>(); });
}

std::optional<double> valueOf(std::string_view name) {
    return name == "a"   ? std::optional(0.2)
           : name == "b" ? std::optional(0.6)
           : name == "c" ? std::optional(0.61)
                         : std::nullopt;
}

Question choice() {
    Question question;
    question.choices.push_back(
        {"faster", expression("a > b", analysis::Expression::Kind::Condition)});
    question.choices.push_back(
        {"slower", expression("a < b", analysis::Expression::Kind::Condition)});
    question.choices.push_back({"the same", std::nullopt});
    return question;
}

Question number(const std::string& unit, const std::string& answer = "b") {
    Question question;
    question.kind = Question::Kind::Number;
    question.unit = unit;
    question.answer = expression(answer, analysis::Expression::Kind::Number);
    return question;
}

Question order() {
    Question question;
    question.kind = Question::Kind::Order;
    for (const char* name : {"c", "a", "b"}) {
        question.items.push_back({name, expression(name, analysis::Expression::Kind::Number)});
    }
    return question;
}

double score(const Question& question, const std::string& answer) {
    return *scoreOf(question, *parseAnswer(question, answer), valueOf);
}

TEST(Prediction, ReadsAChoiceByLetterOrNumber) {
    EXPECT_EQ(parseAnswer(choice(), " b ")->choice, 1u);
    EXPECT_EQ(parseAnswer(choice(), "C")->choice, 2u);
    EXPECT_EQ(parseAnswer(choice(), "1")->choice, 0u);
    for (const char* wrong : {"", "d", "0", "4", "-1", "bb", "99999999999999999999"}) {
        EXPECT_THAT(parseAnswer(choice(), wrong).error().message, HasSubstr("give a to c"))
            << wrong;
    }
}

TEST(Prediction, ReadsDurationsAndPlainNumbers) {
    EXPECT_DOUBLE_EQ(parseAnswer(number("s"), "620 ms")->number, 0.62);
    EXPECT_DOUBLE_EQ(parseAnswer(number("s"), "0.62")->number, 0.62);
    EXPECT_DOUBLE_EQ(parseAnswer(number("%"), "45 %")->number, 0.45);
    EXPECT_DOUBLE_EQ(parseAnswer(number("tasks"), "3 tasks")->number, 3);
    for (const char* wrong : {"", "soon", "-1", "20 ms ± 50 %", "nan", "inf"}) {
        EXPECT_FALSE(parseAnswer(number("s"), wrong)) << wrong;
    }
}

TEST(Prediction, ReadsAnOrderOfAllItems) {
    EXPECT_THAT(parseAnswer(order(), "b,c, a")->order, ElementsAre(1, 2, 0));
    EXPECT_THAT(parseAnswer(order(), "2 > 1 > 3")->order, ElementsAre(1, 0, 2));
    for (const char* wrong : {"", "a,b", "a,a,b", "a,b,d", "a,b,c,a"}) {
        EXPECT_FALSE(parseAnswer(order(), wrong)) << wrong;
    }
}

TEST(Prediction, ComputesTheRightAnswerFromTheRuns) {
    EXPECT_EQ(rightAnswer(choice(), valueOf)->choice, 1u);
    EXPECT_DOUBLE_EQ(rightAnswer(number("s", "b / a"), valueOf)->number, 0.6 / 0.2);
    EXPECT_THAT(rightAnswer(order(), valueOf)->order, ElementsAre(1, 2, 0));
    EXPECT_THAT(rightAnswer(number("s", "unknown"), valueOf).error().message,
                HasSubstr("needs unknown"));
}

TEST(Prediction, TakesTheChoiceWithoutAConditionIfNoneHolds) {
    const auto nothing = [](std::string_view) { return std::optional(1.0); };
    EXPECT_EQ(rightAnswer(choice(), nothing)->choice, 2u);
}

TEST(Prediction, ScoresNumbersByHowManyTimesTheyAreOff) {
    EXPECT_DOUBLE_EQ(score(number("s"), "600 ms"), 1);
    EXPECT_DOUBLE_EQ(score(number("s"), "650 ms"), 1) << "within 10 %";
    EXPECT_NEAR(score(number("s"), "300 ms"), score(number("s"), "1.2 s"), 1e-9);
    EXPECT_GT(score(number("s"), "900 ms"), 0.5);
    EXPECT_LT(score(number("s"), "1.5 s"), 0.3);
    EXPECT_DOUBLE_EQ(score(number("s"), "6 s"), 0);
    EXPECT_DOUBLE_EQ(score(number("s"), "0 s"), 0);
    EXPECT_DOUBLE_EQ(score(number("", "a - a"), "0"), 1);
    EXPECT_DOUBLE_EQ(score(number("", "a - a"), "1"), 0);
}

TEST(Prediction, ScoresAnOrderByItsPairsAndForgivesTies) {
    EXPECT_DOUBLE_EQ(score(order(), "b,c,a"), 1);
    EXPECT_DOUBLE_EQ(score(order(), "b,a,c"), 1) << "0.60 and 0.61 are a tie";
    EXPECT_DOUBLE_EQ(score(order(), "a,c,b"), 0);
    EXPECT_NEAR(score(order(), "c,b,a"), 1.0 / 3, 1e-9);
}

TEST(Prediction, WritesNumbersAsPeopleReadThem) {
    EXPECT_EQ(numberText(0.62, "s"), "620 ms");
    EXPECT_EQ(numberText(0.453, "%"), "45.3 %");
    EXPECT_EQ(numberText(12, "copies"), "12 copies");
    EXPECT_EQ(numberText(2.3456, "times"), "2.35 times");
    EXPECT_EQ(textOf(order(), *parseAnswer(order(), "b,c,a")), "a, then b, then c");
    EXPECT_EQ(textOf(choice(), *parseAnswer(choice(), "b")), "b) slower");
}

} // namespace
} // namespace interleave::lesson
