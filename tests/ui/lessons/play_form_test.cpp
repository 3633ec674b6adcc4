// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/play_form.h"

#include "tests/ui/lessons/lesson_folder.h"

#include <QComboBox>
#include <QLineEdit>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class Play : public testing::Test {
protected:
    Play() {
        QObject::connect(&form, &PlayForm::runRequested, &form,
                         [this](const lesson::LessonRun& run) { asked = run; });
    }

    LessonFolder folder;
    lesson::Lesson lesson = folder.lesson();
    PlayForm form{lesson, lesson.runs[1]};
    std::optional<lesson::LessonRun> asked;
};

TEST_F(Play, BeginsWithTheLessonsOwnRunAndOffersItsValues) {
    EXPECT_TRUE(form.changes().empty());
    auto* workers = form.findChild<QComboBox*>(QStringLiteral("play-workers"));
    ASSERT_NE(workers, nullptr);
    EXPECT_EQ(workers->currentText(), QStringLiteral("2"));
    EXPECT_EQ(workers->count(), 3); // its own, and those of the lesson
    EXPECT_EQ(workers->accessibleDescription(), QStringLiteral("how many cooks"));
    EXPECT_NE(form.findChild<QComboBox*>(QStringLiteral("play-model")), nullptr)
        << "the exercise is about this run";
}

TEST_F(Play, AsksForTheChangedRun) {
    form.setValue("workers", QStringLiteral("5"));
    form.setValue("model", QStringLiteral("threads"));
    EXPECT_THAT(form.changes(), testing::UnorderedElementsAre(testing::Pair("workers", "5"),
                                                              testing::Pair("model", "threads")));
    form.runAgain();
    ASSERT_TRUE(asked) << form.problem().toStdString();
    EXPECT_EQ(asked->workers, 5);
    EXPECT_EQ(asked->model, "threads");
}

TEST_F(Play, TakesOtherParametersOfTheModel) {
    form.findChild<QLineEdit*>(QString(), Qt::FindDirectChildrenOnly)
        ->setText(QStringLiteral("switch_interval = 1 ms"));
    form.runAgain();
    ASSERT_TRUE(asked) << form.problem().toStdString();
    EXPECT_THAT(asked->settings, testing::ElementsAre(testing::Pair("switch_interval", "1 ms")));
}

TEST_F(Play, SaysWhatIsWrongAndRunsNothing) {
    form.setValue("workers", QStringLiteral("none"));
    form.runAgain();
    EXPECT_FALSE(asked);
    EXPECT_TRUE(form.problem().contains(QStringLiteral("a whole number from 1")));
    form.setValue("workers", QStringLiteral("3"));
    form.runAgain();
    EXPECT_TRUE(asked);
    EXPECT_TRUE(form.problem().isEmpty());
}

} // namespace
} // namespace interleave::ui
