// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/view_state.h"

#include "tests/support/recording_sketch.h"
#include "ui/view_state/time_navigation.h"

#include <QSignalSpy>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

std::shared_ptr<const recording::Recording> run(const char* text) {
    return support::sketch(text);
}

std::shared_ptr<const recording::Recording> snapshot(const char* text, bool isLive) {
    auto recording = std::make_shared<recording::Recording>(*support::sketch(text));
    recording->isLive = isLive;
    return recording;
}

TEST(ViewState, ANewRecordingIsShownFromEndToEnd) {
    ViewState state;
    QSignalSpy changed(&state, &ViewState::recordingChanged);
    state.setRecording(run("a: RRRRRRRRRR"));
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(state.visible(), fittedView({0, 10'000}));
    EXPECT_FALSE(state.canGoBack());
}

TEST(ViewState, SettersSignalOnlyChanges) {
    ViewState state;
    state.setRecording(run("a: RRRRRRRRRR"));
    QSignalSpy visible(&state, &ViewState::visibleChanged);
    QSignalSpy hover(&state, &ViewState::hoverTimeChanged);
    QSignalSpy range(&state, &ViewState::selectedRangeChanged);
    state.setVisible({1000, 3000});
    state.setVisible({1000, 3000});
    state.setHoverTimeNs(5);
    state.setHoverTimeNs(5);
    state.setSelectedRange(TimeRange{1, 9});
    state.setSelectedRange(TimeRange{1, 9});
    EXPECT_EQ(visible.count(), 1);
    EXPECT_EQ(hover.count(), 1);
    EXPECT_EQ(range.count(), 1);
}

TEST(ViewState, AnEmptyRangeIsNoSelection) {
    ViewState state;
    state.setSelectedRange(TimeRange{5, 5});
    EXPECT_FALSE(state.selectedRange().has_value());
}

TEST(ViewState, ASpanThatDoesNotExistIsNotSelected) {
    ViewState state;
    state.setSelectedSpan(SpanRef{TrackId{1}, 0});
    EXPECT_FALSE(state.selectedSpan().has_value());
    state.setRecording(run("a: RRGG"));
    state.setSelectedSpan(SpanRef{TrackId{1}, 1});
    ASSERT_TRUE(state.selectedSpanValue().has_value());
    EXPECT_EQ(state.selectedSpanValue()->state, State::WaitingGil);
    state.setSelectedSpan(SpanRef{TrackId{1}, 99});
    EXPECT_FALSE(state.selectedSpan().has_value());
    state.setSelectedSpan(SpanRef{TrackId{99}, 0});
    EXPECT_FALSE(state.selectedSpan().has_value());
}

TEST(ViewState, AnotherRecordingDropsTheSelection) {
    ViewState state;
    state.setRecording(run("a: RRGG"));
    state.setSelectedSpan(SpanRef{TrackId{1}, 1});
    state.setSelectedRange(TimeRange{0, 2000});
    state.setRecording(run("a: RRGG"));
    EXPECT_FALSE(state.selectedSpan().has_value());
    EXPECT_FALSE(state.selectedRange().has_value());
}

TEST(ViewState, ALiveSnapshotKeepsZoomAndSelection) {
    ViewState state;
    state.setRecording(snapshot("a: RRGG", true));
    state.setVisible({1000, 2000});
    state.setSelectedSpan(SpanRef{TrackId{1}, 1});
    state.setRecording(snapshot("a: RRGGRRRRRRRR", true));
    EXPECT_EQ(state.visible(), (TimeRange{1000, 2000}));
    EXPECT_TRUE(state.selectedSpan().has_value());
}

TEST(ViewState, FollowingKeepsTheEndOfALiveRunInSight) {
    ViewState state;
    state.setRecording(snapshot("a: RRGG", true));
    EXPECT_TRUE(state.isFollowing());
    state.setRecording(snapshot("a: RRGGRRRRRRRR", true));
    EXPECT_EQ(state.visible(), fittedView({0, 12'000}));
    state.setRecording(snapshot("a: RRGGRRRRRRRRRR", false));
    EXPECT_EQ(state.visible(), fittedView({0, 14'000}));
    EXPECT_FALSE(state.isFollowing());
}

TEST(ViewState, LookingElsewhereEndsFollowing) {
    ViewState state;
    state.setRecording(snapshot("a: RRGGRRRR", true));
    state.zoomAt(1000, 0.5);
    EXPECT_FALSE(state.isFollowing());
    state.fit();
    EXPECT_TRUE(state.isFollowing());
}

TEST(ViewState, GoesBackToWhereTheReaderWas) {
    ViewState state;
    state.setRecording(run("a: RRRRRRRRRR"));
    const TimeRange whole = state.visible();
    state.setVisible({1000, 2000});
    state.zoomTo({4000, 5000});
    state.goBack();
    EXPECT_EQ(state.visible(), (TimeRange{1000, 2000}));
    state.goBack();
    EXPECT_EQ(state.visible(), whole);
    state.goForward();
    EXPECT_EQ(state.visible(), (TimeRange{1000, 2000}));
}

TEST(ViewState, LinkedStatesShareTimeButNotSpans) {
    ViewState first;
    ViewState second;
    first.setRecording(run("a: RRRRRRRRRR"));
    second.setRecording(run("a: RRRRRRRRRRRRRRRRRRRR"));
    first.linkWith(second);
    EXPECT_EQ(first.visible(), fittedView({0, 20'000})) << "the longer run decides";
    EXPECT_EQ(second.visible(), first.visible());
    second.setVisible({3000, 6000});
    EXPECT_EQ(first.visible(), (TimeRange{3000, 6000}));
    first.setHoverTimeNs(4000);
    EXPECT_EQ(second.hoverTimeNs(), 4000);
    first.setSelectedRange(TimeRange{1, 2});
    EXPECT_EQ(second.selectedRange(), (TimeRange{1, 2}));
    first.setSelectedSpan(SpanRef{TrackId{1}, 0});
    EXPECT_FALSE(second.selectedSpan().has_value());
    first.unlinkFrom(second);
    first.setVisible({0, 1000});
    EXPECT_EQ(second.visible(), (TimeRange{3000, 6000}));
}

TEST(ViewState, LinkedStatesGoBackTogetherWhicheverMoved) {
    ViewState first;
    ViewState second;
    first.setRecording(run("a: RRRRRRRRRR"));
    second.setRecording(run("a: RRRRRRRRRR"));
    first.linkWith(second);
    const TimeRange whole = first.visible();
    second.setVisible({1000, 3000});
    ASSERT_TRUE(first.canGoBack());
    first.goBack();
    EXPECT_EQ(second.visible(), whole);
    EXPECT_FALSE(second.canGoBack());
    second.goForward();
    EXPECT_EQ(first.visible(), (TimeRange{1000, 3000}));
    EXPECT_FALSE(first.canGoForward());
}

TEST(ViewState, TheTrailBeginsWithTheWhole) {
    ViewState state;
    state.setRecording(run("a: RRRRRRRRRR"));
    const TimeRange whole = fittedView({0, 10'000});
    EXPECT_EQ(state.trail(), (std::vector<TimeRange>{whole}));
    state.setVisible({1000, 5000});
    state.setVisible({2000, 2200});
    EXPECT_EQ(state.trail(), (std::vector<TimeRange>{whole, {1000, 5000}, {2000, 2200}}));
    state.goBack();
    EXPECT_EQ(state.trail(), (std::vector<TimeRange>{whole, {1000, 5000}}));
    state.fit();
    EXPECT_EQ(state.trail(), (std::vector<TimeRange>{whole}));
}

TEST(ViewState, HitsBelongToTheRecording) {
    ViewState state;
    state.setRecording(run("a: RRRRRRRRRR"));
    QSignalSpy changed(&state, &ViewState::searchHitsChanged);
    state.setSearchHits(std::make_shared<const SearchHits>());
    EXPECT_EQ(changed.count(), 1);
    state.setRecording(run("a: RRRRR"));
    EXPECT_EQ(state.searchHits(), nullptr);
    EXPECT_EQ(changed.count(), 2);
}

TEST(ViewState, ClearingTheSelectionLeavesKeptMarks) {
    ViewState state;
    state.setRecording(run("a: RRRRRRRRRR"));
    state.addMark({30, "b"});
    state.setPassingMarkNs(50);
    EXPECT_TRUE(state.hasSelection());
    state.clearSelection();
    EXPECT_FALSE(state.hasSelection());
    EXPECT_FALSE(state.passingMarkNs().has_value());
    EXPECT_EQ(state.marks().size(), 1);
}

TEST(ViewState, SurvivesTheEndOfALinkedState) {
    ViewState first;
    first.setRecording(run("a: RRRRRRRRRR"));
    {
        ViewState second;
        first.linkWith(second);
    }
    first.setVisible({1000, 2000});
    EXPECT_EQ(first.visible(), (TimeRange{1000, 2000}));
}

TEST(ViewState, MarksStayInOrderOfTime) {
    ViewState state;
    state.addMark({30, "b"});
    state.addMark({10, "a"});
    ASSERT_EQ(state.marks().size(), 2);
    EXPECT_EQ(state.marks().first().timeNs, 10);
    state.removeMark(0);
    EXPECT_EQ(state.marks().first().timeNs, 30);
    state.removeMark(7);
    EXPECT_EQ(state.marks().size(), 1);
}

TEST(ViewState, TellsWhatTheReaderDidToMarksFromWhatARecordingBrings) {
    ViewState state;
    state.setRecording(run("a: RRRRRRRRRR"));
    QSignalSpy changed(&state, &ViewState::marksChanged);
    QSignalSpy edited(&state, &ViewState::marksEdited);
    state.setMarks({{30, "b"}, {10, "a"}});
    EXPECT_EQ(state.marks().first().timeNs, 10);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(edited.count(), 0);
    state.editMark(0, {10, "a", "a note"});
    state.editMark(0, {10, "a", "a note"}); // nothing new
    state.editMark(9, {10, "a", "a note"}); // not there
    EXPECT_EQ(state.marks().first().note, QStringLiteral("a note"));
    EXPECT_EQ(edited.count(), 1);
    state.setRecording(run("b: RRRR"));
    EXPECT_TRUE(state.marks().isEmpty());
    EXPECT_EQ(edited.count(), 1) << "another recording is no edit";
}

TEST(ViewState, HasACursorInAnyRecordingThatTakesTime) {
    ViewState state;
    state.setMomentNs(5);
    EXPECT_EQ(state.momentNs(), std::nullopt);
    state.setRecording(run("a: RRRRRRRRRR"));
    state.setMomentNs(3000);
    EXPECT_EQ(state.momentNs(), 3000);
    state.setMomentNs(1'000'000'000);
    EXPECT_EQ(state.momentNs(), state.recording()->range.endNs);
}

TEST(ViewState, TogglingAStateTwiceShowsItAgain) {
    ViewState state;
    state.toggleState(State::Queued);
    EXPECT_TRUE(state.isHidden(State::Queued));
    state.toggleState(State::Queued);
    EXPECT_FALSE(state.isHidden(State::Queued));
}

} // namespace
} // namespace interleave::ui
