// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/findings/proof_jump.h"

#include "tests/support/recording_sketch.h"

#include <QSignalSpy>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr Nanoseconds kUs = support::kSketchUnitNs;

class ProofJump : public testing::Test {
protected:
    ProofJump() { state.setRecording(recording); }
    TrackId track(recording::TrackKind kind) const { return recording->tracksOf(kind).front(); }

    std::shared_ptr<const recording::Recording> recording =
        support::sketch("w0: RRRRCCRR\nw0/task: aaaaaaaa\na: RRRRCCRR\nlock stove: aaa.aaaa\n");
    ViewState state;
};

TEST_F(ProofJump, SelectsTheSpanThatCoversMostOfTheRange) {
    showProof(state, {track(recording::TrackKind::Task), {3 * kUs, 6 * kUs}});
    ASSERT_TRUE(state.selectedSpan());
    EXPECT_EQ(state.selectedSpanValue()->state, State::Ready);
    EXPECT_EQ(state.selectedRange(), (TimeRange{3 * kUs, 6 * kUs})) << "which is not a span's";
}

TEST_F(ProofJump, ARangeThatIsASpanNeedsNoSecondSelection) {
    state.setSelectedRange(TimeRange{0, kUs});
    showProof(state, {track(recording::TrackKind::Task), {4 * kUs, 6 * kUs}});
    EXPECT_EQ(state.selectedSpanValue()->range, (TimeRange{4 * kUs, 6 * kUs}));
    EXPECT_FALSE(state.selectedRange());
    EXPECT_TRUE(state.visible().contains(5 * kUs));
}

TEST_F(ProofJump, RowsFollowWhereTheProofIsAWorkersAndStayForALock) {
    QSignalSpy revealed(&state, &ViewState::revealRequested);
    showProof(state, {track(recording::TrackKind::Lock), {4 * kUs, 8 * kUs}});
    EXPECT_EQ(state.grouping(), Grouping::Task);
    EXPECT_EQ(state.selectedSpan()->track, track(recording::TrackKind::Lock));
    showProof(state, {track(recording::TrackKind::Worker), {4 * kUs, 6 * kUs}});
    EXPECT_EQ(state.grouping(), Grouping::Worker);
    EXPECT_EQ(revealed.count(), 2);
}

TEST_F(ProofJump, WhereNothingIsOnlyTheRangeIsShown) {
    showProof(state, {track(recording::TrackKind::Lock), {3 * kUs, 4 * kUs}});
    EXPECT_FALSE(state.selectedSpan());
    EXPECT_EQ(state.selectedRange(), (TimeRange{3 * kUs, 4 * kUs}));
}

TEST_F(ProofJump, WithoutARecordingNothingHappens) {
    state.setRecording(nullptr);
    showProof(state, {TrackId{1}, {0, kUs}});
    EXPECT_FALSE(state.hasSelection());
}

} // namespace
} // namespace interleave::ui
