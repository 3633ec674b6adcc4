// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/predict_step.h"

#include "tests/ui/lessons/lesson_folder.h"
#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/question_box.h"

#include <QCheckBox>
#include <QLineEdit>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Questions : public testing::Test {
protected:
    Questions() { step.ask(lesson); }
    QCheckBox* unknown(std::size_t index) {
        for (auto* box : step.boxes()[index]->findChildren<QCheckBox*>()) {
            if (box->text() == QStringLiteral("I do not know")) {
                return box;
            }
        }
        return nullptr;
    }

    LessonFolder folder;
    lesson::Lesson lesson = folder.lesson();
    PredictStep step;
};

TEST_F(Questions, AreAllAnsweredOrSaidNotToBeKnown) {
    ASSERT_EQ(step.boxes().size(), 4U);
    EXPECT_FALSE(step.isComplete());
    ASSERT_NE(step.finishLine(), nullptr);
    step.finishLine()->moveTo(200 * kMs);
    for (std::size_t i = 1; i < 4; ++i) {
        EXPECT_FALSE(step.isComplete()) << i;
        unknown(i)->setChecked(true);
    }
    EXPECT_TRUE(step.isComplete());
    const auto answers = step.answers();
    ASSERT_TRUE(answers[0]);
    EXPECT_DOUBLE_EQ(answers[0]->number, 0.2);
    EXPECT_FALSE(answers[1]);
    unknown(1)->setChecked(false);
    EXPECT_FALSE(step.isComplete());
}

TEST_F(Questions, AreNotAnsweredByWhatIsNotUnderstood) {
    for (std::size_t i = 1; i < 4; ++i) {
        unknown(i)->setChecked(true);
    }
    auto* edit = step.boxes()[0]->findChild<QLineEdit*>(QStringLiteral("number"));
    edit->setText(QStringLiteral("later"));
    EXPECT_FALSE(step.isComplete());
    edit->setText(QStringLiteral("1 s"));
    EXPECT_TRUE(step.isComplete());
}

TEST_F(Questions, AreGivenUpForAnAudienceButForThoseThatHaveAnAnswer) {
    step.finishLine()->moveTo(200 * kMs);
    step.giveUpTheRest();
    EXPECT_TRUE(step.isComplete());
    EXPECT_TRUE(step.answers()[0]);
    EXPECT_FALSE(step.answers()[3]);
}

TEST_F(Questions, AreNotChangedOnceTheRunsHaveBegun) {
    step.setLocked(true);
    for (const QuestionBox* box : step.boxes()) {
        EXPECT_FALSE(box->isEnabled());
    }
    step.ask(lesson);
    EXPECT_TRUE(step.boxes().front()->isEnabled());
    EXPECT_FALSE(step.isComplete());
}

} // namespace
} // namespace interleave::ui
