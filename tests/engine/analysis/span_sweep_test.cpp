// SPDX-License-Identifier: GPL-3.0-or-later
// What the sweep of many tracks says must be what counting all of their ranges says.
#include "engine/analysis/span_sweep.h"

#include "engine/analysis/step_function.h"
#include "engine/recording/recording_builder.h"
#include "engine/recording/span_packer.h"
#include "tests/support/demo_recording.h"
#include "tests/support/generated_recording.h"

#include <gtest/gtest.h>
#include <random>

namespace interleave::analysis {
namespace {

using recording::Recording;
using recording::TrackKind;

StepFunction countedOneByOne(const std::vector<const recording::Track*>& tracks,
                             std::optional<State> state) {
    std::vector<TimeRange> ranges;
    for (const recording::Track* track : tracks) {
        for (std::size_t i = 0; i < track->spans.size(); ++i) {
            if (!state || track->spans.state[i] == *state) {
                ranges.push_back(track->spans.rangeAt(i));
            }
        }
    }
    return overlapCount(std::move(ranges));
}

void expectSame(const Recording& recording, TrackKind kind, std::optional<State> state) {
    const auto tracks = tracksOfKind(recording, kind);
    const StepFunction expected = countedOneByOne(tracks, state);
    const StepFunction swept = spansAtOnce(tracks, state);
    EXPECT_TRUE(swept.time == expected.time);
    EXPECT_TRUE(swept.value == expected.value);
    Nanoseconds covered = 0;
    for (std::size_t i = 0; i + 1 < expected.time.size(); ++i) {
        covered += expected.value[i] > 0 ? expected.time[i + 1] - expected.time[i] : 0;
    }
    const SpanOverlap overlap = spanOverlap(tracks, state);
    EXPECT_EQ(overlap.coveredNs, covered);
    EXPECT_EQ(static_cast<double>(overlap.most), expected.maximum());
}

TEST(SpanSweep, CountsWhatOverlapCountCountsInManyParts) {
    const auto recording = support::generatedRecording({.spans = 400'000, .tracks = 7});
    ASSERT_GT(SpanSweep(tracksOfKind(*recording, TrackKind::Task), std::nullopt).partCount(), 10U);
    expectSame(*recording, TrackKind::Task, std::nullopt);
    expectSame(*recording, TrackKind::Task, State::Running);
    expectSame(*recording, TrackKind::Task, State::WaitingLock); // one of a microsecond
    expectSame(*recording, TrackKind::Task, State::Retrying);    // none
}

TEST(SpanSweep, CountsTheDemo) {
    const auto recording = support::demoRecording();
    for (const auto kind :
         {TrackKind::Task, TrackKind::Worker, TrackKind::Core, TrackKind::Lock, TrackKind::Queue}) {
        expectSame(*recording, kind, std::nullopt);
        expectSame(*recording, kind, State::Running);
    }
}

// Times on a coarse grid: begins and ends coincide with each other and with the cuts of parts.
TEST(SpanSweep, CountsSpansThatMeetAtCuts) {
    std::mt19937_64 random(5);
    recording::RecordingBuilder builder;
    for (std::uint32_t t = 1; t <= 3; ++t) {
        builder.addTask({"task", "task", State::Done, 0, 0});
        recording::SpanPacker packer;
        Nanoseconds at = -1000;
        for (int i = 0; i < 60'000; ++i) {
            const auto length = static_cast<Nanoseconds>(random() % 3) * 10; // some are empty
            recording::Span span{.range = {at, at + length}, .task = TaskId{t}};
            span.state = random() % 2 == 0 ? State::Running : State::Ready;
            packer.push(span);
            at += length + static_cast<Nanoseconds>(random() % 2) * 10;
        }
        builder.setSpans(TrackKind::Task, t, packer.finish());
    }
    const auto recording = builder.finish();
    expectSame(*recording, TrackKind::Task, std::nullopt);
    expectSame(*recording, TrackKind::Task, State::Running);
}

TEST(SpanSweep, CountsNothingWhereThereIsNothing) {
    recording::RecordingBuilder builder;
    builder.addTask({"task", "task", State::Done, 0, 0});
    expectSame(*builder.finish(), TrackKind::Task, std::nullopt);
    EXPECT_TRUE(spansAtOnce({}, std::nullopt).time.empty());
}

} // namespace
} // namespace interleave::analysis
