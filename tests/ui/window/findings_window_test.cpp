// SPDX-License-Identifier: GPL-3.0-or-later
// Findings and recommendation in the window: from a click to the timeline, from a cure to the
// comparison, with a script in the place of the program that runs.
#include "ui/window/main_window.h"

#include "engine/storage/recording_file.h"
#include "tests/support/patience.h"
#include "tests/ui/findings/gil_run.h"
#include "tests/ui/session/fake_program.h"
#include "tests/ui/window/window_settings.h"
#include "ui/findings/finding_card.h"
#include "ui/findings/findings_panel.h"
#include "ui/findings/recommendation_panel.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/pane_stack.h"
#include "ui/window/window_actions.h"

#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <gtest/gtest.h>

#include <memory>

namespace interleave::ui {
namespace {

class FindingsWindow : public ::testing::Test {
protected:
    FindingsWindow() {
        qputenv("INTERLEAVE_RESOURCES", INTERLEAVE_TEST_RESOURCES);
        program = std::make_unique<FakeProgram>(QStringLiteral("cp $RECORDING $OUT"));
        EXPECT_TRUE(storage::writeRecording(*gilRun(), recordingFile().toStdString()));
    }
    QString recordingFile() const { return program->filePath(QStringLiteral("valid.ilv")); }

    void open(const QStringList& files = {}) {
        window = std::make_unique<MainWindow>(WindowOptions{program->path(), files, {}});
        window->QMainWindow::show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
    }
    void run() {
        open();
        window->setup().selectScenario(QStringLiteral("mixed"));
        window->setup().selectModel(QStringLiteral("gil-threads"));
        window->actions().run->trigger();
        waitForRuns(1);
    }
    void waitForRuns(int count) {
        ASSERT_TRUE(QTest::qWaitFor(
            [&] { return window->runs().rowCount() == count && !window->runs().isBusy(); },
            kPatienceMs));
    }
    void lookAtFindings() {
        window->actions().findings->trigger();
        EXPECT_EQ(window->bottom().currentWidget(), &window->findings());
        ASSERT_TRUE(QTest::qWaitFor([&] { return window->findings().model().rowCount() > 0; },
                                    kPatienceMs));
    }

    WindowSettings m_settings;
    std::unique_ptr<FakeProgram> program;
    std::unique_ptr<MainWindow> window;
};

TEST_F(FindingsWindow, EnterShowsTheProofInTheTimelineWhateverViewIsOpen) {
    run();
    window->actions().views[static_cast<std::size_t>(ViewKind::Kitchen)]->trigger();
    lookAtFindings();
    QTest::keyClick(&window->findings().list(), Qt::Key_Return);
    EXPECT_EQ(window->view(), ViewKind::Gantt);
    const findings::Proof proof = window->findings().model().at(0)->evidence.front();
    ViewState& state = window->panes().primary();
    ASSERT_TRUE(state.selectedSpan());
    EXPECT_EQ(state.selectedSpan()->track, proof.track);
    EXPECT_EQ(window->bottom().currentWidget(), &window->findings()) << "still being read";
}

TEST_F(FindingsWindow, TriesTheCureAndEndsInTheComparison) {
    run();
    lookAtFindings();
    EXPECT_EQ(window->findings().card().cureText(),
              QStringLiteral("model gil-threads → processes"));
    window->findings().findChild<QPushButton*>(QStringLiteral("tryCure"))->click();
    waitForRuns(2);
    EXPECT_TRUE(program->arguments().contains(QStringLiteral("mixed")));
    EXPECT_TRUE(program->arguments().contains(QStringLiteral("--model processes")));
    EXPECT_EQ(window->runs().entries()[1].setup.model, QStringLiteral("processes"));
    EXPECT_EQ(window->view(), ViewKind::Compare);
}

TEST_F(FindingsWindow, ProvesTheRecommendationAndEndsInTheComparison) {
    run();
    window->actions().recommendation->trigger();
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return window->recommendation().recommendation().has_value(); }, kPatienceMs));
    const auto& candidates = window->recommendation().recommendation()->candidates;
    const auto first = QString::fromStdString(candidates[0].model);
    const auto second = QString::fromStdString(candidates[1].model);
    window->recommendation().findChild<QPushButton*>(QStringLiteral("prove"))->click();
    waitForRuns(7);
    for (std::size_t i = 1; i < 7; ++i) {
        EXPECT_EQ(window->runs().entries()[i].setup.model, i % 2 == 1 ? first : second) << i;
    }
    EXPECT_EQ(window->view(), ViewKind::Compare);
}

TEST_F(FindingsWindow, OfAFileWhoseScenarioIsNotKnownTheCureIsNamedButNotTried) {
    open({recordingFile()});
    waitForRuns(1);
    lookAtFindings();
    EXPECT_TRUE(window->findings().card().cureText().contains(QStringLiteral("isn't known here")));
    EXPECT_FALSE(
        window->findings().findChild<QPushButton*>(QStringLiteral("tryCure"))->isEnabled());
}

TEST_F(FindingsWindow, OfAProgramThatWasRecordedItSaysToChangeTheProgram) {
    auto recorded = gilRun();
    recorded->info.model = "python";
    ASSERT_TRUE(storage::writeRecording(*recorded, recordingFile().toStdString()));
    open({recordingFile()});
    waitForRuns(1);
    lookAtFindings();
    EXPECT_TRUE(
        window->findings().card().cureText().contains(QStringLiteral("change the program")));
}

} // namespace
} // namespace interleave::ui
