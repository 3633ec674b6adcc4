// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/overview_strip.h"

#include "tests/support/recording_sketch.h"
#include "ui/view_state/time_navigation.h"

#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class OverviewStripTest : public ::testing::Test {
protected:
    OverviewStripTest() {
        state.setRecording(support::demoRecording());
        strip.resize(1168, 40);
        strip.setGutterPx(168);
    }

    void drag(QPoint from, QPoint to) {
        QTest::mousePress(&strip, Qt::LeftButton, {}, from);
        QTest::mouseMove(&strip, to);
        QTest::mouseRelease(&strip, Qt::LeftButton, {}, to);
    }

    ViewState state;
    OverviewStrip strip{state};
};

TEST_F(OverviewStripTest, TheWindowIsTheVisibleRange) {
    EXPECT_NEAR(strip.windowRect().left(), 168, 1);
    EXPECT_NEAR(strip.windowRect().right(), 1168, 1);
    state.setVisible({10'000'000, 20'000'000});
    EXPECT_NEAR(strip.windowRect().width(),
                1000.0 * 10'000'000 / static_cast<double>(fittedView(state.extent()).durationNs()),
                1);
}

TEST_F(OverviewStripTest, DraggingTheWindowMovesTheView) {
    state.setVisible({10'000'000, 20'000'000});
    const QPoint middle = strip.windowRect().center().toPoint();
    drag(middle, middle + QPoint(100, 0));
    EXPECT_GT(state.visible().beginNs, 15'000'000);
    EXPECT_EQ(state.visible().durationNs(), 10'000'000);
}

TEST_F(OverviewStripTest, DraggingAnEdgeZooms) {
    state.setVisible({10'000'000, 20'000'000});
    const QPoint edge(static_cast<int>(strip.windowRect().right()), 20);
    drag(edge, edge + QPoint(150, 0));
    EXPECT_EQ(state.visible().beginNs, 10'000'000);
    EXPECT_GT(state.visible().endNs, 25'000'000);
}

TEST_F(OverviewStripTest, AClickElsewhereGoesThere) {
    state.setVisible({0, 4'000'000});
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(668, 20));
    const Nanoseconds middle = fittedView(state.extent()).durationNs() / 2;
    EXPECT_TRUE(state.visible().contains(middle));
    EXPECT_EQ(state.visible().durationNs(), 4'000'000);
}

} // namespace
} // namespace interleave::ui
