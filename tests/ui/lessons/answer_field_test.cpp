// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/answer_field.h"

#include "tests/ui/lessons/lesson_folder.h"
#include "ui/lessons/finish_line_axis.h"
#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/nominal_work.h"
#include "ui/lessons/wrapped_radio.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class AnAnswer : public testing::Test {
protected:
    std::unique_ptr<AnswerField> fieldFor(lesson::Question::Kind kind) {
        const auto question = std::ranges::find(lesson.questions, kind, &lesson::Question::kind);
        return std::unique_ptr<AnswerField>(makeAnswerField(lesson, *question));
    }

    LessonFolder folder;
    lesson::Lesson lesson = folder.lesson();
};

TEST_F(AnAnswer, ToAChoiceIsNoneUntilOneIsChosenByMouseOrKey) {
    const auto field = fieldFor(lesson::Question::Kind::Choice);
    EXPECT_FALSE(field->answer());
    QSignalSpy changed(field.get(), &AnswerField::changed);
    const auto buttons = field->findChildren<WrappedRadio*>();
    ASSERT_EQ(buttons.size(), 2);
    EXPECT_EQ(buttons[0]->accessibleName(), QStringLiteral("a)  One & only"));
    QTest::mouseClick(buttons[1], Qt::LeftButton, {}, QPoint(60, 6));
    ASSERT_TRUE(field->answer());
    EXPECT_EQ(field->answer()->choice, 1U);
    QTest::keyClick(buttons[0], Qt::Key_Space);
    EXPECT_EQ(field->answer()->choice, 0U);
    EXPECT_EQ(changed.count(), 2);
}

TEST_F(AnAnswer, ToAQuestionWithALongTextTakesMoreLines) {
    WrappedRadio radio(QStringLiteral("a long answer that goes on and on ").repeated(6));
    EXPECT_GT(radio.heightForWidth(200), 3 * radio.fontMetrics().height());
    EXPECT_LT(radio.heightForWidth(4000), 3 * radio.fontMetrics().height());
}

TEST_F(AnAnswer, ThatIsANumberSaysWhatIsWrongInTheWordsOfTheCommandLine) {
    const auto field = fieldFor(lesson::Question::Kind::Number);
    EXPECT_FALSE(field->answer());
    EXPECT_TRUE(field->problem().isEmpty());
    auto* edit = field->findChild<QLineEdit*>(QStringLiteral("number"));
    QTest::keyClicks(edit, QStringLiteral("many"));
    EXPECT_FALSE(field->answer());
    EXPECT_TRUE(field->problem().contains(QStringLiteral("is no number")))
        << field->problem().toStdString();
    edit->setText(QStringLiteral("2 cooks"));
    ASSERT_TRUE(field->answer());
    EXPECT_DOUBLE_EQ(field->answer()->number, 2);
    EXPECT_TRUE(field->problem().isEmpty());
}

TEST_F(AnAnswer, ThatIsAnOrderCountsOnceItWasMovedOrConfirmed) {
    const auto field = fieldFor(lesson::Question::Kind::Order);
    EXPECT_FALSE(field->answer()) << "the order in which they are asked is no answer";
    field->findChild<QCheckBox*>()->setChecked(true);
    ASSERT_TRUE(field->answer());
    EXPECT_THAT(field->answer()->order, testing::ElementsAre(0, 1));
    field->findChild<QCheckBox*>()->setChecked(false);
    field->findChild<QListWidget*>()->setCurrentRow(0);
    for (auto* button : field->findChildren<QToolButton*>()) {
        EXPECT_FALSE(button->accessibleName().isEmpty());
        if (button->arrowType() == Qt::DownArrow) {
            button->click();
        }
    }
    ASSERT_TRUE(field->answer());
    EXPECT_THAT(field->answer()->order, testing::ElementsAre(1, 0));
}

TEST_F(AnAnswer, ThatIsAFinishLineIsDraggedOrTyped) {
    const auto field = fieldFor(lesson::Question::Kind::FinishLine);
    auto& axis = static_cast<FinishLineField&>(*field).axis();
    auto* edit = field->findChild<QLineEdit*>(QStringLiteral("number"));
    EXPECT_FALSE(field->answer());
    axis.resize(400, 90);
    QTest::mousePress(&axis, Qt::LeftButton, {}, QPoint(100, 50));
    QTest::mouseMove(&axis, QPoint(200, 50));
    QTest::mouseRelease(&axis, Qt::LeftButton, {}, QPoint(200, 50));
    ASSERT_TRUE(field->answer());
    const double half = toSeconds(axis.length()) / 2;
    EXPECT_NEAR(field->answer()->number, half, half / 20);
    edit->setText(QStringLiteral("120 ms"));
    EXPECT_EQ(axis.flag(), 120 * kMs);
    edit->setText(QStringLiteral("soon"));
    EXPECT_EQ(axis.flag(), std::nullopt);
    EXPECT_FALSE(field->problem().isEmpty());
}

TEST_F(AnAnswer, IsLookedForOnAnAxisThatComesFromTheWorkAlone) {
    EXPECT_EQ(nominalWork(lesson.runs[0].scenario), 300 * kMs);
    EXPECT_EQ(axisLengthFor(lesson, lesson.questions[0]), 500 * kMs);
}

} // namespace
} // namespace interleave::ui
