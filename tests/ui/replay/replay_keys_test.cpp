// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_keys.h"

#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(ReplayKeys, AreThoseOfFilmsAndOfTheTimeline) {
    EXPECT_EQ(replayActionFor(Qt::Key_Space, {}), ReplayAction::Toggle);
    EXPECT_EQ(replayActionFor(Qt::Key_L, {}), ReplayAction::StepForward);
    EXPECT_EQ(replayActionFor(Qt::Key_Comma, {}), ReplayAction::StepBack);
    EXPECT_EQ(replayActionFor(Qt::Key_L, Qt::ShiftModifier), ReplayAction::Faster);
    EXPECT_EQ(replayActionFor(Qt::Key_N, Qt::ShiftModifier), ReplayAction::PreviousBookmark);
}

TEST(ReplayKeys, LeaveCommandsOfTheWindowAlone) {
    EXPECT_EQ(replayActionFor(Qt::Key_R, Qt::ControlModifier), std::nullopt);
    EXPECT_EQ(replayActionFor(Qt::Key_Home, Qt::AltModifier), std::nullopt);
    EXPECT_EQ(replayActionFor(Qt::Key_W, {}), std::nullopt);
}

TEST(ReplayKeys, DoWhatTheySay) {
    ViewState state;
    state.setRecording(support::sketch("a: RRIId\n"));
    ReplayPlayer player;
    player.setViewState(&state);
    perform(player, ReplayAction::ToBegin);
    EXPECT_EQ(state.momentNs(), 0);
    perform(player, ReplayAction::StepForward);
    EXPECT_EQ(state.momentNs(), 2000);
    perform(player, ReplayAction::StepBack);
    EXPECT_EQ(state.momentNs(), 0);
    perform(player, ReplayAction::Loop);
    EXPECT_TRUE(player.isLooping());
    perform(player, ReplayAction::ToEnd);
    EXPECT_EQ(state.momentNs(), std::nullopt);
}

} // namespace
} // namespace interleave::ui
