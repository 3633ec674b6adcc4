// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/findings/recommendation_panel.h"

#include "tests/support/patience.h"
#include "tests/ui/findings/gil_run.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class RecommendationPanelTest : public testing::Test {
protected:
    RecommendationPanelTest() {
        panel.resize(1000, 160);
        panel.setViewState(&state);
        panel.show();
    }
    void look(const std::shared_ptr<recording::Recording>& recording = gilRun()) {
        state.setRecording(recording);
        ASSERT_TRUE(
            QTest::qWaitFor([&] { return panel.recommendation().has_value(); }, kPatienceMs))
            << panel.notice().toStdString();
    }
    QTableWidget* table() { return panel.findChild<QTableWidget*>(QStringLiteral("candidates")); }
    QPushButton* prove() { return panel.findChild<QPushButton*>(QStringLiteral("prove")); }

    ViewState state;
    RecommendationPanel panel;
};

TEST_F(RecommendationPanelTest, ListsTheModelsInOrderWithTheirEstimates) {
    look();
    const auto& candidates = panel.recommendation()->candidates;
    ASSERT_EQ(table()->rowCount(), static_cast<int>(candidates.size()));
    EXPECT_EQ(table()->item(0, 0)->text().toStdString(), candidates[0].model);
    EXPECT_FALSE(table()->item(0, 2)->text().isEmpty());
    const auto* headline = panel.findChild<QLabel*>(QStringLiteral("recommended"));
    EXPECT_TRUE(headline->text().startsWith(QString::fromStdString(candidates[0].model)));
    EXPECT_TRUE(headline->text().contains(QStringLiteral("estimated")));
    const auto* reasons = panel.findChild<QLabel*>(QStringLiteral("reasons"));
    EXPECT_TRUE(
        reasons->text().contains(QString::fromStdString(panel.recommendation()->reasons.front())));
}

TEST_F(RecommendationPanelTest, ProvesItByTheFirstTwo) {
    look();
    panel.setRerun({models::RunChoice{"gil-threads", 2, {{"switch_interval", "1 ms"}}}, {}, false});
    std::vector<models::RunChoice> wanted;
    int times = 0;
    QObject::connect(&panel, &RecommendationPanel::proofWanted,
                     [&](const std::vector<models::RunChoice>& choices, int repeat) {
                         wanted = choices;
                         times = repeat;
                     });
    ASSERT_TRUE(prove()->isVisible() && prove()->isEnabled());
    prove()->click();
    ASSERT_EQ(wanted.size(), 2u);
    const auto& candidates = panel.recommendation()->candidates;
    EXPECT_EQ(wanted[0].model, candidates[0].model);
    EXPECT_EQ(wanted[1].model, candidates[1].model);
    EXPECT_TRUE(wanted[0].settings.empty()) << "each with its defaults";
    EXPECT_EQ(times, 3);
    EXPECT_TRUE(panel.proofText().contains(QString::fromStdString(candidates[1].model)));
}

TEST_F(RecommendationPanelTest, AProgramIsAdvisedButNotRun) {
    auto program = gilRun();
    program->info.model = "python";
    look(program);
    panel.setRerun({std::nullopt, QStringLiteral("Change the program."), false});
    EXPECT_TRUE(panel.recommendation()->best().model.starts_with("python-"));
    EXPECT_FALSE(prove()->isVisible());
    EXPECT_EQ(panel.proofText(), QStringLiteral("Change the program."));
}

TEST_F(RecommendationPanelTest, IsCopiedAsText) {
    look();
    QApplication::clipboard()->clear();
    QTest::keySequence(table(), QKeySequence::Copy);
    EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("sureness")));
}

TEST_F(RecommendationPanelTest, SaysWhenThereIsNothingToSay) {
    EXPECT_FALSE(panel.notice().isEmpty());
    state.setRecording(std::make_shared<recording::Recording>());
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return panel.notice().startsWith(QStringLiteral("Nothing ran")); }, kPatienceMs));
    auto live = gilRun();
    live->isLive = true;
    state.setRecording(live);
    EXPECT_TRUE(panel.notice().startsWith(QStringLiteral("The run goes on")));
    EXPECT_FALSE(panel.recommendation());
}

} // namespace
} // namespace interleave::ui
