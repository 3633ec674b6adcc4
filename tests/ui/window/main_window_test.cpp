// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window, with a script in the place of the program that runs.
#include "ui/window/main_window.h"

#include "engine/storage/recording_file.h"
#include "tests/support/patience.h"
#include "tests/support/recording_sketch.h"
#include "tests/ui/session/fake_program.h"
#include "tests/ui/window/window_settings.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/scenario_card.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/batch_bar.h"
#include "ui/window/pane_stack.h"
#include "ui/window/window_actions.h"

#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

namespace interleave::ui {
namespace {

const QString kCopiesRecording = QStringLiteral("cp $RECORDING $OUT");

class Window : public ::testing::Test {
protected:
    Window() { qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES); }

    void open(const QString& script = kCopiesRecording, const QStringList& files = {}) {
        program = std::make_unique<FakeProgram>(script);
        window = std::make_unique<MainWindow>(WindowOptions{program->path(), files, {}});
        window->QMainWindow::show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
    }

    bool waitForEnd() {
        return QTest::qWaitFor(
            [&] { return window->runs().rowCount() > 0 && !window->runs().isBusy(); }, kPatienceMs);
    }

    void drop(const QString& file) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file)});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(window.get(), &enter);
        EXPECT_TRUE(enter.isAccepted());
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(window.get(), &event);
    }

    WindowSettings m_settings;
    std::unique_ptr<FakeProgram> program;
    std::unique_ptr<MainWindow> window;
};

TEST_F(Window, BeginsWithTheExamplesOnOffer) {
    open();
    EXPECT_TRUE(window->panes().shown().empty());
    EXPECT_FALSE(window->panes().isVisible());
    EXPECT_TRUE(window->actions().run->isEnabled());
    EXPECT_FALSE(window->actions().save->isEnabled());
    EXPECT_EQ(window->messages().sentences(), QStringList());
}

TEST_F(Window, RunsTheChosenScenarioAndShowsIt) {
    open();
    window->setup().selectScenario(QStringLiteral("mixed"));
    window->setup().selectModel(QStringLiteral("gil-threads"));
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(window->messages().sentences(), QStringList());
    EXPECT_TRUE(program->arguments().contains(QStringLiteral("mixed")));
    EXPECT_TRUE(program->arguments().contains(QStringLiteral("--model gil-threads")));
    ASSERT_EQ(window->panes().shown().size(), 1u);
    EXPECT_NE(window->panes().primary().recording(), nullptr);
    EXPECT_TRUE(window->panes().isVisible());
    EXPECT_TRUE(window->actions().save->isEnabled());
}

TEST_F(Window, CanBeRunByTheKeyboardAlone) {
    open();
    auto* scenarios = window->setup().findChild<QComboBox*>(QStringLiteral("scenario"));
    ASSERT_EQ(QApplication::focusWidget(), scenarios);
    QTest::keyClick(scenarios, Qt::Key_Home);
    const QString first = scenarios->currentText();
    QTest::keyClick(scenarios, Qt::Key_Down);
    EXPECT_NE(scenarios->currentText(), first);
    QTest::keyClick(window.get(), Qt::Key_F5);
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(window->runs().entries().front().setup.scenarioName, scenarios->currentText());
}

TEST_F(Window, RecordsAPythonProgramOfTheGalleryByOneClick) {
    open();
    int programs = 0;
    QAbstractButton* first = nullptr;
    for (auto* button : window->findChildren<ScenarioCard*>()) {
        if (button->reference().endsWith(QStringLiteral(".py"))) {
            first = first == nullptr ? button : first;
            ++programs;
        }
    }
    EXPECT_EQ(programs, 10);
    ASSERT_NE(first, nullptr);
    first->click();
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(window->messages().sentences(), QStringList());
    EXPECT_TRUE(program->arguments().startsWith(QStringLiteral("record -q --session ")));
    EXPECT_TRUE(program->arguments().contains(QStringLiteral(" -- python3 /")));
    const RunEntry& entry = window->runs().entries().front();
    EXPECT_EQ(entry.setup.scenarioName, QStringLiteral("CPU work with threads"));
    EXPECT_EQ(entry.setup.model, QStringLiteral("python"));
    ASSERT_NE(entry.recording, nullptr);
    EXPECT_EQ(window->windowTitle(), entry.setup.scenarioName);
    EXPECT_FALSE(window->findChild<QToolButton*>(QStringLiteral("again-threads"))->isVisible());
    auto* again = window->findChild<QToolButton*>(QStringLiteral("record-again"));
    ASSERT_TRUE(again != nullptr && again->isVisible());
    again->click();
    ASSERT_TRUE(QTest::qWaitFor([&] { return window->runs().rowCount() == 2; }, kPatienceMs));
    ASSERT_TRUE(waitForEnd());
    EXPECT_TRUE(window->runs().entries()[1].setup.program.has_value());
}

TEST_F(Window, RunsAnExampleByOneClick) {
    open();
    for (auto* button : window->findChildren<QAbstractButton*>()) {
        if (button->accessibleName().startsWith(QStringLiteral("Run the example"))) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(window->runs().rowCount(), 1);
}

TEST_F(Window, RunsAgainUnderAnotherModelByOneClick) {
    open();
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    auto* again = window->findChild<QToolButton*>(QStringLiteral("again-sequential"));
    ASSERT_NE(again, nullptr);
    QTest::mouseClick(again, Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor([&] { return window->runs().rowCount() == 2; }, kPatienceMs));
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(window->runs().entries()[1].setup.model, QStringLiteral("sequential"));
    EXPECT_EQ(window->runs().entries()[1].setup.scenario,
              window->runs().entries()[0].setup.scenario);
}

TEST_F(Window, RunsEveryModelByOneClickAndEndsInTheComparison) {
    open(QStringLiteral("case \"$(cat $FOLDER/args)\" in *python-*)\n"
                        "  echo 'interleave: There is no python3 here.' >&2; exit 3;;\n"
                        "esac\n") +
         kCopiesRecording);
    window->setup().selectScenario(QStringLiteral("ten-dishes"));
    window->setup().findChild<QSpinBox*>(QStringLiteral("repeat"))->setValue(2);
    const EveryModel every = window->setup().setupForEveryModel();
    const auto lacking = std::ranges::count_if(every.setups, [](const RunSetup& setup) {
        return setup.model.startsWith(QStringLiteral("python-"));
    });
    ASSERT_GT(lacking, 0);
    EXPECT_TRUE(every.leftOut.text().contains(QStringLiteral("celery")));
    window->actions().runAll->trigger();
    EXPECT_TRUE(window->batch().isVisible());
    EXPECT_EQ(window->batch().text().toStdString(),
              "sequential: model 1 of " + std::to_string(every.setups.size()) + ", round 1 of 2");
    ASSERT_TRUE(waitForEnd());
    EXPECT_FALSE(window->batch().isVisible());
    EXPECT_EQ(window->view(), ViewKind::Compare);
    EXPECT_EQ(window->runs().rowCount(),
              2 * (static_cast<int>(every.setups.size()) - static_cast<int>(lacking)));
    const QString said = window->messages().sentences().join(u'\n');
    EXPECT_TRUE(said.contains(QStringLiteral("are left out: There is no python3 here.")))
        << said.toStdString();
    EXPECT_TRUE(said.contains(QStringLiteral("celery"))) << said.toStdString();
}

TEST_F(Window, EndsInTheComparisonOfWhatThereIsWhenTheRunsAreCancelled) {
    open(QStringLiteral("if ! grep -q 'model sequential' $FOLDER/args; then exec sleep 60; fi\n") +
         kCopiesRecording);
    window->actions().runAll->trigger();
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
            return window->runs().rowCount() > 1 &&
                   window->runs().entries()[1].state == RunState::Running;
        },
        kPatienceMs));
    window->batch().findChild<QToolButton*>(QStringLiteral("cancelBatch"))->click();
    ASSERT_TRUE(waitForEnd());
    EXPECT_FALSE(window->batch().isVisible());
    EXPECT_EQ(window->view(), ViewKind::Compare);
    ASSERT_EQ(window->runs().rowCount(), 2);
    EXPECT_EQ(window->runs().entries()[0].state, RunState::Done);
    EXPECT_EQ(window->runs().entries()[1].state, RunState::Stopped);
}

TEST_F(Window, SaysWhyARunFailed) {
    open(QStringLiteral("echo 'interleave: mixed.toml:4:2: no such lock' >&2; exit 2"));
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    ASSERT_EQ(window->messages().sentences().size(), 1);
    EXPECT_TRUE(window->messages().sentences().first().contains("mixed.toml:4:2: no such lock"));
    EXPECT_TRUE(window->messages().isVisible());
}

TEST_F(Window, StopsARun) {
    open(QStringLiteral("trap 'cp $RECORDING $OUT; exit 0' INT; touch $FOLDER/ready\n"
                        "while :; do sleep 0.02; done"));
    EXPECT_FALSE(window->actions().stop->isEnabled());
    window->actions().run->trigger();
    ASSERT_TRUE(QTest::qWaitFor([&] { return QFileInfo::exists(program->filePath("ready")); },
                                kPatienceMs));
    EXPECT_FALSE(window->actions().run->isEnabled());
    window->actions().stop->trigger();
    ASSERT_TRUE(waitForEnd());
    EXPECT_EQ(window->runs().entries().front().state, RunState::Stopped);
    EXPECT_NE(window->panes().primary().recording(), nullptr);
}

TEST_F(Window, ABadFileThatIsDroppedEndsInASentence) {
    open();
    const QString bad = program->filePath(QStringLiteral("bad.ilv"));
    QFile file(bad);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("\0not a recording", 16);
    file.close();
    drop(bad);
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return !window->messages().sentences().isEmpty(); }, kPatienceMs));
    EXPECT_TRUE(window->messages().sentences().first().contains(QStringLiteral("bad.ilv")));
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    EXPECT_EQ(window->runs().rowCount(), 0);
}

TEST_F(Window, ARecordingThatIsDroppedIsShown) {
    open();
    drop(program->filePath(QStringLiteral("valid.ilv")));
    ASSERT_TRUE(QTest::qWaitFor([&] { return window->runs().rowCount() == 1; }, kPatienceMs));
    EXPECT_EQ(window->runs().entries().front().state, RunState::Opened);
    EXPECT_EQ(window->panes().shown().size(), 1u);
}

TEST_F(Window, AMissingFileOnTheCommandLineEndsInASentence) {
    open(kCopiesRecording, {QStringLiteral("/nonexistent/run.ilv")});
    ASSERT_EQ(window->messages().sentences().size(), 1);
    EXPECT_TRUE(window->messages().sentences().first().contains("/nonexistent/run.ilv"));
}

TEST_F(Window, TheThemeFollowsTheChoiceEverywhereAndIsRemembered) {
    open();
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    window->actions().themes[static_cast<std::size_t>(ThemeChoice::Wish::Dark)]->trigger();
    EXPECT_EQ(window->panes().primary().theme().kind, ThemeKind::Dark);
    EXPECT_LT(QApplication::palette().color(QPalette::Window).lightness(), 128);
    EXPECT_EQ(ThemeChoice().wish(), ThemeChoice::Wish::Dark);
    window->actions().themes[static_cast<std::size_t>(ThemeChoice::Wish::Light)]->trigger();
    EXPECT_EQ(window->panes().primary().theme().kind, ThemeKind::Light);
    EXPECT_GT(QApplication::palette().color(QPalette::Window).lightness(), 128);
}

TEST_F(Window, ViewsAndRowsAreChosenInMenusAndTabsAlike) {
    open();
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    for (const ViewKind kind :
         {ViewKind::Utilisation, ViewKind::Contention, ViewKind::Compare, ViewKind::Gantt}) {
        window->actions().views[static_cast<std::size_t>(kind)]->trigger();
        EXPECT_EQ(window->view(), kind);
    }
    window->actions().groupings[static_cast<std::size_t>(Grouping::Worker)]->trigger();
    EXPECT_EQ(window->panes().primary().grouping(), Grouping::Worker);
}

TEST_F(Window, IsUsableAtItsSmallestSize) {
    open();
    EXPECT_LE(window->minimumSizeHint().width(), 1024);
    EXPECT_LE(window->minimumSizeHint().height(), 600);
    window->resize(1024, 600);
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    EXPECT_GT(window->panes().width(), 600);
    EXPECT_GT(window->panes().height(), 250);
}

TEST_F(Window, F6GoesFromPaneToPane) {
    open();
    window->actions().run->trigger();
    ASSERT_TRUE(waitForEnd());
    std::set<QWidget*> visited;
    for (int i = 0; i < 4; ++i) {
        window->actions().nextPane->trigger();
        visited.insert(QApplication::focusWidget());
    }
    EXPECT_EQ(visited.size(), 4u);
}

} // namespace
} // namespace interleave::ui
