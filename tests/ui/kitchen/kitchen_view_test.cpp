// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_view.h"

#include "tests/support/busy_kitchen.h"
#include "tests/support/recording_sketch.h"
#include "ui/kitchen/kitchen_accessible.h"
#include "ui/kitchen/kitchen_canvas.h"

#include <QAccessible>
#include <QScrollBar>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr Nanoseconds kUnitNs = 1'000'000;

class KitchenWidget : public testing::Test {
protected:
    static void SetUpTestSuite() { installKitchenAccessible(); }
    KitchenWidget() {
        view.resize(1100, 680);
        state.setRecording(support::busyKitchen());
        state.setMomentNs(40 * kUnitNs);
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    }

    KitchenCanvas& canvas() { return view.canvas(); }
    void click(QPointF at) {
        QTest::mouseClick(canvas().viewport(), Qt::LeftButton, {}, at.toPoint());
    }
    const recording::Track& selectedTrack() {
        return state.recording()->track(state.selectedSpan()->track);
    }
    QPointF chefPlace(std::uint32_t chef) {
        return canvas().placeOf(canvas().layout().stations[chef].figure).center();
    }

    ViewState state;
    KitchenView view{state};
};

TEST_F(KitchenWidget, FollowsTheCursorAndShowsTheEndWithoutOne) {
    const QImage then = canvas().viewport()->grab().toImage();
    state.setMomentNs(60 * kUnitNs);
    EXPECT_NE(canvas().viewport()->grab().toImage(), then);
    state.setMomentNs(40 * kUnitNs);
    EXPECT_EQ(canvas().viewport()->grab().toImage(), then);
    state.setMomentNs(std::nullopt);
    EXPECT_EQ(canvas().momentNs(), state.recording()->range.endNs);
}

TEST_F(KitchenWidget, SelectsTheTaskOfADishAndTheTrackOfAChef) {
    const KitchenScene scene = canvas().scene();
    ASSERT_FALSE(scene.dishes.empty());
    const DishFigure& top = scene.dishes.back(); // nothing lies over it
    click(canvas().placeOf(top.rect()).center());
    ASSERT_TRUE(state.selectedSpan());
    EXPECT_EQ(selectedTrack().kind, recording::TrackKind::Task);
    EXPECT_EQ(selectedTrack().subject, top.task.value);
    EXPECT_TRUE(state.selectedSpanValue()->range.contains(40 * kUnitNs));
    click(chefPlace(2));
    EXPECT_EQ(selectedTrack().kind, recording::TrackKind::Worker);
    EXPECT_EQ(canvas().currentChef(), 2U);
    click({2, 2});
    EXPECT_FALSE(state.selectedSpan());
    EXPECT_FALSE(canvas().currentChef());
}

TEST_F(KitchenWidget, TellsInWordsWhatThePointerIsOn) {
    EXPECT_TRUE(canvas().textAt(chefPlace(0)).startsWith(QStringLiteral("worker 1, a chef of")));
    const KitchenScene scene = canvas().scene();
    const QString dish = canvas().textAt(canvas().placeOf(scene.dishes.back().rect()).center());
    EXPECT_TRUE(dish.startsWith(QStringLiteral("dish "))) << dish.toStdString();
    const QRectF room = canvas().placeOf(canvas().layout().rooms[0].title);
    EXPECT_TRUE(canvas().textAt(room.center()).contains(QStringLiteral("16 chefs")));
    EXPECT_TRUE(canvas().textAt({1, 1}).isEmpty());
}

TEST_F(KitchenWidget, IsWalkedThroughByKeyAndSelectsByEnter) {
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Right);
    EXPECT_EQ(canvas().currentChef(), 0U);
    QTest::keyClick(&canvas(), Qt::Key_Right);
    EXPECT_EQ(canvas().currentChef(), 1U);
    QTest::keyClick(&canvas(), Qt::Key_Left);
    QTest::keyClick(&canvas(), Qt::Key_Left); // there is nobody further left
    EXPECT_EQ(canvas().currentChef(), 0U);
    QTest::keyClick(&canvas(), Qt::Key_Return);
    ASSERT_TRUE(state.selectedSpan());
    EXPECT_EQ(selectedTrack().kind, recording::TrackKind::Worker);
    QTest::keyClick(&canvas(), Qt::Key_Escape);
    EXPECT_FALSE(state.selectedSpan());
}

TEST_F(KitchenWidget, SaysWhatGoesOnToAScreenReader) {
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&canvas());
    ASSERT_NE(list, nullptr);
    ASSERT_EQ(list->childCount(), 17); // chefs, and the kitchen
    const QString chef = list->child(0)->text(QAccessible::Name);
    EXPECT_TRUE(chef.startsWith(QStringLiteral("worker 1, a chef of"))) << chef.toStdString();
    EXPECT_TRUE(list->child(16)->text(QAccessible::Name).contains(QStringLiteral("in the oven")));
    state.setRecording(nullptr);
    EXPECT_EQ(list->childCount(), 0);
}

TEST_F(KitchenWidget, ScrollsToChefsThatAreOutOfSight) {
    state.setRecording(support::busyKitchen({1, 90, 100, true}));
    canvas().viewport()->grab();
    EXPECT_GT(canvas().verticalScrollBar()->maximum(), 100);
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Down);
    for (int i = 0; i < 40; ++i) {
        QTest::keyClick(&canvas(), Qt::Key_Down);
    }
    EXPECT_GT(canvas().verticalScrollBar()->value(), 0);
    const QRectF place = canvas().placeOf(canvas().layout().stations[*canvas().currentChef()].rect);
    EXPECT_LE(place.bottom(), canvas().viewport()->height());
}

TEST_F(KitchenWidget, SaysWhenThereIsNobodyOrNothing) {
    const QImage before = canvas().viewport()->grab().toImage();
    state.setRecording(support::sketch("a: RRRd\n"));
    EXPECT_TRUE(canvas().isEmpty());
    EXPECT_NE(canvas().viewport()->grab().toImage(), before);
    state.setRecording(nullptr);
    EXPECT_EQ(canvas().kitchen(), nullptr);
    canvas().viewport()->grab();
    click({200, 200});
    QTest::keyClick(&canvas(), Qt::Key_Right);
    QTest::keyClick(&canvas(), Qt::Key_Return);
    EXPECT_EQ(view.painter(), nullptr);
}

TEST_F(KitchenWidget, FollowsARunThatGoesOn) {
    auto live = std::make_shared<recording::Recording>(*state.recording());
    live->isLive = true;
    live->range.endNs = 30 * kUnitNs;
    state.setRecording(live);
    EXPECT_EQ(canvas().momentNs(), 30 * kUnitNs);
    auto later = std::make_shared<recording::Recording>(*live);
    later->range.endNs = 60 * kUnitNs;
    state.setRecording(later);
    EXPECT_EQ(canvas().momentNs(), 60 * kUnitNs);
    EXPECT_EQ(canvas().kitchen()->recording(), state.recording());
}

} // namespace
} // namespace interleave::ui
