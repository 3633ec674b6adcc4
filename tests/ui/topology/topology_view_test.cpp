// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_view.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"
#include "ui/topology/topology_accessible.h"
#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_strip.h"

#include <QAccessible>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class TopologyWidget : public testing::Test {
protected:
    /// Before any canvas is made: what is asked of it before is remembered.
    static void SetUpTestSuite() { installTopologyAccessible(); }
    TopologyWidget() {
        view.resize(1100, 640);
        state.setRecording(support::brokerRecording());
        view.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
        view.grab();
    }

    TopologyCanvas& canvas() { return view.canvas(); }
    QPoint centreOf(std::uint32_t node) {
        return canvas().placeOf(canvas().layout().nodes[node]).center().toPoint();
    }
    void click(QPoint at) { QTest::mouseClick(canvas().viewport(), Qt::LeftButton, {}, at); }
    /// A free place at the node's title.
    QPoint titleOf(std::uint32_t node) {
        return canvas().placeOf(canvas().layout().nodes[node]).topLeft().toPoint() + QPoint(20, 12);
    }
    std::optional<recording::Track> selectedTrack() const {
        return state.selectedSpan()
                   ? std::optional(state.recording()->track(state.selectedSpan()->track))
                   : std::nullopt;
    }
    std::uint32_t mails() { return *canvas().model()->topology().queue(ObjectId{4}); }
    std::uint32_t mailer() { return *canvas().model()->topology().consumer(WorkerId{3}); }

    ViewState state;
    TopologyView view{state};
};

TEST_F(TopologyWidget, ShowsTheEndUntilAMomentIsChosen) {
    EXPECT_EQ(canvas().momentNs(), state.recording()->range.endNs);
    state.setMomentNs(25 * kMs);
    EXPECT_EQ(canvas().momentNs(), 25 * kMs);
    const QImage then = canvas().viewport()->grab().toImage();
    state.setMomentNs(40 * kMs);
    EXPECT_NE(canvas().viewport()->grab().toImage(), then);
}

TEST_F(TopologyWidget, SelectsTheTrackOfAQueueAndOfAConsumer) {
    state.setMomentNs(25 * kMs);
    click(titleOf(mails()));
    ASSERT_TRUE(selectedTrack());
    EXPECT_EQ(selectedTrack()->kind, recording::TrackKind::Queue);
    EXPECT_EQ(selectedTrack()->name, "mails");
    click(titleOf(mailer()));
    EXPECT_EQ(selectedTrack()->kind, recording::TrackKind::Worker);
    EXPECT_EQ(selectedTrack()->name, "mailer");
    EXPECT_EQ(canvas().currentNode(), mailer());
    click({3, 60}); // beside everything
    EXPECT_FALSE(state.selectedSpan());
    EXPECT_FALSE(canvas().currentNode());
}

TEST_F(TopologyWidget, SelectsTheTaskOfAMessage) {
    state.setMomentNs(25 * kMs);
    canvas().viewport()->grab();
    const MomentPicture shown =
        momentOf(*canvas().model(), canvas().layout(),
                 {25 * kMs, 1, QRectF(QPointF(0, 0), canvas().layout().size), 0});
    for (const PlacedMessage& placed : shown.messages) {
        if (placed.message == 20) {
            click(canvas().placeOf(placed.rect).center().toPoint());
        }
    }
    EXPECT_EQ(canvas().selectedMessage(), 20U);
    ASSERT_TRUE(selectedTrack());
    EXPECT_EQ(selectedTrack()->name, "mail 1");
}

TEST_F(TopologyWidget, PointsOutWhatIsSelectedElsewhere) {
    const auto track = *state.recording()->trackOf(recording::TrackKind::Queue, 4);
    state.setSelectedSpan(SpanRef{track, 0});
    EXPECT_EQ(canvas().currentNode(), mails());
}

TEST_F(TopologyWidget, WalksByKeyAndSelectsByEnter) {
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Right);
    EXPECT_EQ(canvas().currentNode(), 0U);
    for (int i = 0; i < 3; ++i) {
        QTest::keyClick(&canvas(), Qt::Key_Right);
    }
    ASSERT_TRUE(canvas().currentNode());
    EXPECT_EQ(canvas().model()->topology().nodes[*canvas().currentNode()].kind,
              analysis::NodeKind::Consumer);
    const std::uint32_t first = *canvas().currentNode();
    QTest::keyClick(&canvas(), Qt::Key_Up);
    EXPECT_NE(canvas().currentNode(), first);
    QTest::keyClick(&canvas(), Qt::Key_Down);
    QTest::keyClick(&canvas(), Qt::Key_Down); // there is nothing below
    EXPECT_EQ(canvas().currentNode(), first);
    QTest::keyClick(&canvas(), Qt::Key_Return);
    ASSERT_TRUE(selectedTrack());
    EXPECT_EQ(selectedTrack()->kind, recording::TrackKind::Worker);
    QTest::keyClick(&canvas(), Qt::Key_Escape);
    EXPECT_FALSE(state.selectedSpan());
}

TEST_F(TopologyWidget, LeavesTheKeysOfTheReplayToTheWindow) {
    canvas().setFocus();
    for (const int key :
         {Qt::Key_Space, Qt::Key_Period, Qt::Key_Comma, Qt::Key_Home, Qt::Key_End}) {
        QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier);
        QCoreApplication::sendEvent(&canvas(), &event);
        EXPECT_FALSE(event.isAccepted()) << key;
    }
    EXPECT_FALSE(state.momentNs());
}

TEST_F(TopologyWidget, MovesTheMomentByDraggingInTheStrip) {
    const QRectF plot = view.strip().picture().plots.front();
    const QPoint left = plot.center().toPoint() - QPoint(100, 0);
    QTest::mousePress(view.strip().viewport(), Qt::LeftButton, {}, left);
    const Nanoseconds begin = *state.momentNs();
    QTest::mouseMove(view.strip().viewport(), plot.center().toPoint());
    QTest::mouseRelease(view.strip().viewport(), Qt::LeftButton, {}, plot.center().toPoint());
    EXPECT_GT(*state.momentNs(), begin);
    EXPECT_NEAR(static_cast<double>(*state.momentNs()),
                static_cast<double>(view.strip().picture().scale.timeAt(plot.center().x())), 1e6);
    EXPECT_FALSE(state.selectedRange());
}

TEST_F(TopologyWidget, ZoomsAtThePointerAndFitsAgain) {
    const QPointF at = centreOf(mails());
    QWheelEvent wheel(at, canvas().viewport()->mapToGlobal(at), {}, {0, 240}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(canvas().viewport(), &wheel);
    EXPECT_GT(canvas().placeOf({0, 0, 100, 10}).width(), 130);
    auto* fit = view.findChild<QPushButton*>("fitTopology");
    EXPECT_TRUE(fit->isVisible());
    QTest::mouseClick(fit, Qt::LeftButton);
    EXPECT_FALSE(fit->isVisible());
    EXPECT_DOUBLE_EQ(canvas().placeOf({0, 0, 100, 10}).width(), 100);
}

TEST_F(TopologyWidget, ScrollsWhatIsHigherThanTheWindow) {
    state.setRecording(support::bigBrokerRecording(500, 40, 80));
    view.grab();
    EXPECT_GT(canvas().verticalScrollBar()->maximum(), 100);
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Right);
    for (int i = 0; i < 90; ++i) {
        QTest::keyClick(&canvas(), Qt::Key_Down);
    }
    const QRectF place = canvas().placeOf(canvas().layout().nodes[*canvas().currentNode()]);
    EXPECT_LE(place.bottom(), canvas().viewport()->height()); // the walk scrolls along
}

TEST_F(TopologyWidget, SaysWhatItShowsToAScreenReader) {
    state.setMomentNs(25 * kMs);
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&canvas());
    ASSERT_NE(list, nullptr);
    ASSERT_EQ(list->childCount(), 10);
    const QString text = list->child(static_cast<int>(mails()))->text(QAccessible::Name);
    EXPECT_EQ(text, "Queue mails, 2 ready, 1 delivered and not acknowledged, 3 came in so far");
    for (const auto* button : view.findChildren<QPushButton*>()) {
        EXPECT_FALSE(button->text().isEmpty());
    }
}

TEST_F(TopologyWidget, SaysThatThereWasNoBroker) {
    const QImage before = canvas().viewport()->grab().toImage();
    state.setRecording(support::sketch("a: RRRd\n"));
    EXPECT_TRUE(canvas().model()->isEmpty());
    EXPECT_FALSE(view.strip().isVisible());
    EXPECT_NE(canvas().viewport()->grab().toImage(), before);
    state.setRecording(nullptr);
    EXPECT_EQ(canvas().model(), nullptr);
    view.grab();
    click({200, 200});
    QTest::keyClick(&canvas(), Qt::Key_Right);
    QTest::keyClick(&canvas(), Qt::Key_Period);
    EXPECT_EQ(view.painter(), nullptr);
}

TEST_F(TopologyWidget, FollowsARunThatGoesOn) {
    auto live = std::make_shared<recording::Recording>(*support::brokerRecording());
    live->isLive = true;
    const auto all = live->messages;
    live->messages.resize(10);
    live->range.endNs = live->messages.back().timeNs;
    state.setRecording(live);
    EXPECT_EQ(canvas().momentNs(), live->range.endNs);
    auto later = std::make_shared<recording::Recording>(*live);
    later->messages = all;
    later->range.endNs = 60 * kMs;
    state.setRecording(later);
    EXPECT_EQ(canvas().momentNs(), 60 * kMs);
    EXPECT_EQ(canvas().model()->flow.moves().size(), all.size());
}

TEST_F(TopologyWidget, IsSharedByLinkedViews) {
    ViewState other;
    other.setRecording(support::brokerRecording());
    state.setMomentNs(25 * kMs);
    state.linkWith(other);
    EXPECT_EQ(other.momentNs(), 25 * kMs);
    other.setMomentNs(30 * kMs);
    EXPECT_EQ(state.momentNs(), 30 * kMs);
    other.setRecording(support::sketch("a: RRd\n"));
    EXPECT_EQ(other.momentNs(), std::nullopt);
    EXPECT_EQ(state.momentNs(), std::nullopt);
}

} // namespace
} // namespace interleave::ui
