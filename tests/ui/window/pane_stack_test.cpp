// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/pane_stack.h"

#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

RunEntry entryOf(std::uint32_t id, const char* sketch) {
    RunEntry entry;
    entry.id = RunId{id};
    entry.state = RunState::Done;
    entry.recording = support::sketch(sketch);
    entry.setup.model = QStringLiteral("model %1").arg(id);
    return entry;
}

TEST(PaneStack, ShowsOneRunAlone) {
    PaneStack panes;
    EXPECT_TRUE(panes.shown().empty());
    panes.showOnly(entryOf(1, "a: RRRR\n"));
    EXPECT_EQ(panes.shown(), std::vector{RunId{1}});
    panes.showOnly(entryOf(2, "a: RR\n"));
    EXPECT_EQ(panes.shown(), std::vector{RunId{2}});
}

TEST(PaneStack, StackedRunsShareOneTimeScale) {
    PaneStack panes;
    panes.showOnly(entryOf(1, "a: RRRR\n"));
    panes.toggleStacked(entryOf(2, "a: RRRRRRRR\n"));
    ASSERT_EQ(panes.viewStates().size(), 2u);
    ViewState& top = *panes.viewStates()[0];
    const ViewState& bottom = *panes.viewStates()[1];
    EXPECT_EQ(top.visible(), bottom.visible());
    EXPECT_GE(top.visible().endNs, bottom.recording()->range.endNs);
    top.setVisible({1000, 2000});
    EXPECT_EQ(bottom.visible(), (TimeRange{1000, 2000}));
}

TEST(PaneStack, StackingAShownRunTakesItAway) {
    PaneStack panes;
    panes.showOnly(entryOf(1, "a: RRRR\n"));
    panes.toggleStacked(entryOf(2, "a: RR\n"));
    panes.toggleStacked(entryOf(1, "a: RRRR\n"));
    EXPECT_EQ(panes.shown(), std::vector{RunId{2}});
    ASSERT_NE(panes.primary().recording(), nullptr);
    EXPECT_EQ(panes.primary().recording()->range.endNs, 2000);
}

TEST(PaneStack, AThirdRunTakesThePlaceOfTheSecond) {
    PaneStack panes;
    panes.showOnly(entryOf(1, "a: RRRR\n"));
    panes.toggleStacked(entryOf(2, "a: RR\n"));
    panes.toggleStacked(entryOf(3, "a: RRR\n"));
    EXPECT_EQ(panes.shown(), (std::vector{RunId{1}, RunId{3}}));
}

TEST(PaneStack, UpdatesTheRunThatChanged) {
    PaneStack panes;
    panes.showOnly(entryOf(1, "a: RRRR\n"));
    panes.update(entryOf(2, "a: RR\n")); // not on display
    EXPECT_EQ(panes.primary().recording()->range.endNs, 4000);
    panes.update(entryOf(1, "a: RRRRRR\n"));
    EXPECT_EQ(panes.primary().recording()->range.endNs, 6000);
}

} // namespace
} // namespace interleave::ui
