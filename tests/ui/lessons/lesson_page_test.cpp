// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson from the first page to the exercise, with a script in the place of the program that
// runs.
#include "ui/lessons/lesson_page.h"

#include "tests/support/patience.h"
#include "tests/ui/lessons/lesson_folder.h"
#include "tests/ui/session/fake_program.h"
#include "tests/ui/window/window_settings.h"
#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/lesson_text.h"
#include "ui/lessons/play_form.h"
#include "ui/lessons/practise_step.h"
#include "ui/lessons/predict_step.h"
#include "ui/lessons/question_box.h"
#include "ui/lessons/result_step.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Page : public testing::Test {
protected:
    void open(const QString& script = QStringLiteral("cp $RECORDING $OUT")) {
        program = std::make_unique<FakeProgram>(script);
        queue = std::make_unique<RunQueue>(program->path(), runs);
        page = std::make_unique<LessonPage>(*queue, runs);
        QObject::connect(page.get(), &LessonPage::showRequested, page.get(),
                         [this](RunId id) { shown = {id}; });
        QObject::connect(page.get(), &LessonPage::stackRequested, page.get(),
                         [this](RunId id) { shown.push_back(id); });
        page->open(folder.lesson());
        page->show();
    }
    /// The fake run takes 6 µs.
    void predict() {
        page->goTo(LessonStep::Predict);
        page->predictStep().finishLine()->moveTo(6'000);
        page->predictStep().giveUpTheRest();
    }
    bool waitForResult() {
        return QTest::qWaitFor(
            [&] { return !queue->isBusy() && !page->resultStep().text().toPlainText().isEmpty(); },
            kPatienceMs);
    }
    QPushButton* next() { return page->findChild<QPushButton*>(QStringLiteral("stepNext")); }
    QString result() { return page->resultStep().text().toPlainText(); }

    WindowSettings settings;
    LessonFolder folder;
    RunListItemModel runs;
    std::unique_ptr<FakeProgram> program;
    std::unique_ptr<RunQueue> queue;
    std::unique_ptr<LessonPage> page;
    std::vector<RunId> shown;
};

TEST_F(Page, RunsNothingBeforeEveryQuestionHasAnAnswer) {
    open();
    EXPECT_EQ(page->step(), LessonStep::Read);
    next()->click();
    EXPECT_EQ(page->step(), LessonStep::Predict);
    EXPECT_FALSE(page->canRun());
    EXPECT_FALSE(next()->isEnabled());
    EXPECT_FALSE(page->stepBy(1));
    page->run(); // as by F5
    EXPECT_EQ(runs.rowCount(), 0);
    EXPECT_EQ(page->step(), LessonStep::Predict);
    predict();
    EXPECT_TRUE(next()->isEnabled());
    EXPECT_TRUE(page->isPredicting());
}

TEST_F(Page, MakesItsRunsAndShowsThePredictionBesideTheResult) {
    open();
    predict();
    QSignalSpy progress(page.get(), &LessonPage::progressMade);
    next()->click();
    EXPECT_EQ(page->step(), LessonStep::Result);
    EXPECT_FALSE(page->isPredicting());
    EXPECT_FALSE(page->predictStep().boxes().front()->isEnabled());
    ASSERT_TRUE(waitForResult());
    EXPECT_EQ(runs.rowCount(), 2);
    EXPECT_EQ(runs.entries()[0].setup.workers, 1);
    EXPECT_EQ(runs.entries()[1].setup.workers, 2);
    EXPECT_TRUE(result().contains(QStringLiteral("predicted"))) << result().toStdString();
    EXPECT_TRUE(result().contains(QStringLiteral("6.00 µs"))) << result().toStdString();
    EXPECT_TRUE(result().contains(QStringLiteral("100 of 100")));
    EXPECT_TRUE(result().contains(QStringLiteral("All dishes are done: 2 dishes")));
    EXPECT_EQ(progress.count(), 1);
    const LessonProgress kept = progressOf(*page->lesson());
    EXPECT_TRUE(kept.isDone);
    EXPECT_EQ(kept.score, 25);
    EXPECT_EQ(shown, page->runIds()) << "the predicted run below the other one";
}

TEST_F(Page, HasThePredictionForTheTimelineOfItsRunAlone) {
    open();
    predict();
    next()->click();
    ASSERT_TRUE(waitForResult());
    EXPECT_FALSE(page->finishLineOf(page->runIds()[0]));
    const auto line = page->finishLineOf(page->runIds()[1]);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->predictedNs, 6'000);
    EXPECT_EQ(line->measuredNs, 6'000);
    page->findChild<QToolButton*>(QStringLiteral("beginAgain"))->click();
    EXPECT_FALSE(page->finishLineOf(page->runIds()[1])) << "a new prediction begins";
    EXPECT_TRUE(page->isPredicting());
    EXPECT_FALSE(page->canRun());
}

TEST_F(Page, SaysWhyARunFailedAndKeepsThePrediction) {
    open(QStringLiteral("echo 'interleave: The stove is cold.' >&2; exit 2"));
    predict();
    next()->click();
    ASSERT_TRUE(waitForResult());
    EXPECT_TRUE(result().contains(QStringLiteral("The stove is cold."))) << result().toStdString();
    EXPECT_EQ(runs.rowCount(), 1) << "the second run is not begun";
    EXPECT_FALSE(progressOf(*page->lesson()).isDone);
    EXPECT_TRUE(page->stepBy(-1));
    EXPECT_TRUE(page->canRun());
    EXPECT_EQ(page->predictStep().answers()[0]->number, 6e-6);
}

TEST_F(Page, StopsItsRunsWhenAsked) {
    open(QStringLiteral("trap 'exit 130' INT; touch $FOLDER/begun; while :; do sleep 0.05; done"));
    predict();
    next()->click();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return QFile::exists(program->filePath("begun")); }, kPatienceMs));
    Q_EMIT page->resultStep().stopRequested();
    ASSERT_TRUE(waitForResult());
    EXPECT_TRUE(result().contains(QStringLiteral("The runs were stopped")));
    EXPECT_TRUE(page->isPredicting());
}

TEST_F(Page, PlaysWithParametersAndChecksTheExercise) {
    open();
    predict();
    next()->click();
    ASSERT_TRUE(waitForResult());
    page->goTo(LessonStep::Practise);
    PlayForm* form = page->practiseStep().formOf("two");
    ASSERT_NE(form, nullptr);
    EXPECT_EQ(page->practiseStep().formOf("one"), nullptr) << "nothing of it is offered";
    form->setValue("workers", QStringLiteral("4"));
    form->runAgain();
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->result().isVisible(); }, kPatienceMs));
    EXPECT_EQ(runs.entries().back().setup.workers, 4);
    EXPECT_TRUE(form->result().toPlainText().contains(QStringLiteral("Solved.")));
    EXPECT_TRUE(form->result().toPlainText().contains(QStringLiteral("as in the lesson")));
    EXPECT_TRUE(progressOf(*page->lesson()).isSolved);
    EXPECT_EQ(shown.size(), 2U);
    EXPECT_EQ(shown.front(), page->runIds()[1]);
}

TEST_F(Page, GivesTheHintWhereTheExerciseIsNotSolved) {
    folder.write(
        QStringLiteral("lesson.toml"),
        LessonFolder::lessonText().replace(QStringLiteral("passes = \"two.tasks_total == 2\""),
                                           QStringLiteral("passes = \"two.tasks_total == 3\"")));
    open();
    predict();
    next()->click();
    ASSERT_TRUE(waitForResult());
    PlayForm* form = page->practiseStep().formOf("two");
    page->goTo(LessonStep::Practise);
    form->runAgain();
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->result().isVisible(); }, kPatienceMs));
    EXPECT_TRUE(form->result().toPlainText().contains(QStringLiteral("Not solved yet.")));
    EXPECT_TRUE(form->result().toPlainText().contains(QStringLiteral("Hint: It does.")));
    EXPECT_FALSE(progressOf(*page->lesson()).isSolved);
}

TEST_F(Page, IsWalkedThroughByStepsAndForAnAudienceWithoutAnswers) {
    open();
    EXPECT_FALSE(page->presentStep(false));
    EXPECT_TRUE(page->presentStep(true));
    EXPECT_EQ(page->step(), LessonStep::Predict);
    EXPECT_TRUE(page->presentStep(true)) << "the runs begin";
    EXPECT_TRUE(page->presentStep(true)) << "nothing else happens meanwhile";
    EXPECT_EQ(page->step(), LessonStep::Result);
    ASSERT_TRUE(waitForResult());
    EXPECT_TRUE(page->presentStep(true));
    EXPECT_EQ(page->step(), LessonStep::Afterwards);
    EXPECT_TRUE(page->presentStep(true));
    EXPECT_EQ(page->step(), LessonStep::Practise);
    EXPECT_FALSE(page->presentStep(true));
    EXPECT_TRUE(page->presentStep(false));
}

TEST_F(Page, TellsAssistiveTechnologyWhatItsPartsAre) {
    open();
    for (const auto* button : page->findChildren<QToolButton*>()) {
        EXPECT_FALSE(button->accessibleName().isEmpty()) << button->text().toStdString();
        EXPECT_EQ(button->focusPolicy() & Qt::TabFocus, Qt::TabFocus);
    }
    for (const auto* text : page->findChildren<LessonText*>()) {
        EXPECT_FALSE(text->accessibleName().isEmpty());
    }
}

} // namespace
} // namespace interleave::ui
