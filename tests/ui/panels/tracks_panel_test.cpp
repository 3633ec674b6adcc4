// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/tracks_panel.h"

#include "tests/support/recording_sketch.h"
#include "ui/panels/track_item_model.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class TracksPanelTest : public ::testing::Test {
protected:
    TracksPanelTest() {
        state.setRecording(support::sketch("a: RRd\nb: RRd\nc: RRd\nlock GIL: abc\n"));
        panel.setViewState(&state);
        panel.resize(700, 300);
        panel.show();
        QApplication::processEvents();
        tree = panel.findChild<QTreeView*>();
    }
    void goTo(std::uint32_t task) {
        const auto* model = static_cast<TrackItemModel*>(tree->model());
        tree->setCurrentIndex(
            model->indexOf(*state.recording()->trackOf(recording::TrackKind::Task, task)));
    }
    QString currentName() const { return tree->currentIndex().data().toString(); }
    QToolButton* button(const char* text) const {
        for (auto* each : panel.findChildren<QToolButton*>()) {
            if (each->text().remove('&').contains(QLatin1String(text))) {
                return each;
            }
        }
        return nullptr;
    }

    ViewState state;
    TracksPanel panel;
    QTreeView* tree = nullptr;
};

TEST_F(TracksPanelTest, FiltersByTextAndSaysHowManyAreLeft) {
    EXPECT_EQ(panel.shownText(), "4 tracks");
    QTest::keyClicks(panel.findChild<QLineEdit*>(), QStringLiteral("gil"));
    EXPECT_EQ(state.tracks().filter, "gil");
    EXPECT_EQ(panel.shownText(), "1 / 4 tracks");
    EXPECT_EQ(tree->model()->rowCount(), 1);
}

TEST_F(TracksPanelTest, SpaceHidesATrackAndOneButtonShowsAllAgain) {
    goTo(2);
    QTest::keyClick(tree, Qt::Key_Space);
    EXPECT_TRUE(state.tracks().isHidden({recording::TrackKind::Task, 2}));
    EXPECT_EQ(currentName(), "b") << "still listed, unchecked";
    EXPECT_EQ(tree->currentIndex().data(Qt::CheckStateRole).toInt(), Qt::Unchecked);
    EXPECT_EQ(tree->currentIndex().parent().data(Qt::CheckStateRole).toInt(), Qt::PartiallyChecked);
    ASSERT_NE(button("1 hidden"), nullptr);
    EXPECT_TRUE(button("1 hidden")->isVisible());
    QTest::mouseClick(button("1 hidden"), Qt::LeftButton);
    EXPECT_TRUE(state.tracks().hidden.empty());
}

TEST_F(TracksPanelTest, KeysPinAndMoveAndStayWithTheTrack) {
    goTo(3);
    QTest::keyClick(tree, Qt::Key_Up, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(currentName(), "c");
    EXPECT_EQ(tree->currentIndex().row(), 1);
    QTest::keyClick(tree, Qt::Key_P);
    EXPECT_EQ(currentName(), "c");
    EXPECT_EQ(tree->currentIndex().parent().data().toString(), "Pinned");
    QTest::mouseClick(button("Undo"), Qt::LeftButton);
    EXPECT_TRUE(state.tracks().pinned.empty());
}

TEST_F(TracksPanelTest, FoldsTheGroupsOfTheGantt) {
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QTest::keyClick(tree, Qt::Key_Left);
    EXPECT_TRUE(state.tracks().isFolded(QStringLiteral("task")));
    state.setTracks({});
    EXPECT_TRUE(tree->isExpanded(tree->model()->index(0, 0)));
    QTest::mouseClick(button("Collapse all"), Qt::LeftButton);
    EXPECT_EQ(state.tracks().folded.size(), 2u);
}

TEST_F(TracksPanelTest, HasTheMenuOfTheRow) {
    goTo(1);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, {});
    QApplication::sendEvent(tree, &event);
    const auto* menu = panel.findChild<QMenu*>();
    ASSERT_NE(menu, nullptr);
    EXPECT_EQ(menu->actions().front()->text(), "&Pin “a” on top");
}

} // namespace
} // namespace interleave::ui
