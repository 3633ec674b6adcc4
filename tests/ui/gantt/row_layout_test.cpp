// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/row_layout.h"

#include "engine/recording/recording_builder.h"
#include "engine/recording/span_packer.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>
#include <string>

namespace interleave::ui {
namespace {

std::string names(const RowLayout& layout) {
    std::string text;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        text += (layout.at(i).isHeading() ? "# " : "") + layout.at(i).name.toStdString() + "\n";
    }
    return text;
}

TEST(RowLayout, GroupsByWhatIsAskedAndAddsLocks) {
    const auto recording = support::sketch("w0: RRRR\nw1: RR..\na: RRRRd\nb: RRd\n"
                                           "core 0: aabb\nlock GIL: aabb\n");
    EXPECT_EQ(names(RowLayout(*recording, Grouping::Task)),
              "# Tasks (2)\na\nb\n# Locks (1)\nGIL\n");
    EXPECT_EQ(names(RowLayout(*recording, Grouping::Worker)),
              "# Workers (2)\nw0\nw1\n# Locks (1)\nGIL\n");
    EXPECT_EQ(names(RowLayout(*recording, Grouping::Core)),
              "# Cores (1)\ncore 0\n# Locks (1)\nGIL\n");
}

TEST(RowLayout, SeveralGroupsOfTasksHaveAHeadingEach) {
    const std::string text = names(RowLayout(*support::demoRecording(), Grouping::Task));
    EXPECT_NE(text.find("# Tasks: dish ("), std::string::npos) << text;
    EXPECT_NE(text.find("# Tasks: drink ("), std::string::npos) << text;
}

TEST(RowLayout, FindsTheRowAtEveryHeight) {
    const RowLayout layout(*support::demoRecording(), Grouping::Task);
    for (const double rowPx : {18.0, 24.0, 46.0}) {
        double y = 0;
        for (std::size_t row = 0; row < layout.size(); ++row) {
            EXPECT_EQ(layout.topOf(row, rowPx), y);
            EXPECT_EQ(layout.rowAt(y, rowPx), row);
            y += layout.heightOf(row, rowPx);
            EXPECT_EQ(layout.rowAt(y - 0.5, rowPx), row);
        }
        EXPECT_EQ(layout.totalHeight(rowPx), y);
        EXPECT_EQ(layout.rowAt(y, rowPx), std::nullopt);
        EXPECT_EQ(layout.rowAt(-1, rowPx), std::nullopt);
    }
}

TEST(RowLayout, FindsTheRowOfATrack) {
    const auto recording = support::demoRecording();
    const RowLayout layout(*recording, Grouping::Task);
    for (std::size_t row = 0; row < layout.size(); ++row) {
        if (!layout.at(row).isHeading()) {
            EXPECT_EQ(layout.rowOf(layout.at(row).track), row);
        }
    }
    const auto worker = recording->trackOf(recording::TrackKind::Worker, 1);
    ASSERT_TRUE(worker.has_value());
    EXPECT_EQ(layout.rowOf(*worker), std::nullopt);
    EXPECT_EQ(layout.rowOf(TrackId{}), std::nullopt);
}

TEST(RowLayout, FewRowsAreTallAndManyScroll) {
    const RowLayout layout(*support::demoRecording(), Grouping::Task);
    EXPECT_EQ(layout.rowPxFor(5000), kMostRowPx);
    EXPECT_EQ(layout.rowPxFor(100), kScrolledRowPx);
    const double rowPx = layout.rowPxFor(500);
    EXPECT_GE(rowPx, kLeastRowPx);
    EXPECT_LE(layout.totalHeight(rowPx), 500);
}

TEST(RowLayout, AFoldedGroupIsOneRow) {
    const auto recording = support::sketch("a: RRd\nb: RRd\nlock GIL: ab\n");
    TrackArrangement arrangement;
    arrangement.setFolded(QStringLiteral("task"), true);
    const RowLayout layout(*recording, Grouping::Task, arrangement);
    EXPECT_EQ(names(layout), "# Tasks (2)\n# Locks (1)\nGIL\n");
    EXPECT_TRUE(layout.at(0).isFolded);
    EXPECT_EQ(layout.rowOf(*recording->trackOf(recording::TrackKind::Task, 1)), std::nullopt);
}

TEST(RowLayout, WhatIsNotShownIsCountedInANoteAtTheEnd) {
    const auto recording = support::sketch("a: RRd\nb: RRd\nc: RRd\n");
    TrackArrangement arrangement;
    arrangement.setHidden({recording::TrackKind::Task, 2}, true);
    arrangement.filter = QStringLiteral("a");
    EXPECT_EQ(names(RowLayout(*recording, Grouping::Task, arrangement)),
              "# Tasks (2 of 3)\na\nc\n# 1 hidden: show\n")
        << "every name contains the a of Tasks";
    arrangement.filter = QStringLiteral("c");
    const RowLayout layout(*recording, Grouping::Task, arrangement);
    EXPECT_EQ(names(layout), "# Tasks (1 of 3)\nc\n# 1 hidden, 1 filtered out: show\n");
    EXPECT_EQ(layout.at(layout.size() - 1).kind, RowKind::Note);
}

std::shared_ptr<const recording::Recording> nested(std::uint32_t workers, std::uint16_t depths) {
    recording::RecordingBuilder builder;
    for (std::uint32_t i = 1; i <= workers; ++i) {
        recording::WorkerInfo info;
        info.name = "thread " + std::to_string(i);
        const WorkerId worker = builder.addWorker(std::move(info));
        std::vector<recording::Span> spans;
        for (std::uint16_t depth = 0; depth < depths; ++depth) {
            recording::Span span;
            span.range = {depth, 1000 - depth};
            span.depth = depth;
            span.worker = worker;
            spans.push_back(span);
        }
        builder.setSpans(recording::TrackKind::Worker, worker.value,
                         recording::packSpans(std::move(spans)));
    }
    return builder.finish();
}

TEST(RowLayout, ShowsSomeLevelsAllOrOneEachTwelvePixelsHigh) {
    const auto recording = nested(2, 50);
    const TrackKey first{recording::TrackKind::Worker, 1};
    TrackArrangement arrangement;
    const auto heightOfFirst = [&] {
        const RowLayout layout(*recording, Grouping::Worker, arrangement);
        EXPECT_EQ(layout.at(1).trackLaneCount, 50);
        return layout.heightOf(1, kLeastRowPx);
    };
    EXPECT_EQ(heightOfFirst(), kLeastRowPx + (kSomeLanes - 1) * kLanePx);
    arrangement.setLaneView(first, LaneView::All);
    EXPECT_EQ(heightOfFirst(), kLeastRowPx + 49 * kLanePx);
    arrangement.setLaneView(first, LaneView::One);
    EXPECT_EQ(heightOfFirst(), kLeastRowPx);
}

TEST(RowLayout, PlacesFiveThousandRowsOfFiftyLevelsByBinarySearch) {
    const auto recording = nested(5000, 50);
    TrackArrangement arrangement;
    for (std::uint32_t i = 1; i <= 5000; i += 3) {
        arrangement.setLaneView({recording::TrackKind::Worker, i}, LaneView::All);
    }
    const RowLayout layout(*recording, Grouping::Worker, arrangement);
    double y = 0;
    for (std::size_t row = 0; row < layout.size(); ++row) {
        ASSERT_EQ(layout.topOf(row, 24), y);
        ASSERT_EQ(layout.rowAt(y, 24), row);
        y += layout.heightOf(row, 24);
        ASSERT_EQ(layout.rowAt(y - 1, 24), row);
    }
    const auto placed = layout.placedRows(y / 2, 900, 24);
    ASSERT_FALSE(placed.empty());
    EXPECT_LT(placed.size(), 60u) << "only what is in sight";
    EXPECT_LE(placed.front().top, 0);
    EXPECT_LT(placed.back().top, 900);
}

TEST(RowLayout, PinnedRowsStayWhereTheyAreWhileOthersScroll) {
    const auto recording = nested(100, 1);
    TrackArrangement arrangement;
    arrangement.setPinned({recording::TrackKind::Worker, 90}, true);
    const RowLayout layout(*recording, Grouping::Worker, arrangement);
    ASSERT_EQ(layout.pinnedRowCount(), 2u);
    EXPECT_EQ(layout.pinnedHeight(24), kHeadingRowPx + 24);
    const auto placed = layout.placedRows(500, 300, 24);
    EXPECT_EQ(placed[0].row, 0u);
    EXPECT_EQ(placed[0].top, 0);
    EXPECT_EQ(layout.at(placed[1].row).name, "thread 90");
    EXPECT_EQ(placed[2].top, layout.topOf(placed[2].row, 24) - 500);
    EXPECT_LE(placed[2].top, layout.pinnedHeight(24)) << "the first one may reach under the pins";
    EXPECT_EQ(layout.rowInSightAt(30, 500, 24), 1u);
    EXPECT_EQ(layout.rowInSightAt(60, 500, 24), layout.rowAt(560, 24));
}

TEST(RowLayout, AnEmptyRecordingHasNoRows) {
    const RowLayout layout(recording::Recording(), Grouping::Task);
    EXPECT_TRUE(layout.isEmpty());
    EXPECT_EQ(layout.totalHeight(20), 0);
    EXPECT_EQ(layout.rowAt(0, 20), std::nullopt);
}

} // namespace
} // namespace interleave::ui
