// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_geometry.h"

#include "tests/ui/gantt/gantt_inputs.h"

#include <QFontMetricsF>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <string>

namespace interleave::ui {
namespace {

// What is drawn, as text: a failing test is a picture.
std::string described(const GanttGeometry& geometry) {
    std::string text;
    for (const GanttRow& row : geometry.rows) {
        text += row.isHeading
                    ? fmt::format("# {}\n", row.name.toStdString())
                    : fmt::format("{} ({})\n", row.name.toStdString(), row.detail.toStdString());
        for (std::size_t i = row.firstBar; i < row.endBar; ++i) {
            const GanttBar& bar = geometry.bars[i];
            text += fmt::format("  {} {}..{}{}{}\n", nameOf(bar.state),
                                bar.rect.left() - geometry.plot.left(),
                                bar.rect.right() - geometry.plot.left(),
                                bar.label.isEmpty() ? "" : " \"" + bar.label.toStdString() + "\"",
                                bar.isRelated ? "" : " dimmed");
        }
        for (std::size_t i = row.firstStretch; i < row.endStretch; ++i) {
            const QRectF& rect = geometry.stretches[i].rect;
            text += fmt::format("  merged {}..{}\n", rect.left() - geometry.plot.left(),
                                rect.right() - geometry.plot.left());
        }
    }
    return text;
}

TEST(GanttGeometry, DrawsWideSpansExactly) {
    const auto recording = support::sketch("a: QQRRRRRRGGGGd\n"
                                           "b: ....RRRRd\n"
                                           "lock GIL: ..aaaa\n");
    EXPECT_EQ(described(ganttGeometry(inputsFor(recording, {0, 12'000}, 120))),
              "# Tasks (2)\n"
              "a (50 % running)\n"
              "  queued 0..20\n"
              "  running 20..80 \"running\"\n"
              "  waiting_gil 80..120\n"
              "b (33 % running)\n"
              "  running 40..80\n"
              "# Locks (1)\n"
              "GIL (33 % held)\n"
              "  held 20..60 \"a\"\n");
}

TEST(GanttGeometry, MergesSpansUnderThreePixels) {
    const auto recording = support::sketch("a: RRRRRRRRRRGRGRGRGRRRRRRRRRRRd\n");
    EXPECT_EQ(described(ganttGeometry(inputsFor(recording, {0, 28'000}, 28))), "# Tasks (1)\n"
                                                                               "a (86 % running)\n"
                                                                               "  running 0..10\n"
                                                                               "  running 17..28\n"
                                                                               "  merged 10..17\n");
}

TEST(GanttGeometry, StatesOfAMergedColumnHaveTheirShares) {
    const auto recording = support::sketch("a: RGRGRGRGRGRGRGRGd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 16'000}, 8));
    ASSERT_EQ(geometry.stretches.size(), 1u);
    ASSERT_EQ(geometry.slices.size(), 2u) << "equal neighbours become one";
    EXPECT_EQ(geometry.slices[0].state, State::Running);
    EXPECT_EQ(geometry.slices[1].state, State::WaitingGil);
    EXPECT_NEAR(geometry.slices[0].rect.height(), geometry.slices[1].rect.height(), 1);
    EXPECT_NEAR(geometry.slices[0].rect.height() + geometry.slices[1].rect.height(),
                0.8 * geometry.stretches[0].rect.height(), 1)
        << "half of it running at 100 %, half waiting at 60 %";
}

TEST(GanttGeometry, MergedWaitsAreNoHigherThanTheirBars) {
    const auto recording = support::sketch("a: GGGGGGGGd\n");
    const GanttGeometry exact = ganttGeometry(inputsFor(recording, {0, 8000}, 80));
    const GanttGeometry merged = ganttGeometry(inputsFor(recording, {0, 8'000'000}, 1000));
    ASSERT_EQ(exact.bars.size(), 1u);
    ASSERT_FALSE(merged.slices.empty());
    EXPECT_NEAR(merged.slices[0].rect.height(), exact.bars[0].rect.height(), 1);
}

TEST(GanttGeometry, AShortWaitForTheGilStaysVisible) {
    const auto recording =
        support::sketch("a: RG" + std::string(997, 'R') + "d\n", Nanoseconds{1000});
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 1'000'000}, 100));
    const auto isGil = [](const GanttSlice& slice) { return slice.state == State::WaitingGil; };
    const auto slice = std::find_if(geometry.slices.begin(), geometry.slices.end(), isGil);
    ASSERT_NE(slice, geometry.slices.end());
    EXPECT_GE(slice->rect.height(), 1);
}

TEST(GanttGeometry, LeavesHiddenStatesOut) {
    const auto recording = support::sketch("a: QQQQRRRRd\n");
    GanttInputs inputs = inputsFor(recording, {0, 8000}, 80);
    inputs.hidden.set(static_cast<std::size_t>(State::Queued));
    const GanttGeometry geometry = ganttGeometry(inputs);
    ASSERT_EQ(geometry.bars.size(), 1u);
    EXPECT_EQ(geometry.bars[0].state, State::Running);
}

TEST(GanttGeometry, DimsWhatIsNotOfTheSelectedTask) {
    const auto recording = support::sketch("a: RRRRd\nb: RRRRd\nlock GIL: aabb\n");
    GanttInputs inputs = inputsFor(recording, {0, 4000}, 80);
    inputs.selected = SpanRef{*recording->trackOf(recording::TrackKind::Task, 1), 0};
    EXPECT_EQ(described(ganttGeometry(inputs)), "# Tasks (2)\n"
                                                "a (100 % running)\n"
                                                "  running 0..80 \"running\"\n"
                                                "b (100 % running)\n"
                                                "  running 0..80 \"running\" dimmed\n"
                                                "# Locks (1)\n"
                                                "GIL (100 % held)\n"
                                                "  held 0..40 \"a\"\n"
                                                "  held 40..80 \"b\" dimmed\n");
}

TEST(GanttGeometry, MarksABadEnd) {
    const auto recording = support::sketch("a: RRRRf\nb: RRRRx\nc: RRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 5000}, 100));
    ASSERT_EQ(geometry.endMarks.size(), 2u);
    EXPECT_EQ(geometry.endMarks[0].state, State::Failed);
    EXPECT_EQ(geometry.endMarks[1].state, State::Cancelled);
}

TEST(GanttGeometry, NothingLiesOutsideOfThePlot) {
    std::mt19937 random(3);
    const auto recording = support::demoRecording();
    for (int i = 0; i < 200; ++i) {
        const auto begin = static_cast<Nanoseconds>(random() % 60'000'000);
        const auto length = static_cast<Nanoseconds>(20 + random() % 30'000'000);
        const auto grouping = static_cast<Grouping>(i % 3);
        GanttInputs inputs = inputsFor(recording, {begin, begin + length},
                                       50 + static_cast<double>(random() % 900), grouping);
        inputs.rowPx = 18 + i % 30;
        inputs.scrollPx = i % 40;
        const GanttGeometry geometry = ganttGeometry(inputs);
        const QRectF wide = geometry.plot.adjusted(-2, -64, 2, 64); // a row may be partly scrolled
        for (const GanttBar& bar : geometry.bars) {
            EXPECT_TRUE(wide.contains(bar.rect));
            EXPECT_GE(bar.rect.width(), 1);
        }
        for (const GanttSlice& slice : geometry.slices) {
            EXPECT_TRUE(wide.contains(slice.rect));
            EXPECT_GT(slice.rect.height(), 0);
        }
        for (const GanttRow& row : geometry.rows) {
            for (std::size_t b = row.firstBar; b < row.endBar; ++b) {
                EXPECT_GE(geometry.bars[b].rect.top(), row.rect.top());
                EXPECT_LE(geometry.bars[b].rect.bottom(), row.rect.bottom());
                EXPECT_FALSE(geometry.bars[b].rect.intersected(row.rect).isEmpty());
            }
        }
    }
}

TEST(GanttGeometry, LabelsFitInsideTheirBars) {
    const auto recording = support::demoRecording();
    int labelled = 0;
    for (const double width : {200.0, 500.0, 1200.0, 3000.0}) {
        GanttInputs inputs = inputsFor(recording, recording->range, width);
        inputs.rowPx = 40;
        inputs.size.setHeight(2000);
        const GanttGeometry geometry = ganttGeometry(inputs);
        const QFontMetricsF metrics(inputs.labelFont);
        for (const GanttBar& bar : geometry.bars) {
            const QRectF seen = bar.rect.intersected(geometry.plot);
            if (!bar.label.isEmpty()) {
                ++labelled;
                EXPECT_LE(metrics.horizontalAdvance(bar.label), seen.width() - 8);
                EXPECT_GE(seen.width(), kLeastLabelPx);
                EXPECT_GE(seen.height(), 12);
            }
        }
    }
    EXPECT_GT(labelled, 20);
}

TEST(GanttGeometry, FindsTheBarUnderAPoint) {
    const auto recording = support::sketch("a: RRRR..GGGGd\nb: ..RRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 10'000}, 100));
    const double rowA = geometry.rows[1].rect.center().y();
    const double rowB = geometry.rows[2].rect.center().y();
    const double left = geometry.plot.left();
    const auto at = [&](double x, double y) { return geometry.barAt({left + x, y}); };
    ASSERT_NE(at(5, rowA), nullptr);
    EXPECT_EQ(at(5, rowA)->state, State::Running);
    EXPECT_EQ(at(50, rowA), nullptr) << "a gap";
    ASSERT_NE(at(95, rowA), nullptr);
    EXPECT_EQ(at(95, rowA)->state, State::WaitingGil);
    ASSERT_NE(at(30, rowB), nullptr);
    EXPECT_EQ(at(5, rowB), nullptr);
    EXPECT_EQ(at(-5, rowA), nullptr) << "the row's name";
    EXPECT_EQ(at(5, geometry.plot.top() + 5), nullptr) << "a heading";
    EXPECT_EQ(at(5, 5), nullptr) << "the ruler";
}

TEST(GanttGeometry, OnlyRowsInSightAreMade) {
    GanttInputs inputs = inputsFor(manyTasks(300), {0, 4000}, 100);
    inputs.scrollPx = 2600;
    const GanttGeometry geometry = ganttGeometry(inputs);
    EXPECT_LT(geometry.rows.size(), 20u);
    EXPECT_GT(geometry.rows.front().index, 90u);
    EXPECT_GT(geometry.hiddenRowCount, 150u);
}

TEST(GanttGeometry, TimeAndPlaceAgree) {
    const auto recording = support::sketch("a: RRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {1000, 9000}, 800));
    for (Nanoseconds time = 1000; time <= 9000; time += 137) {
        EXPECT_NEAR(static_cast<double>(geometry.timeAt(geometry.xOf(time))),
                    static_cast<double>(time), 1);
    }
    EXPECT_EQ(geometry.xOf(1000), geometry.plot.left());
    EXPECT_EQ(geometry.xOf(9000), geometry.plot.right());
}

} // namespace
} // namespace interleave::ui
