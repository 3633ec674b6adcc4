// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keys on the names of the rows.
#include "ui/gantt/track_header.h"

#include "tests/support/recording_sketch.h"
#include "ui/gantt/gantt_view.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class TrackHeaderTest : public ::testing::Test {
protected:
    TrackHeaderTest() {
        new TrackHeader(view, state);
        view.resize(1000, 500);
        view.show();
        state.setRecording(
            support::sketch("a: RRRRd\nb: RRRRd\nc: RRRRd\nlock GIL: abc.\nlock stove: a.b.\n"));
        QApplication::processEvents();
    }

    /// Names of the rows, "# " before headings.
    std::string rows() const {
        std::string text;
        for (std::size_t i = 0; i < view.layout().size(); ++i) {
            const RowItem& item = view.layout().at(i);
            text += (item.isHeading() ? "# " : "") + item.name.toStdString() + "; ";
        }
        return text;
    }
    QPoint nameOf(std::size_t row) const {
        return QPointF(60, view.geometry().rows.at(row).rect.center().y()).toPoint();
    }
    void drag(std::size_t from, std::size_t to) {
        const QPoint start = nameOf(from);
        const QPoint end = nameOf(to);
        QTest::mousePress(view.canvas(), Qt::LeftButton, {}, start);
        QMouseEvent move(QEvent::MouseMove, end, view.canvas()->mapToGlobal(end), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(view.canvas(), &move);
        QTest::mouseRelease(view.canvas(), Qt::LeftButton, {}, end);
        QApplication::processEvents();
    }
    QAction* actionWith(const char* text) const {
        for (const QMenu* menu : view.findChildren<QMenu*>()) {
            for (QAction* action : menu->actions()) {
                if (action->text().remove('&').startsWith(QString::fromUtf8(text))) {
                    return action;
                }
            }
        }
        return nullptr;
    }
    void select(std::uint32_t task) {
        state.setSelectedSpan(
            SpanRef{*state.recording()->trackOf(recording::TrackKind::Task, task), 0});
    }
    void choose(const char* text) {
        QAction* action = actionWith(text);
        ASSERT_NE(action, nullptr) << text;
        action->trigger();
        QApplication::closeAllWindows(); // the menu; the view is shown again
        for (QMenu* menu : view.findChildren<QMenu*>()) {
            delete menu;
        }
        view.show();
        QApplication::processEvents();
    }

    ViewState state;
    GanttView view{state};
};

TEST_F(TrackHeaderTest, AClickOnAHeadingFoldsItsGroupAndUnfoldsIt) {
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, nameOf(0));
    QApplication::processEvents();
    EXPECT_EQ(rows(), "# Tasks (3); # Locks (2); GIL; stove; ");
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, nameOf(0));
    QApplication::processEvents();
    EXPECT_EQ(rows(), "# Tasks (3); a; b; c; # Locks (2); GIL; stove; ");
    EXPECT_FALSE(state.selectedSpan().has_value());
}

TEST_F(TrackHeaderTest, ADragMovesARowWithinItsGroup) {
    drag(3, 1);
    EXPECT_EQ(rows(), "# Tasks (3); c; a; b; # Locks (2); GIL; stove; ");
    drag(1, 5);
    EXPECT_EQ(rows(), "# Tasks (3); c; a; b; # Locks (2); GIL; stove; ") << "not into another one";
}

TEST_F(TrackHeaderTest, ADragOfAHeadingMovesItsGroup) {
    drag(4, 0);
    EXPECT_EQ(rows(), "# Locks (2); GIL; stove; # Tasks (3); a; b; c; ");
}

TEST_F(TrackHeaderTest, TheMenuPinsHidesAndShowsAgain) {
    select(2);
    QTest::keyClick(&view, Qt::Key_F10, Qt::ShiftModifier);
    choose("Pin “b”");
    EXPECT_EQ(rows(), "# Pinned (1); b; # Tasks (2 of 3); a; c; # Locks (2); GIL; stove; ");
    select(1);
    QTest::keyClick(&view, Qt::Key_Menu);
    choose("Hide “a”");
    EXPECT_EQ(rows(),
              "# Pinned (1); b; # Tasks (1 of 3); c; # Locks (2); GIL; stove; # 1 hidden: show; ");
    QTest::keyClick(&view, Qt::Key_Menu);
    choose("Show 1 hidden again");
    QTest::keyClick(&view, Qt::Key_Menu);
    choose("Undo the last change");
    EXPECT_NE(rows().find("1 hidden"), std::string::npos);
}

TEST_F(TrackHeaderTest, ARightClickIsAboutTheRowUnderThePointer) {
    const QPoint at = nameOf(3);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, view.canvas()->mapToGlobal(at));
    QApplication::sendEvent(view.canvas(), &event);
    EXPECT_NE(actionWith("Hide “c”"), nullptr);
    EXPECT_NE(actionWith("Collapse “Tasks”"), nullptr);
}

TEST_F(TrackHeaderTest, ControlShiftArrowsMoveTheRowOfTheSelectedSpan) {
    select(1);
    QTest::keyClick(&view, Qt::Key_Down, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(rows(), "# Tasks (3); b; a; c; # Locks (2); GIL; stove; ");
    QTest::keyClick(&view, Qt::Key_Up, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(rows(), "# Tasks (3); a; b; c; # Locks (2); GIL; stove; ");
}

TEST_F(TrackHeaderTest, ClickingTheNoteShowsEverythingAgain) {
    TrackArrangement tracks;
    tracks.setHidden({recording::TrackKind::Task, 1}, true);
    tracks.filter = QStringLiteral("tasks");
    state.setTracks(tracks);
    QApplication::processEvents();
    ASSERT_EQ(rows(), "# Tasks (2 of 3); b; c; # 1 hidden, 2 filtered out: show; ");
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, nameOf(3));
    EXPECT_EQ(state.tracks(), TrackArrangement{});
}

TEST_F(TrackHeaderTest, RevealingASpanBringsItsHiddenRowBack) {
    TrackArrangement tracks;
    tracks.setFolded(QStringLiteral("task"), true);
    state.setTracks(tracks);
    const SpanRef span{*state.recording()->trackOf(recording::TrackKind::Task, 3), 0};
    view.reveal(span);
    EXPECT_TRUE(view.layout().rowOf(span.track).has_value());
}

TEST_F(TrackHeaderTest, AnotherRunIsShownWhileARangeOfTheFirstIsSelected) {
    state.setSelectedRange(TimeRange{0, 2'000});
    state.setHighlightedState(State::Running);
    state.setRecording(support::sketch("w0: RRRR\n"));
    state.setGrouping(Grouping::Worker);
    QApplication::processEvents();
    EXPECT_EQ(rows(), "# Workers (1); w0; ");
    EXPECT_FALSE(state.selectedRange().has_value());
}

} // namespace
} // namespace interleave::ui
