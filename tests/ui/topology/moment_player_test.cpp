// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/moment_player.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Player : public testing::Test {
protected:
    Player() { state.setRecording(support::brokerRecording()); }

    ViewState state;
    MomentPlayer player{state};
};

TEST_F(Player, RunsFromTheBeginOfWhatIsVisibleToItsEnd) {
    state.setVisible({10'000'000, 30'000'000});
    player.setSecondsForAll(0.2);
    QSignalSpy moments(&state, &ViewState::momentChanged);
    player.play();
    EXPECT_EQ(state.momentNs(), state.visible().beginNs);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !player.isPlaying(); }, 5000));
    EXPECT_EQ(state.momentNs(), state.visible().endNs);
    EXPECT_GT(moments.count(), 2); // it ran, it did not jump
}

TEST_F(Player, GoesOnWhereItWasPausedOrPut) {
    player.setSecondsForAll(60);
    player.play();
    player.pause();
    const auto paused = state.momentNs();
    ASSERT_TRUE(paused);
    player.play();
    EXPECT_EQ(state.momentNs(), paused);
    state.setMomentNs(40'000'000); // somebody drags it while it plays
    ASSERT_TRUE(QTest::qWaitFor([&] { return *state.momentNs() > 40'000'000; }, 5000));
    EXPECT_LT(*state.momentNs(), 50'000'000);
}

TEST_F(Player, HasNothingToPlayWithoutMessages) {
    player.play();
    EXPECT_TRUE(player.isPlaying());
    state.setRecording(support::sketch("a: RRd\n"));
    EXPECT_FALSE(player.isPlaying());
    player.play();
    EXPECT_FALSE(player.isPlaying());
    EXPECT_EQ(state.momentNs(), std::nullopt);
}

} // namespace
} // namespace interleave::ui
