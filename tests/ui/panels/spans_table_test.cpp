// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/spans_table.h"

#include "tests/support/generated_recording.h"
#include "tests/support/recording_sketch.h"
#include "ui/panels/span_list_view.h"

#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QLabel>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(SpanRows, NumberTheSpansOfARangeTrackByTrack) {
    const auto recording = support::sketch("a: RRGGRRd\nb: IIIIIId\nlock GIL: a.bb\n");
    const SpanRows all(recording, Grouping::Task, {}, recording->range);
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(all.at(0), (SpanRef{*recording->trackOf(recording::TrackKind::Task, 1), 0}));
    EXPECT_EQ(all.at(3), (SpanRef{*recording->trackOf(recording::TrackKind::Task, 2), 0}));
    for (std::uint64_t row = 0; row < all.size(); ++row) {
        EXPECT_EQ(all.rowOf(all.at(row)), row);
    }
    const SpanRows some(recording, Grouping::Task, {}, {2'500, 3'000});
    EXPECT_EQ(some.size(), 3u) << "one of a, one of b, one of the lock";
    EXPECT_EQ(some.rowOf(all.at(0)), std::nullopt);
    TrackArrangement hidden;
    hidden.setHidden({recording::TrackKind::Task, 1}, true);
    EXPECT_EQ(SpanRows(recording, Grouping::Task, hidden, recording->range).size(), 3u);
    const TrackId b = *recording->trackOf(recording::TrackKind::Task, 2);
    EXPECT_EQ(SpanRows(recording, Grouping::Task, {}, recording->range, b).size(), 1u);
}

TEST(SpanRows, BecomeTextWithHeadersForOtherPrograms) {
    const auto recording = support::sketch("a, \"b\": RRGG..d\n");
    const SpanRows rows(recording, Grouping::Task, {}, recording->range);
    EXPECT_EQ(spanTable(rows, 1, 2, TableFormat::Tabs).toStdString(),
              "track\ttask\tworker\tstate\tname\tcause\tbegin_ns\tduration_ns\tdepth\n"
              "a, \"b\"\ta, \"b\"\t\twaiting_gil\t\t\t2000\t2000\t0\n");
    EXPECT_EQ(spanTable(rows, 0, 1, TableFormat::Commas).toStdString(),
              "track,task,worker,state,name,cause,begin_ns,duration_ns,depth\n"
              "\"a, \"\"b\"\"\",\"a, \"\"b\"\"\",,running,,,0,2000,0\n");
}

class SpansTableTest : public ::testing::Test {
protected:
    SpansTableTest() {
        support::GeneratedOptions options;
        options.spans = 300'000;
        options.tracks = 20;
        state.setRecording(support::generatedRecording(options));
        table.setViewState(&state);
        table.resize(900, 260);
        table.show();
        QApplication::processEvents();
    }
    SpanListView& list() { return table.list(); }
    QString cell(int row, int column) {
        return list().model()->index(row, column).data().toString();
    }

    ViewState state;
    SpansTable table;
};

TEST_F(SpansTableTest, HoldsOnlyTheRowsInSight) {
    EXPECT_EQ(list().rows().size(), 300'000u);
    EXPECT_LT(list().model()->rowCount(), 40);
    EXPECT_EQ(list().rowBar()->maximum() + list().rowBar()->pageStep(), 300'000);
    QTest::keyClick(&list(), Qt::Key_End);
    EXPECT_EQ(list().currentRow(), 299'999u);
    const int last = list().currentIndex().row();
    EXPECT_EQ(list().model()->headerData(last, Qt::Vertical).toString(),
              QLocale().toString(300'000));
    QTest::keyClick(&list(), Qt::Key_PageUp);
    QTest::keyClick(&list(), Qt::Key_Down);
    EXPECT_GT(*list().currentRow(), 299'900u);
    EXPECT_EQ(list().currentIndex().row() + list().rowBar()->value(),
              static_cast<int>(*list().currentRow()));
}

TEST_F(SpansTableTest, ChoosingARowSelectsItsSpanAndTheOtherWayRound) {
    QTest::keyClick(&list(), Qt::Key_Home);
    QTest::keyClick(&list(), Qt::Key_Down);
    EXPECT_EQ(state.selectedSpan(), list().rows().at(1));
    const SpanRef other = list().rows().at(150'000);
    state.setSelectedSpan(other);
    EXPECT_EQ(list().currentRow(), 150'000u);
    EXPECT_TRUE(list().currentIndex().isValid()) << "scrolled to";
    EXPECT_EQ(cell(list().currentIndex().row(), 0).toStdString(),
              state.recording()->track(other.track).name);
}

TEST_F(SpansTableTest, ASelectionOutlivesScrollingAndIsCopied) {
    list().goTo(10);
    list().goTo(10'009, true);
    list().rowBar()->setValue(0);
    EXPECT_EQ(list().selectedRows(), (std::pair<std::uint64_t, std::uint64_t>{10, 10'010}));
    list().setRows(list().rows());
    EXPECT_EQ(list().selectedRows(), (std::pair<std::uint64_t, std::uint64_t>{10, 10'010}));
    EXPECT_EQ(list().selectionModel()->selectedRows().size(), list().model()->rowCount() - 10);
    QTest::keyClick(&list(), Qt::Key_C, Qt::ControlModifier);
    EXPECT_EQ(QApplication::clipboard()->text().count('\n'), 10'001);
    EXPECT_TRUE(QApplication::clipboard()->text().startsWith(QStringLiteral("track\ttask\t")));
    table.copy(TableFormat::Commas);
    EXPECT_TRUE(QApplication::clipboard()->mimeData()->hasFormat(QStringLiteral("text/csv")));
}

TEST_F(SpansTableTest, FollowsTheSelectedRange) {
    const TimeRange range{1'000'000, 1'200'000};
    state.setSelectedRange(range);
    ASSERT_TRUE(QTest::qWaitFor([this] { return list().rows().size() < 300'000; }));
    const SpanRows expected(state.recording(), state.grouping(), {}, range);
    EXPECT_EQ(list().rows().size(), expected.size());
    EXPECT_TRUE(table.findChild<QLabel*>()->text().contains(QStringLiteral("selected range")));
}

TEST_F(SpansTableTest, EnterZoomsToTheSpan) {
    list().goTo(5);
    QTest::keyClick(&list(), Qt::Key_Return);
    EXPECT_EQ(state.selectedSpan(), list().rows().at(5));
    const TimeRange span = state.selectedSpanValue()->range;
    EXPECT_LT(state.visible().durationNs(), state.extent().durationNs() / 2);
    EXPECT_TRUE(state.visible().contains(span.beginNs));
}

TEST(SpanListView, IsEmptyWithoutRows) {
    SpanListView list;
    list.setRows({});
    QTest::keyClick(&list, Qt::Key_Down);
    QTest::keyClick(&list, Qt::Key_End);
    EXPECT_EQ(list.currentRow(), std::nullopt);
    EXPECT_EQ(list.model()->rowCount(), 0);
}

} // namespace
} // namespace interleave::ui
