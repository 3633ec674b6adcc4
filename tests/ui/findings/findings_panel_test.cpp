// SPDX-License-Identifier: GPL-3.0-or-later
// Findings of a small recording: a click selects what proves them, keys go through it.
#include "ui/findings/findings_panel.h"

#include "tests/support/patience.h"
#include "tests/ui/findings/gil_run.h"
#include "ui/findings/finding_card.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class FindingsPanelTest : public testing::Test {
protected:
    FindingsPanelTest() {
        panel.resize(1000, 160);
        panel.setViewState(&state);
        panel.show();
    }
    void look(const std::shared_ptr<recording::Recording>& recording = gilRun()) {
        state.setRecording(recording);
        ASSERT_TRUE(QTest::qWaitFor([&] { return panel.model().rowCount() > 0; }, kPatienceMs))
            << panel.notice().toStdString();
    }
    const findings::Finding& first() const { return *panel.model().at(0); }
    void click(int row) {
        const QModelIndex index = panel.model().index(row, FindingsItemModel::Message);
        QTest::mouseClick(panel.list().viewport(), Qt::LeftButton, {},
                          panel.list().visualRect(index).center());
    }
    template <class Widget>
    Widget* named(const char* name) {
        return panel.findChild<Widget*>(QString::fromLatin1(name));
    }

    ViewState state;
    FindingsPanel panel;
};

TEST_F(FindingsPanelTest, TheWorstComesFirstWithAWordAndAnIconForHowBadItIs) {
    look();
    EXPECT_EQ(first().kind, "gil-serialised");
    const QModelIndex how = panel.model().index(0, FindingsItemModel::Severity);
    EXPECT_EQ(how.data().toString(), QStringLiteral("Problem"));
    EXPECT_FALSE(how.data(Qt::DecorationRole).value<QIcon>().isNull());
    EXPECT_TRUE(
        how.data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("Problem: ")));
    EXPECT_EQ(panel.notice(), QString());
    for (int row = 1; row < panel.model().rowCount(); ++row) {
        EXPECT_LE(panel.model().at(row)->severity, panel.model().at(row - 1)->severity);
    }
}

TEST_F(FindingsPanelTest, AClickSelectsTheSpanThatProvesItAndZoomsThere) {
    look();
    QSignalSpy shown(&panel, &FindingsPanel::proofShown);
    click(0);
    EXPECT_EQ(shown.count(), 1);
    const findings::Proof proof = first().evidence.front();
    ASSERT_TRUE(state.selectedSpan());
    EXPECT_EQ(state.selectedSpan()->track, proof.track);
    EXPECT_EQ(state.selectedSpanValue()->range, proof.range);
    EXPECT_TRUE(state.visible().overlaps(proof.range));
    EXPECT_LT(state.visible().durationNs(), state.extent().durationNs());
    EXPECT_TRUE(panel.card().proofText().startsWith(
        QStringLiteral("1 of %1: ").arg(first().evidence.size())));
}

TEST_F(FindingsPanelTest, KeysGoThroughWhatProvesItAndAround) {
    look();
    const auto& proofs = first().evidence;
    ASSERT_GT(proofs.size(), 2u);
    QTest::keyClick(&panel.list(), Qt::Key_Return);
    EXPECT_EQ(state.selectedSpanValue()->range, proofs[0].range);
    QTest::keyClick(&panel.list(), Qt::Key_Right);
    EXPECT_EQ(state.selectedSpanValue()->range, proofs[1].range);
    QTest::keyClick(&panel.list(), Qt::Key_Left);
    QTest::keyClick(&panel.list(), Qt::Key_Left);
    EXPECT_EQ(state.selectedSpanValue()->range, proofs.back().range) << "round again";
    QTest::mouseClick(named<QToolButton>("nextProof"), Qt::LeftButton);
    EXPECT_EQ(state.selectedSpanValue()->range, proofs[0].range);
}

TEST_F(FindingsPanelTest, TheChosenOneIsUnfoldedAndAnotherOneBeginsAtItsFirstProof) {
    look();
    ASSERT_GT(panel.model().rowCount(), 1);
    QTest::keyClick(&panel.list(), Qt::Key_Right);
    QTest::keyClick(&panel.list(), Qt::Key_Down);
    EXPECT_EQ(panel.list().currentIndex().row(), 1);
    const auto* text = named<QLabel>("findingText");
    EXPECT_TRUE(
        text->text().contains(QString::fromStdString(panel.model().at(1)->cause).toHtmlEscaped()));
    EXPECT_TRUE(
        text->text().contains(QString::fromStdString(panel.model().at(1)->cure).toHtmlEscaped()));
    EXPECT_FALSE(panel.card().proofText().contains(QStringLiteral(" of ")));
}

TEST_F(FindingsPanelTest, SaysWhatTheCureWouldChangeAndAsksForIt) {
    look();
    auto* button = named<QPushButton>("tryCure");
    panel.setRerun({models::RunChoice{"gil-threads", 2, {}}, {}, false});
    EXPECT_EQ(panel.card().cureText(), QStringLiteral("model gil-threads → processes"));
    ASSERT_TRUE(button->isVisible() && button->isEnabled());
    EXPECT_EQ(button->accessibleDescription(), panel.card().cureText());
    models::Changes wanted;
    QObject::connect(&panel, &FindingsPanel::tryWanted,
                     [&](const models::Changes& changes) { wanted = changes; });
    button->click();
    EXPECT_EQ(wanted, first().tryIt);
}

TEST_F(FindingsPanelTest, ACureThatCanNotBeTriedSaysWhy) {
    look();
    auto* button = named<QPushButton>("tryCure");
    panel.setRerun({std::nullopt, QStringLiteral("Open its file."), false});
    EXPECT_FALSE(button->isEnabled());
    EXPECT_EQ(panel.card().cureText(), QStringLiteral("Open its file."));
    panel.setRerun({models::RunChoice{"gil-threads", 2, {}}, {}, true});
    EXPECT_FALSE(button->isEnabled()) << "a run goes on";
    panel.setRerun({models::RunChoice{"processes", 2, {}}, {}, false});
    EXPECT_FALSE(button->isEnabled()) << "nothing would be changed";
}

TEST_F(FindingsPanelTest, AllOfThemAreCopiedAsText) {
    look();
    QApplication::clipboard()->clear();
    QTest::keySequence(&panel.list(), QKeySequence::Copy);
    const QString copied = QApplication::clipboard()->text();
    EXPECT_TRUE(copied.contains(QStringLiteral("gil-serialised: ")));
    EXPECT_TRUE(copied.contains(QStringLiteral("What helps: ")));
    QApplication::clipboard()->clear();
    QTest::mouseClick(named<QToolButton>("copyFindings"), Qt::LeftButton);
    EXPECT_EQ(QApplication::clipboard()->text(), copied);
}

TEST_F(FindingsPanelTest, SaysThatNothingStandsOut) {
    EXPECT_FALSE(panel.notice().isEmpty());
    state.setRecording(std::make_shared<recording::Recording>());
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return panel.notice().startsWith(QStringLiteral("Nothing stands out")); },
        kPatienceMs));
    EXPECT_EQ(panel.model().rowCount(), 0);
}

TEST_F(FindingsPanelTest, ALiveRunIsLeftToItsEnd) {
    look();
    auto live = gilRun();
    live->isLive = true;
    state.setRecording(live);
    EXPECT_EQ(panel.model().rowCount(), 0);
    EXPECT_TRUE(panel.notice().startsWith(QStringLiteral("The run goes on")));
    look();
}

TEST_F(FindingsPanelTest, WorksOnlyWhileItIsLookedAt) {
    panel.hide();
    state.setRecording(gilRun());
    EXPECT_FALSE(QTest::qWaitFor([&] { return panel.model().rowCount() > 0; }, 50));
    panel.show();
    EXPECT_TRUE(QTest::qWaitFor([&] { return panel.model().rowCount() > 0; }, kPatienceMs));
}

TEST_F(FindingsPanelTest, WhatIsFoundOfAnEarlierRecordingIsDropped) {
    state.setRecording(gilRun());
    auto calm = std::make_shared<recording::Recording>(*support::sketch("a: RRRR\n"));
    state.setRecording(calm);
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
            return panel.model().rowCount() > 0 ||
                   panel.notice().startsWith(QStringLiteral("Nothing stands out"));
        },
        kPatienceMs));
    EXPECT_THAT(panel.toText().toStdString(), testing::Not(testing::HasSubstr("gil-")));
}

} // namespace
} // namespace interleave::ui
