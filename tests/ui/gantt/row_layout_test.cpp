// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/row_layout.h"

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

TEST(RowLayout, AnEmptyRecordingHasNoRows) {
    const RowLayout layout(recording::Recording(), Grouping::Task);
    EXPECT_TRUE(layout.isEmpty());
    EXPECT_EQ(layout.totalHeight(20), 0);
    EXPECT_EQ(layout.rowAt(0, 20), std::nullopt);
}

} // namespace
} // namespace interleave::ui
