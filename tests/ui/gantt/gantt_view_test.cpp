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
    /// A key by its place, typing what a French keyboard has there; with events as they come.
    bool press(int key, std::uint32_t scanCode, const QString& text,
               Qt::KeyboardModifiers modifiers = {}) {
        QKeyEvent event(QEvent::KeyPress, key, modifiers, scanCode, 0, 0, text);
        QApplication::sendEvent(&view, &event);
        QKeyEvent release(QEvent::KeyRelease, key, modifiers, scanCode, 0, 0, text);
        QApplication::sendEvent(&view, &release);
        return event.isAccepted();
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

TEST_F(GanttViewTest, PlacesOfKeysCountNotTheirLetters) {
    const Nanoseconds whole = state.visible().durationNs();
    press(Qt::Key_Z, 25, "z"); // where W is on an American keyboard
    EXPECT_LT(state.visible().durationNs(), whole);
    const TimeRange zoomed = state.visible();
    press(Qt::Key_D, 40, "d");
    EXPECT_GT(state.visible().beginNs, zoomed.beginNs);
    press(Qt::Key_Q, 38, "q");
    EXPECT_NEAR(static_cast<double>(state.visible().beginNs), static_cast<double>(zoomed.beginNs),
                2);
    press(Qt::Key_S, 39, "s");
    EXPECT_GT(state.visible().durationNs(), zoomed.durationNs());
    const TimeRange before = state.visible();
    EXPECT_FALSE(press(Qt::Key_W, 52, "w")) << "the French W is where nothing is meant";
    EXPECT_EQ(state.visible(), before);
}

TEST_F(GanttViewTest, EveryKeyForMovingDoesWhatItSays) {
    const TimeRange whole = state.visible();
    for (const auto key : {Qt::Key_Plus, Qt::Key_Equal}) {
        const Nanoseconds before = state.visible().durationNs();
        QTest::keyClick(&view, key);
        EXPECT_LT(state.visible().durationNs(), before);
    }
    QTest::keyClick(&view, Qt::Key_0);
    EXPECT_EQ(state.visible(), whole);
    QTest::keyClick(&view, Qt::Key_Plus);
    const TimeRange zoomed = state.visible();
    QTest::keyClick(&view, Qt::Key_Right);
    EXPECT_GT(state.visible().beginNs, zoomed.beginNs);
    QTest::keyClick(&view, Qt::Key_Home);
    EXPECT_EQ(state.visible(), whole);
}

TEST_F(GanttViewTest, PagesAndArrowsScrollRows) {
    show(manyTasks(100));
    QTest::keyClick(&view, Qt::Key_PageDown);
    const std::size_t page = view.geometry().rows.front().index;
    EXPECT_GT(page, 5u);
    QTest::keyClick(&view, Qt::Key_Down);
    EXPECT_GT(view.geometry().rows.front().index, page);
    QTest::keyClick(&view, Qt::Key_Up);
    QTest::keyClick(&view, Qt::Key_PageUp);
    EXPECT_EQ(view.geometry().rows.front().index, 0u);
}

TEST_F(GanttViewTest, SpaceAndTheLeftButtonPan) {
    state.setVisible({4'000, 12'000});
    const QPoint from = at(8'000, 1);
    QTest::keyPress(&view, Qt::Key_Space);
    drag(Qt::LeftButton, {}, from, from - QPoint(100, 0));
    EXPECT_GT(state.visible().beginNs, 4'500);
    EXPECT_FALSE(state.selectedRange().has_value());
    QTest::keyRelease(&view, Qt::Key_Space);
    const TimeRange panned = state.visible();
    drag(Qt::LeftButton, {}, from, from - QPoint(100, 0));
    EXPECT_EQ(state.visible(), panned);
    EXPECT_TRUE(state.selectedRange().has_value()) << "without Space it selects again";
}

TEST_F(GanttViewTest, TabWalksAlongTheRowWhileASpanIsSelected) {
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_Period);
    ASSERT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 0}));
    QTest::keyClick(&view, Qt::Key_Tab);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 1}));
    QTest::keyClick(&view, Qt::Key_Backtab, Qt::ShiftModifier);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 0}));
    QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 1}));
    QTest::keyClick(&view, Qt::Key_Left, Qt::ControlModifier);
    EXPECT_EQ(state.selectedSpan(), (SpanRef{taskTrack(1), 0}));
}

TEST_F(GanttViewTest, EscapeClearsAndThenLetsGo) {
    state.setSelectedSpan(SpanRef{taskTrack(1), 0});
    state.setSelectedRange(TimeRange{1000, 2000});
    state.setMeasuredRange(TimeRange{1000, 2000});
    EXPECT_TRUE(press(Qt::Key_Escape, 9, {}));
    EXPECT_FALSE(state.hasSelection());
    EXPECT_FALSE(press(Qt::Key_Escape, 9, {})) << "the window leaves its mode";
}

TEST_F(GanttViewTest, SearchAndHelpAreLeftToTheWindow) {
    EXPECT_FALSE(press(Qt::Key_Slash, 61, "/"));
    EXPECT_FALSE(press(Qt::Key_Question, 61, "?", Qt::ShiftModifier));
}

TEST_F(GanttViewTest, TwoMarksMeasure) {
    state.setSelectedSpan(SpanRef{taskTrack(1), 1}); // from 8 us
    QTest::keyClick(&view, Qt::Key_M);
    EXPECT_EQ(state.passingMarkNs(), 8'000);
    EXPECT_FALSE(state.measuredRange().has_value());
    QTest::keyClick(&view, Qt::Key_Period); // to 16 us
    QTest::keyClick(&view, Qt::Key_M);
    EXPECT_EQ(state.measuredRange(), (TimeRange{8'000, 16'000}));
    EXPECT_TRUE(state.marks().isEmpty()) << "passing marks don't stay";
}

TEST_F(GanttViewTest, AMarkIsKeptAndRemoved) {
    state.setSelectedSpan(SpanRef{taskTrack(1), 1});
    QTest::keyClick(&view, Qt::Key_M);
    QTest::keyClick(&view, Qt::Key_M, Qt::ShiftModifier);
    ASSERT_EQ(state.marks().size(), 1);
    EXPECT_EQ(state.marks().first(), (Mark{8'000, QStringLiteral("1")}));
    QTest::keyClick(&view, Qt::Key_Escape);
    EXPECT_EQ(state.marks().size(), 1) << "kept";
    state.setSelectedSpan(SpanRef{taskTrack(1), 2});
    QTest::keyClick(&view, Qt::Key_M, Qt::ShiftModifier);
    QTest::keyClick(&view, Qt::Key_M, Qt::ShiftModifier);
    ASSERT_EQ(state.marks().size(), 2) << "once at a place";
    QTest::keyClick(&view, Qt::Key_Delete);
    ASSERT_EQ(state.marks().size(), 1);
    EXPECT_EQ(state.marks().first().timeNs, 8'000);
}

TEST_F(GanttViewTest, ShiftAndArrowsSelectARangeFromTheSpanOn) {
    state.setSelectedSpan(SpanRef{taskTrack(1), 1});
    QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
    ASSERT_TRUE(state.selectedRange().has_value());
    EXPECT_EQ(state.selectedRange()->beginNs, 8'000);
    EXPECT_GT(state.selectedRange()->endNs, 16'000);
    const Nanoseconds end = state.selectedRange()->endNs;
    QTest::keyClick(&view, Qt::Key_Left, Qt::ShiftModifier);
    EXPECT_LT(state.selectedRange()->endNs, end);
    for (int i = 0; i < 40; ++i) {
        QTest::keyClick(&view, Qt::Key_Left, Qt::ShiftModifier);
    }
    EXPECT_LT(state.selectedRange()->beginNs, 8'000) << "past the edge that stays";
    EXPECT_EQ(state.selectedRange()->endNs, 8'000);
}

TEST_F(GanttViewTest, AltAndArrowsFollowLinksAsBracketsDo) {
    show(support::demoRecording());
    const auto& recording = *state.recording();
    for (const recording::Link& link : recording.links) {
        const bool isBetweenTasks =
            link.from.task && link.to.task && link.from.task != link.to.task;
        if (link.kind != recording::LinkKind::Handoff || !isBetweenTasks) {
            continue;
        }
        const TrackId to = *recording.trackOf(recording::TrackKind::Task, link.to.task.value);
        const auto index = nearestSpan(recording.track(to).spans, link.to.timeNs);
        state.setSelectedSpan(SpanRef{to, *index});
        QTest::keyClick(&view, Qt::Key_Left, Qt::AltModifier);
        ASSERT_TRUE(state.selectedSpan().has_value());
        EXPECT_NE(state.selectedSpan()->track, to);
        return;
    }
    FAIL() << "the demo has hand-overs between tasks";
}

TEST_F(GanttViewTest, RevealComesFromAnywhere) {
    state.setVisible({0, 2'000});
    state.reveal(SpanRef{taskTrack(1), 2}); // 16 to 24 us
    EXPECT_TRUE(state.visible().overlaps({16'000, 24'000}));
}

TEST_F(GanttViewTest, HitsOfASearchArePointedOut) {
    const QImage before = view.grab().toImage();
    auto hits = std::make_shared<SearchHits>();
    hits->listed = {SpanRef{taskTrack(1), 1}};
    hits->isHit = [hit = hits->listed.front()](SpanRef span) { return span == hit; };
    state.setSearchHits(hits);
    QApplication::processEvents();
    const QImage after = view.grab().toImage();
    const QRect bar =
        view.geometry().barOf(hits->listed.front())->rect.toRect().translated(view.canvas()->pos());
    EXPECT_NE(before.copy(bar), after.copy(bar));
    const QRect other =
        view.geometry().barOf({taskTrack(1), 0})->rect.toRect().translated(view.canvas()->pos());
    EXPECT_EQ(before.copy(other.adjusted(2, 0, -4, 0)), after.copy(other.adjusted(2, 0, -4, 0)));
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
