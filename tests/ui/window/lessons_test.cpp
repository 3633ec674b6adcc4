// SPDX-License-Identifier: GPL-3.0-or-later
// A whole lesson in the window, with real runs: from the list to the exercise, by keys and clicks.
#include "tests/support/patience.h"
#include "tests/ui/window/window_settings.h"
#include "ui/lessons/finish_line_axis.h"
#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/lesson_stage.h"
#include "ui/lessons/lesson_text.h"
#include "ui/lessons/play_form.h"
#include "ui/lessons/practise_step.h"
#include "ui/lessons/predict_step.h"
#include "ui/lessons/result_step.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/transport_bar.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/presenter.h"
#include "ui/window/window_actions.h"

#include <QDockWidget>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class LessonWindow : public testing::Test {
protected:
    LessonWindow() {
        qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES);
        window = std::make_unique<MainWindow>(WindowOptions{QStringLiteral(PROGRAM), {}, {}});
        window->resize(1280, 800);
        window->QMainWindow::show();
        EXPECT_TRUE(QTest::qWaitForWindowActive(window.get()));
    }
    void openLesson(int index) {
        window->actions().learn->trigger();
        window->lessons().openLesson(index);
    }
    LessonPage& page() { return window->lessons().page(); }
    QPushButton* next() { return page().findChild<QPushButton*>(QStringLiteral("stepNext")); }
    bool waitForRuns() {
        return QTest::qWaitFor([&] { return !window->runs().isBusy() && next()->isEnabled(); },
                               kPatienceMs);
    }
    void predict(Nanoseconds finishLine) {
        page().goTo(LessonStep::Predict);
        page().predictStep().finishLine()->moveTo(finishLine);
        page().predictStep().giveUpTheRest();
    }
    QDockWidget* dock(const char* name) {
        return window->findChild<QDockWidget*>(QString::fromLatin1(name));
    }

    WindowSettings m_settings;
    std::unique_ptr<MainWindow> window;
};

TEST_F(LessonWindow, TakesALessonFromTheListToTheExercise) {
    QTest::keyClick(window.get(), Qt::Key_L, Qt::ControlModifier);
    EXPECT_TRUE(window->actions().learn->isChecked());
    QListWidget& list = window->lessons().list().list();
    ASSERT_EQ(list.count(), 12);
    QTest::keyClick(&list, Qt::Key_Home);
    QTest::keyClick(&list, Qt::Key_Return); // blocking and non-blocking
    ASSERT_TRUE(window->lessons().isOpen());
    QTest::keyClick(next(), Qt::Key_Space);
    ASSERT_EQ(page().step(), LessonStep::Predict);
    QTest::keyClick(window.get(), Qt::Key_F5);
    EXPECT_EQ(window->runs().rowCount(), 0) << "nothing runs before there is a prediction";
    ASSERT_TRUE(window->lessonStage().axis().isVisible());
    QTest::keyClick(&window->lessonStage().axis(), Qt::Key_PageUp);
    ASSERT_TRUE(page().canRun());
    QTest::keyClick(window.get(), Qt::Key_F5);
    EXPECT_EQ(page().step(), LessonStep::Result);
    ASSERT_TRUE(waitForRuns());
    EXPECT_EQ(window->messages().sentences(), QStringList());
    const QString result = page().resultStep().text().toPlainText();
    EXPECT_TRUE(result.contains(QStringLiteral("predicted"))) << result.toStdString();
    EXPECT_TRUE(result.contains(QStringLiteral("measured"))) << result.toStdString();
    EXPECT_TRUE(progressOf(*page().lesson()).isDone);
    ASSERT_EQ(window->panes().shown(), page().runIds());
    const auto line = window->panes().viewStates()[1]->finishLine();
    ASSERT_TRUE(line);
    EXPECT_GT(*line->measuredNs, 55 * kMs) << "an answer takes 60 ms";
    EXPECT_FALSE(window->panes().viewStates()[0]->finishLine());

    page().goTo(LessonStep::Practise);
    PlayForm* form = page().practiseStep().formOf("nonblocking");
    form->setValue("connections", QStringLiteral("1"));
    form->runAgain();
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->result().isVisible(); }, kPatienceMs));
    EXPECT_TRUE(form->result().toPlainText().contains(QStringLiteral("✓ Solved.")))
        << form->result().toPlainText().toStdString();
}

TEST_F(LessonWindow, ShowsNothingOfTheRunsBeforeAndLeavesTheViewsMostOfTheRoom) {
    openLesson(3);
    EXPECT_TRUE(window->lessonStage().isVisible());
    EXPECT_FALSE(window->panes().isVisible());
    EXPECT_FALSE(dock("setupDock")->isVisible());
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window->centralWidget()->width() >= 0.6 * window->width() - 8; }, 2000))
        << window->centralWidget()->width() << " of " << window->width();
    EXPECT_GE(window->lessons().width(), 320);
    window->actions().learn->trigger();
    EXPECT_FALSE(window->lessonStage().isVisible());
    EXPECT_TRUE(dock("setupDock")->isVisible());
    EXPECT_FALSE(window->lessons().isVisible());
}

TEST_F(LessonWindow, ComparesTheRunsOfALesson) {
    openLesson(0);
    predict(100 * kMs);
    next()->click();
    ASSERT_TRUE(waitForRuns());
    page().resultStep().findChild<QPushButton*>(QStringLiteral("compareRuns"))->click();
    EXPECT_EQ(window->view(), ViewKind::Compare);
    Q_EMIT page().resultStep().runChosen(0);
    EXPECT_EQ(window->view(), ViewKind::Gantt);
    EXPECT_EQ(window->panes().shown(), std::vector<RunId>{page().runIds()[0]});
}

TEST_F(LessonWindow, HasNothingToPlayBeforeThePrediction) {
    openLesson(0);
    predict(100 * kMs);
    next()->click();
    ASSERT_TRUE(waitForRuns());
    EXPECT_TRUE(window->transport().isVisible());
    window->lessons().openLesson(3); // the runs of the other one are still in the list
    EXPECT_TRUE(window->lessonStage().isVisible());
    EXPECT_FALSE(window->transport().isVisible());
    EXPECT_FALSE(window->actions().replay.front()->isEnabled());
}

/// Programs end as they like: their exit code is one of the lesson's numbers.
TEST_F(LessonWindow, RecordsThePythonProgramsOfALesson) {
    openLesson(8);
    page().goTo(LessonStep::Predict);
    page().predictStep().giveUpTheRest();
    next()->click();
    ASSERT_TRUE(waitForRuns());
    const QString result = page().resultStep().text().toPlainText();
    EXPECT_TRUE(result.contains(QStringLiteral("of 200 lost"))) << result.toStdString();
    EXPECT_FALSE(result.contains(QStringLiteral("isn't known"))) << result.toStdString();
    EXPECT_TRUE(result.contains(QStringLiteral("nothing: not known"))) << result.toStdString();
}

TEST_F(LessonWindow, IsPresentedStepByStepWithTheKeysOfAClicker) {
    openLesson(0);
    window->actions().present->trigger();
    ASSERT_TRUE(window->presenter().isPresenting());
    EXPECT_TRUE(window->lessons().isVisible()) << "the audience reads it";
    const auto key = [&](Qt::Key which) { QTest::keyClick(window->centralWidget(), which); };
    key(Qt::Key_PageDown);
    EXPECT_EQ(page().step(), LessonStep::Predict);
    key(Qt::Key_PageUp);
    EXPECT_EQ(page().step(), LessonStep::Read);
    key(Qt::Key_PageDown);
    key(Qt::Key_PageDown);
    EXPECT_EQ(page().step(), LessonStep::Result);
    ASSERT_TRUE(waitForRuns());
    key(Qt::Key_PageDown);
    EXPECT_EQ(page().step(), LessonStep::Afterwards);
    EXPECT_GT(window->lessons().font().pointSizeF(), QApplication::font().pointSizeF());
    key(Qt::Key_Escape);
    EXPECT_FALSE(window->presenter().isPresenting());
    EXPECT_DOUBLE_EQ(window->lessons().font().pointSizeF(), QApplication::font().pointSizeF());
}

TEST_F(LessonWindow, IsClosedInTheMiddleOfARun) {
    openLesson(0);
    predict(100 * kMs);
    next()->click();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window->runs().isBusy(); }, kPatienceMs));
    window.reset();
}

} // namespace
} // namespace interleave::ui
