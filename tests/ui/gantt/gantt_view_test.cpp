// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keys on the real widget: what they do to the view state.
#include "ui/gantt/gantt_view.h"

#include "tests/ui/gantt/gantt_inputs.h"
#include "ui/gantt/span_search.h"
#include "ui/view_state/time_navigation.h"

#include <QApplication>
#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class GanttViewTest : public ::testing::Test {
protected:
    GanttViewTest() {
        view.resize(1000, 600);
        view.show();
        show(support::sketch("a: RRRRRRRRGGGGGGGGRRRRRRRRd\nb: GGGGGGGGRRRRRRRRd\n"
                             "lock GIL: aaaaaaaabbbbbbbbaaaaaaaa\n"));
    }

    void show(std::shared_ptr<const recording::Recording> recording) {
        state.setRecording(std::move(recording));
        QApplication::processEvents();
    }
    QPoint at(Nanoseconds time, std::size_t row) const {
        return QPointF(view.geometry().xOf(time), view.geometry().rows[row].rect.center().y())
            .toPoint();
    }
    void wheel(QPoint point, int notches, Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(point, view.canvas()->mapToGlobal(point), {}, {0, 120 * notches},
                          Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.canvas(), &event);
    }
    void drag(Qt::MouseButton button, Qt::KeyboardModifiers modifiers, QPoint from, QPoint to) {
        QTest::mousePress(view.canvas(), button, modifiers, from);
        QMouseEvent move(QEvent::MouseMove, to, view.canvas()->mapToGlobal(to), Qt::NoButton,
                         button, modifiers);
        QApplication::sendEvent(view.canvas(), &move);
        QTest::mouseRelease(view.canvas(), button, modifiers, to);
    }
    TrackId taskTrack(std::uint32_t task) const {
        return *state.recording()->trackOf(recording::TrackKind::Task, task);
    }

    ViewState state;
    GanttView view{state};
};

TEST_F(GanttViewTest, ClickSelectsTheSpan) {
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, at(10'000, 1));
    ASSERT_TRUE(state.selectedSpan().has_value());
    EXPECT_EQ(*state.selectedSpan(), (SpanRef{taskTrack(1), 1}));
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, at(20'000, 2));
    EXPECT_FALSE(state.selectedSpan().has_value()) << "nothing there";
}

TEST_F(GanttViewTest, LeftDragSelectsARange) {
    drag(Qt::LeftButton, {}, at(4'000, 1), at(12'000, 2));
    ASSERT_TRUE(state.selectedRange().has_value());
    EXPECT_NEAR(static_cast<double>(state.selectedRange()->beginNs), 4'000, 40);
    EXPECT_NEAR(static_cast<double>(state.selectedRange()->endNs), 12'000, 40);
    EXPECT_FALSE(state.selectedSpan().has_value());
}

TEST_F(GanttViewTest, DraggingBackwardsSelectsTheSameRange) {
    drag(Qt::LeftButton, {}, at(12'000, 1), at(4'000, 1));
    ASSERT_TRUE(state.selectedRange().has_value());
    EXPECT_NEAR(static_cast<double>(state.selectedRange()->beginNs), 4'000, 40);
    EXPECT_NEAR(static_cast<double>(state.selectedRange()->endNs), 12'000, 40);
}

TEST_F(GanttViewTest, ShiftDragAndTheRulerMeasure) {
    drag(Qt::LeftButton, Qt::ShiftModifier, at(4'000, 1), at(12'000, 1));
    ASSERT_TRUE(state.measuredRange().has_value());
    EXPECT_FALSE(state.selectedRange().has_value());
    state.setMeasuredRange(std::nullopt);
    drag(Qt::LeftButton, {}, QPoint(at(4'000, 1).x(), 8), QPoint(at(8'000, 1).x(), 8));
    ASSERT_TRUE(state.measuredRange().has_value());
    EXPECT_NEAR(static_cast<double>(state.measuredRange()->durationNs()), 4'000, 80);
}

TEST_F(GanttViewTest, MiddleDragPans) {
    state.setVisible({4'000, 12'000});
    const QPoint from = at(8'000, 1);
    drag(Qt::MiddleButton, {}, from, from - QPoint(100, 0));
    EXPECT_GT(state.visible().beginNs, 4'500);
    EXPECT_EQ(state.visible().durationNs(), 8'000);
}

TEST_F(GanttViewTest, ControlWheelZoomsAtThePointer) {
    const QPoint point = at(8'000, 1);
    const Nanoseconds before = view.geometry().timeAt(point.x());
    wheel(point, 1, Qt::ControlModifier);
    EXPECT_LT(state.visible().durationNs(), 24'000);
    EXPECT_NEAR(static_cast<double>(view.geometry().timeAt(point.x())), static_cast<double>(before),
                20);
    wheel(point, -1, Qt::ControlModifier);
    EXPECT_NEAR(static_cast<double>(state.visible().durationNs()),
                static_cast<double>(fittedView({0, 24'000}).durationNs()), 20);
}

TEST_F(GanttViewTest, ShiftWheelGoesAlongTime) {
    state.setVisible({4'000, 8'000});
    wheel(at(5'000, 1), -1, Qt::ShiftModifier);
    EXPECT_GT(state.visible().beginNs, 4'000);
    EXPECT_EQ(state.visible().durationNs(), 4'000);
}

TEST_F(GanttViewTest, TheWheelScrollsRows) {
    show(manyTasks(100));
    const TimeRange before = state.visible();
    EXPECT_EQ(view.geometry().rows.front().index, 0u);
    wheel(QPoint(500, 300), -3, {});
    EXPECT_GT(view.geometry().rows.front().index, 2u);
    EXPECT_EQ(state.visible(), before);
}

TEST_F(GanttViewTest, DoubleClickZoomsToTheSpanAndFComesBack) {
    QTest::mouseDClick(view.canvas(), Qt::LeftButton, {}, at(10'000, 1));
    EXPECT_EQ(state.visible(), framedView({8'000, 16'000}, state.extent()));
    QTest::keyClick(&view, Qt::Key_F);
    EXPECT_EQ(state.visible(), fittedView({0, 24'000}));
    QTest::keyClick(&view, Qt::Key_F);
    EXPECT_EQ(state.visible(), framedView({8'000, 16'000}, state.extent()));
}

TEST_F(GanttViewTest, KeysZoomAndPan) {
    QTest::keyClick(&view, Qt::Key_W);
    QTest::keyClick(&view, Qt::Key_W);
    const TimeRange zoomed = state.visible();
    EXPECT_LT(zoomed.durationNs(), 24'000);
    QTest::keyClick(&view, Qt::Key_D);
    EXPECT_GT(state.visible().beginNs, zoomed.beginNs);
    QTest::keyClick(&view, Qt::Key_Left);
    EXPECT_NEAR(static_cast<double>(state.visible().beginNs), static_cast<double>(zoomed.beginNs),
                2);
    QTest::keyClick(&view, Qt::Key_Minus);
    EXPECT_GT(state.visible().durationNs(), zoomed.durationNs());
    QTest::keyClick(&view, Qt::Key_Home);
    EXPECT_EQ(state.visible(), fittedView({0, 24'000}));
    QTest::keyClick(&view, Qt::Key_Backspace);
    EXPECT_NE(state.visible(), fittedView({0, 24'000}));
}

TEST_F(GanttViewTest, KeysStepThroughSpansAndRows) {
    QTest::keyClick(&view, Qt::Key_Period);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 0}));
    QTest::keyClick(&view, Qt::Key_Period);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 1}));
    QTest::keyClick(&view, Qt::Key_Down);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(2), 1}));
    QTest::keyClick(&view, Qt::Key_Comma);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(2), 0}));
    QTest::keyClick(&view, Qt::Key_Comma);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(2), 0})) << "the first stays";
    QTest::keyClick(&view, Qt::Key_Escape);
    EXPECT_FALSE(state.selectedSpan().has_value());
}

TEST_F(GanttViewTest, FollowsALinkThereAndBack) {
    show(support::demoRecording());
    const auto& recording = *state.recording();
    for (const recording::Link& link : recording.links) {
        if (link.kind != recording::LinkKind::Handoff || !link.from.task || !link.to.task ||
            link.from.task == link.to.task) {
            continue;
        }
        const TrackId from = *recording.trackOf(recording::TrackKind::Task, link.from.task.value);
        const auto start = nearestSpan(recording.track(from).spans, link.from.timeNs - 1);
        state.setSelectedSpan(SpanRef{from, *start});
        QTest::keyClick(&view, Qt::Key_BracketRight);
        ASSERT_TRUE(state.selectedSpan().has_value());
        EXPECT_NE(state.selectedSpan()->track, from);
        return;
    }
    FAIL() << "the demo has hand-overs between tasks";
}

TEST_F(GanttViewTest, RevealScrollsToARowOutOfSight) {
    show(manyTasks(100));
    const TrackId last = taskTrack(100);
    EXPECT_EQ(view.geometry().rowOf(last), nullptr);
    view.reveal({last, 0});
    ASSERT_NE(view.geometry().rowOf(last), nullptr);
    EXPECT_LE(view.geometry().rowOf(last)->rect.bottom(), view.geometry().plot.bottom() + 1);
}

TEST_F(GanttViewTest, PointingSetsTheSharedCursor) {
    QMouseEvent move(QEvent::MouseMove, at(6'000, 1), view.canvas()->mapToGlobal(at(6'000, 1)),
                     Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(view.canvas(), &move);
    ASSERT_TRUE(state.hoverTimeNs().has_value());
    EXPECT_NEAR(static_cast<double>(*state.hoverTimeNs()), 6'000, 40);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(view.canvas(), &leave);
    EXPECT_FALSE(state.hoverTimeNs().has_value());
}

TEST_F(GanttViewTest, TipsNameTheSpanOrTheMergedOnes) {
    EXPECT_TRUE(view.tipAt(at(10'000, 1)).startsWith(QStringLiteral("waiting_gil · 8.00 µs")))
        << view.tipAt(at(10'000, 1)).toStdString();
    std::string text = "a: ";
    for (int i = 0; i < 3000; ++i) {
        text += "RG";
    }
    show(support::sketch(text + "d\n"));
    EXPECT_TRUE(view.tipAt(at(3'000'000, 1)).contains(QStringLiteral("% running")))
        << view.tipAt(at(3'000'000, 1)).toStdString();
}

TEST_F(GanttViewTest, DrawsWithoutARecording) {
    show(nullptr);
    EXPECT_TRUE(view.geometry().rows.empty());
    QTest::keyClick(&view, Qt::Key_W);
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, QPoint(500, 200));
    const QImage empty = view.grab().toImage();
    show(support::demoRecording());
    EXPECT_NE(view.grab().toImage(), empty);
}

TEST_F(GanttViewTest, ChangesOfThemeReachThePicture) {
    state.setTheme(ThemeKind::Dark);
    QApplication::processEvents();
    const QImage dark = view.grab().toImage();
    EXPECT_LT(dark.pixelColor(dark.width() - 5, dark.height() - 5).lightness(), 90);
}

} // namespace
} // namespace interleave::ui
