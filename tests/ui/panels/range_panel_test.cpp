// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/range_panel.h"

#include "tests/support/generated_recording.h"
#include "tests/support/recording_sketch.h"
#include "ui/panels/histogram_view.h"
#include "ui/panels/report_item_model.h"
#include "ui/panels/state_totals_view.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QTableView>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class RangePanelTest : public ::testing::Test {
protected:
    RangePanelTest() {
        panel.setViewState(&state);
        panel.resize(1100, 200);
        panel.show();
    }
    /// Waits until the table has a row of that name.
    bool hasRow(const char* name) {
        return QTest::qWaitFor([&] { return rowOf(name) >= 0; });
    }
    int rowOf(const char* name) {
        for (int row = 0; row < panel.model().rowCount(); ++row) {
            if (panel.model().nameAt(row) == QLatin1String(name)) {
                return row;
            }
        }
        return -1;
    }
    QString cell(const char* name, int column) {
        return panel.model().index(rowOf(name), column).data().toString();
    }

    ViewState state;
    RangePanel panel;
};

TEST_F(RangePanelTest, CountsAndTimesTheSpansOfTheSelectedRange) {
    state.setRecording(support::sketch("a: RRGGGGRRd\nb: RRRRRRRRd\n"));
    state.setSelectedRange(TimeRange{1'000, 7'000});
    ASSERT_TRUE(hasRow("running"));
    EXPECT_EQ(cell("running", ReportItemModel::Count), "3");
    EXPECT_EQ(cell("running", ReportItemModel::InRange), "8.00 µs");
    EXPECT_EQ(cell("running", ReportItemModel::P50), "2.00 µs");
    EXPECT_EQ(cell("running", ReportItemModel::Maximum), "8.00 µs");
    EXPECT_EQ(cell("waiting_gil", ReportItemModel::Count), "1");
    EXPECT_EQ(cell("All spans", ReportItemModel::Count), "4");
    const auto* totals = panel.findChild<StateTotalsView*>();
    EXPECT_EQ(totals->lines(),
              (QStringList{"running 8.00 µs (67 %)", "waiting_gil 4.00 µs (33 %)"}));
}

TEST_F(RangePanelTest, CanCountByTaskAndCopiesItsTable) {
    state.setRecording(support::sketch("a: RRGGGGRRd\nb: RRRRRRRRd\n"));
    panel.findChild<QComboBox*>()->setCurrentIndex(1);
    ASSERT_TRUE(hasRow("b"));
    EXPECT_EQ(cell("a", ReportItemModel::Count), "3");
    QTest::keyClick(panel.findChild<QTableView*>(), Qt::Key_C, Qt::ControlModifier);
    EXPECT_TRUE(QApplication::clipboard()->text().startsWith(QStringLiteral("Spans\tIn range")));
    EXPECT_EQ(QApplication::clipboard()->text().count('\n'), 4);
}

TEST_F(RangePanelTest, TheHistogramIsOfTheChosenRow) {
    state.setRecording(support::sketch("a: RRGGGGRRd\nb: RRRRRRRRd\n"));
    ASSERT_TRUE(hasRow("waiting_gil"));
    auto* table = panel.findChild<QTableView*>();
    table->setCurrentIndex(panel.model().index(rowOf("waiting_gil"), 0));
    const auto* histogram = panel.findChild<HistogramView*>();
    EXPECT_EQ(histogram->accessibleName(), "waiting_gil: 1 span by duration");
    QStringList tips;
    for (int x = 0; x < histogram->width(); ++x) {
        const QString tip = histogram->tipAt({x, 50});
        if (!tip.isEmpty() && !tips.contains(tip)) {
            tips << tip;
        }
    }
    EXPECT_EQ(tips, QStringList{"3.07 µs to 4.10 µs: 1 span"});
}

TEST_F(RangePanelTest, FollowsADragToItsEndWithoutBlocking) {
    support::GeneratedOptions options;
    options.spans = 500'000;
    options.tracks = 8;
    state.setRecording(support::generatedRecording(options));
    const Nanoseconds end = state.recording()->range.endNs;
    for (int step = 1; step <= 40; ++step) {
        state.setSelectedRange(TimeRange{0, end * step / 80});
        QApplication::processEvents();
    }
    const auto expected = analysis::rangeReport(
        *state.recording(), {{0, end / 2}, recording::TrackKind::Task, analysis::ReportBy::State});
    ASSERT_TRUE(QTest::qWaitFor([&] {
        const auto* all = panel.model().lineAt(0);
        return all != nullptr && all->count == expected->all.count;
    }));
    EXPECT_EQ(panel.model().lineAt(0)->p99Ns, expected->all.p99Ns);
}

TEST_F(RangePanelTest, AReportOfARunThatIsNoLongerShownIsDropped) {
    state.setRecording(support::sketch("a: GGGG\n"));
    QApplication::processEvents();
    state.setRecording(support::sketch("a: RRRR\n"));
    ASSERT_TRUE(hasRow("running"));
    EXPECT_EQ(rowOf("waiting_gil"), -1);
    state.setRecording(nullptr);
    EXPECT_TRUE(QTest::qWaitFor([this] { return panel.model().rowCount() == 0; }));
}

} // namespace
} // namespace interleave::ui
