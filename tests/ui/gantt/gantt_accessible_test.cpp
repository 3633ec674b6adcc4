// SPDX-License-Identifier: GPL-3.0-or-later
// What assistive technology is told, asked as it asks.
#include "ui/gantt/gantt_accessible.h"

#include "tests/support/recording_sketch.h"
#include "ui/gantt/gantt_view.h"

#include <QAccessible>
#include <QApplication>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class GanttAccessibleTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        installGanttAccessible();
    } // as the window does: before any view

    GanttAccessibleTest() {
        view.resize(900, 400);
        view.show();
        state.setRecording(support::sketch("a: RRRRRRGGGId\nb: RRRRRRRRRRd\n"));
        QApplication::processEvents();
        list = QAccessible::queryAccessibleInterface(&view);
    }

    ViewState state;
    GanttView view{state};
    QAccessibleInterface* list = nullptr;
};

TEST_F(GanttAccessibleTest, IsAListWithAnItemForEachRow) {
    ASSERT_NE(list, nullptr);
    EXPECT_EQ(list->role(), QAccessible::List);
    EXPECT_EQ(list->text(QAccessible::Name), "Timeline, 2 rows");
    ASSERT_EQ(list->childCount(), 3);
    EXPECT_EQ(list->child(0)->text(QAccessible::Name), "Tasks (2)");
    QAccessibleInterface* row = list->child(1);
    EXPECT_EQ(row->role(), QAccessible::ListItem);
    state.setVisible({0, 10'000});
    EXPECT_EQ(row->text(QAccessible::Name).toStdString(),
              "a: running 60 %, waiting for GIL 30 %, waiting for I/O 10 %, 3 spans");
    EXPECT_EQ(row->parent(), list);
    EXPECT_EQ(list->indexOfChild(row), 1);
    EXPECT_EQ(list->child(1), row) << "one interface for one row";
    EXPECT_EQ(list->child(3), nullptr);
}

TEST_F(GanttAccessibleTest, RowsLieWhereTheyAreDrawn) {
    const QRect rect = list->child(2)->rect();
    EXPECT_FALSE(rect.isEmpty());
    EXPECT_EQ(list->childAt(rect.center().x(), rect.center().y()), list->child(2));
}

TEST_F(GanttAccessibleTest, TheRowOfTheSelectedSpanHasTheFocus) {
    EXPECT_EQ(list->focusChild(), nullptr);
    state.setSelectedSpan(SpanRef{*state.recording()->trackOf(recording::TrackKind::Task, 2), 0});
    EXPECT_EQ(list->focusChild(), list->child(2));
    EXPECT_TRUE(list->child(2)->state().selected);
}

TEST_F(GanttAccessibleTest, ARowThatIsGoneIsInvalid) {
    QAccessibleInterface* row = list->child(2);
    EXPECT_TRUE(row->isValid());
    TrackArrangement tracks;
    tracks.setFolded(QStringLiteral("task"), true);
    state.setTracks(tracks);
    EXPECT_FALSE(row->isValid());
    EXPECT_TRUE(row->text(QAccessible::Name).isEmpty());
    EXPECT_TRUE(list->child(0)->state().collapsed);
}

} // namespace
} // namespace interleave::ui
