// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_player.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"

#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr Nanoseconds kMs = 1'000'000;

class Player : public testing::Test {
protected:
    Player() {
        state.setRecording(support::sketch("a: RRRRIIIIRRd\n", kMs)); // 10 ms
        player.setViewState(&state);
    }

    ViewState state;
    ReplayPlayer player;
};

TEST_F(Player, RunsFromTheBeginToTheEndByItself) {
    player.setSpeed(0.1); // a tenth of a second
    QSignalSpy moments(&state, &ViewState::momentChanged);
    player.play();
    EXPECT_EQ(state.momentNs(), 0);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !player.isPlaying(); }, 5000));
    EXPECT_EQ(state.momentNs(), 10 * kMs);
    EXPECT_GT(moments.count(), 2); // it ran, it did not jump
}

TEST_F(Player, MovesAtTheSpeedThatIsChosen) {
    player.setSpeed(0.02);
    player.moveTo(kMs);
    player.play();
    player.pause();
    player.advance(0.05); // 1 ms of the recording
    EXPECT_EQ(state.momentNs(), 2 * kMs);
    player.faster();
    EXPECT_DOUBLE_EQ(player.speed(), 0.05);
    player.advance(0.02);
    EXPECT_EQ(state.momentNs(), 3 * kMs);
    player.setSpeed(1e9);
    EXPECT_DOUBLE_EQ(player.speed(), 10);
    player.setSpeed(0);
    EXPECT_DOUBLE_EQ(player.speed(), 0.001);
}

TEST_F(Player, KeepsPartsOfANanosecondAndForgivesAStall) {
    state.setRecording(support::sketch("a: RRd\n")); // 2 us
    player.setSpeed(0.001);
    player.moveTo(0);
    player.play();
    player.pause();
    for (int i = 0; i < 1000; ++i) {
        player.advance(0.0000009);
    }
    EXPECT_NEAR(static_cast<double>(*state.momentNs()), 900, 2);
    player.advance(3600); // the machine slept: one step, not the end
    EXPECT_TRUE(player.canPlay());
}

TEST_F(Player, GoesOnWhereSomebodyHasPutTheCursor) {
    player.setSpeed(0.001);
    player.play();
    state.setMomentNs(5 * kMs);
    player.advance(0.1);
    EXPECT_NEAR(static_cast<double>(*state.momentNs()), 5.1 * kMs, 0.05 * kMs);
    player.pause();
    const auto paused = state.momentNs();
    player.play();
    EXPECT_EQ(state.momentNs(), paused);
}

TEST_F(Player, LoopsTheSelectedRangeElseWhatIsVisible) {
    player.setLooping(true);
    state.setVisible({2 * kMs, 6 * kMs});
    EXPECT_EQ(player.playedRange(), (TimeRange{2 * kMs, 6 * kMs}));
    state.setSelectedRange(TimeRange{3 * kMs, 4 * kMs});
    player.setSpeed(0.01);
    player.moveTo(3 * kMs + kMs / 2);
    player.play();
    player.advance(0.1); // 1 ms further: over the end
    EXPECT_EQ(state.momentNs(), 3 * kMs);
    EXPECT_TRUE(player.isPlaying());
    player.setLooping(false);
    EXPECT_EQ(player.playedRange(), state.extent());
}

TEST_F(Player, StepsFromEventToEventAndStops) {
    player.toBegin();
    player.play();
    player.stepForward();
    EXPECT_FALSE(player.isPlaying());
    EXPECT_EQ(state.momentNs(), 4 * kMs);
    player.stepForward();
    player.stepForward();
    EXPECT_EQ(state.momentNs(), 10 * kMs);
    player.stepForward(); // there is nothing more
    EXPECT_EQ(state.momentNs(), 10 * kMs);
    player.stepBack();
    EXPECT_EQ(state.momentNs(), 8 * kMs);
}

TEST_F(Player, StepsAlongMessagesWhereThoseAreLookedAt) {
    state.setRecording(support::brokerRecording());
    player.setScope(analysis::EventScope::Messages);
    player.toBegin();
    player.stepForward();
    EXPECT_EQ(state.momentNs(), 2 * kMs);
    player.stepForward();
    EXPECT_EQ(state.momentNs(), 2 * kMs + kMs / 10);
}

TEST_F(Player, TurnsThePageWhenTheCursorLeavesWhatIsZoomedIn) {
    state.setVisible({0, kMs});
    player.moveTo(5 * kMs);
    EXPECT_TRUE(state.visible().contains(5 * kMs));
    EXPECT_EQ(state.visible().durationNs(), kMs);
}

TEST_F(Player, GoesFromBookmarkToBookmark) {
    state.setMarks({{2 * kMs, "1"}, {7 * kMs, "2"}});
    player.toBegin();
    player.toNextBookmark();
    EXPECT_EQ(state.momentNs(), 2 * kMs);
    player.toNextBookmark();
    player.toNextBookmark();
    EXPECT_EQ(state.momentNs(), 7 * kMs);
    player.toPreviousBookmark();
    EXPECT_EQ(state.momentNs(), 2 * kMs);
}

TEST_F(Player, HasNothingToPlayWithoutARecording) {
    player.play();
    EXPECT_TRUE(player.isPlaying());
    state.setRecording(nullptr);
    EXPECT_FALSE(player.isPlaying());
    player.play();
    player.stepForward();
    player.toBegin();
    player.advance(1);
    EXPECT_FALSE(player.isPlaying());
    EXPECT_EQ(state.momentNs(), std::nullopt);
    player.setViewState(nullptr);
    player.stepBack();
    EXPECT_FALSE(player.canPlay());
}

TEST_F(Player, SurvivesAViewStateThatGoes) {
    auto other = std::make_unique<ViewState>();
    other->setRecording(support::sketch("a: RRd\n"));
    player.setViewState(other.get());
    player.play();
    other.reset();
    player.advance(0.01);
    EXPECT_FALSE(player.isPlaying());
    player.setViewState(&state);
    EXPECT_TRUE(player.canPlay());
}

TEST_F(Player, FollowsALiveRunOnceItHasCaughtUp) {
    auto live = std::make_shared<recording::Recording>(*state.recording());
    live->isLive = true;
    state.setRecording(live);
    player.setSpeed(10);
    player.moveTo(9 * kMs);
    player.play();
    player.advance(0.1);
    EXPECT_EQ(state.momentNs(), std::nullopt);
    EXPECT_FALSE(player.isPlaying());
}

TEST_F(Player, TakesAboutTenSecondsUntilSomebodyChooses) {
    EXPECT_DOUBLE_EQ(player.speed(), 0.001);
    state.setRecording(support::sketch("a: RRRRRRRRRRd\n", 100 * kMs)); // 1 s
    EXPECT_DOUBLE_EQ(player.speed(), 0.1);
}

} // namespace
} // namespace interleave::ui
