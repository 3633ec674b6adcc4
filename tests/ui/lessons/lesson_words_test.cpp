// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_words.h"

#include "tests/support/recording_sketch.h"
#include "tests/ui/lessons/lesson_folder.h"
#include "ui/lessons/lesson_setup.h"
#include "ui/lessons/lesson_text.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Words : public testing::Test {
protected:
    Words()
        : values(lesson, {{support::sketch("a: RRRRd\nb: RRRRd\n", 50 * kMs), {}},
                          {support::sketch("a: RGRGd\nb: GRGRd\n", 50 * kMs), {}}}) {}

    std::vector<std::optional<lesson::Answer>> answers(double finishLine) {
        std::vector<std::optional<lesson::Answer>> given(4);
        given[0] = lesson::Answer{.choice = 0, .number = finishLine, .order = {}};
        given[1] = lesson::Answer{.choice = 0, .number = 0, .order = {}};
        return given;
    }

    LessonFolder folder;
    lesson::Lesson lesson = folder.lesson();
    lesson::LessonValues values;
};

TEST_F(Words, PutThePredictionBesideTheMeasurementWithScoreAndReason) {
    const auto outcomes = outcomesOf(lesson, answers(0.2), values);
    EXPECT_DOUBLE_EQ(outcomes[0].score, 1);
    EXPECT_DOUBLE_EQ(outcomes[1].score, 0) << "neither is faster";
    EXPECT_FALSE(outcomes[2].predicted);
    EXPECT_DOUBLE_EQ(outcomes[2].score, 0) << "not known scores nothing";
    EXPECT_EQ(scoreOf(outcomes), 25);
    const QString html = predictionsHtml(lesson, outcomes);
    EXPECT_TRUE(html.contains(QStringLiteral("200 ms")));
    EXPECT_TRUE(html.contains(QStringLiteral("100 of 100")));
    EXPECT_TRUE(html.contains(QStringLiteral("nothing: not known")));
    EXPECT_TRUE(html.contains(QStringLiteral("Together: 25 of 100.")));
    EXPECT_TRUE(html.contains(QStringLiteral("They share &lt;one&gt; knife.")))
        << "a teacher's words are no HTML";
    EXPECT_TRUE(html.contains(QStringLiteral("One &amp; only")));
}

TEST_F(Words, ScoreAPredictionThatIsFarOffLower) {
    const double near = outcomesOf(lesson, answers(0.3), values)[0].score;
    EXPECT_GT(near, 0.2);
    EXPECT_LT(near, 0.9);
    EXPECT_DOUBLE_EQ(outcomesOf(lesson, answers(2), values)[0].score, 0);
}

TEST_F(Words, SayWhatTheRunsShowWithTheNumber) {
    EXPECT_TRUE(phenomenaHtml(lesson, values).contains(QStringLiteral("✓ All dishes are done")));
    EXPECT_TRUE(phenomenaHtml(lesson, values).contains(QStringLiteral("<b>2 dishes</b>")));
    const lesson::LessonValues none(lesson, {});
    EXPECT_TRUE(phenomenaHtml(lesson, none).contains(QStringLiteral("✗ All dishes")));
}

TEST_F(Words, HaveFindingsOnlyWhereTheLessonShowsThem) {
    EXPECT_TRUE(findingsHtml(lesson, values).contains(QStringLiteral("two cooks")));
    lesson.showsFindings = false;
    EXPECT_TRUE(findingsHtml(lesson, values).isEmpty());
}

TEST_F(Words, PutTheNumbersOfTheRunsSideBySide) {
    const QString html = numbersHtml(namedResults(lesson, values));
    EXPECT_TRUE(html.contains(QStringLiteral("one cook")));
    EXPECT_EQ(html.count(QStringLiteral("200 ms")), 2);
}

TEST_F(Words, OfATeacherLoadNothingAndRunNoHtml) {
    LessonText text(QStringLiteral("text"));
    text.showMarkdown("# Title\n\n<script>alert(1)</script>\n\n![x](file:///etc/hostname) "
                      "[link](https://example.org)\n");
    EXPECT_TRUE(text.toPlainText().contains(QStringLiteral("<script>"))) << "it is only text";
    EXPECT_TRUE(text.toPlainText().contains(QStringLiteral("Title")));
    EXPECT_FALSE(text.openLinks());
    EXPECT_FALSE(text.loadResource(QTextDocument::ImageResource,
                                   QUrl(QStringLiteral("file:///etc/hostname")))
                     .isValid());
}

TEST_F(Words, OfARunBecomeTheRunnersCommandLine) {
    lesson::LessonRun run = lesson.runs[1];
    run.faults.push_back(*scenario::parseFault("kill-worker@150ms"));
    const QStringList arguments =
        setupFor(run).arguments(QStringLiteral("/s"), QStringLiteral("/o"));
    EXPECT_TRUE(arguments[1].endsWith(QStringLiteral("/cooks.toml")));
    EXPECT_TRUE(arguments[1].startsWith('/'));
    EXPECT_TRUE(arguments.join(' ').contains(
        QStringLiteral("--model gil-threads --workers 2 --fault kill-worker@150ms")));
    run = lesson.runs[1];
    run.programName = "tellers.py";
    run.program = "tellers.py";
    EXPECT_TRUE(setupFor(run).program.has_value());
    EXPECT_EQ(setupFor(run).scenarioName, QStringLiteral("two cooks"));
}

} // namespace
} // namespace interleave::ui
