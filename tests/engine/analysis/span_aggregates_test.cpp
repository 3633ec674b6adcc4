// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_aggregates.h"

#include "tests/support/demo_recording.h"
#include "tests/support/generated_recording.h"

#include <algorithm>
#include <bit>
#include <gtest/gtest.h>
#include <map>

namespace interleave::analysis {
namespace {

using recording::Recording;
using recording::TrackKind;

void expectBruteForce(const Recording& recording, TrackKind kind) {
    std::map<StringId, std::pair<std::uint64_t, Nanoseconds>> names;
    std::map<TrackId, Nanoseconds> tracks;
    std::vector<LongSpan> spans;
    DurationHistogram bins{};
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0; track.kind == kind && i < track.spans.size(); ++i) {
            const Nanoseconds duration = track.spans.rangeAt(i).durationNs();
            auto& [count, sum] = names[track.spans.name[i]];
            ++count;
            sum += duration;
            tracks[track.id] += duration;
            spans.push_back({track.id, i, duration});
            ++bins[static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(duration)))];
        }
    }
    const std::vector<NameTotal> byName = totalsByName(recording, kind);
    EXPECT_EQ(byName.size(), names.size());
    EXPECT_TRUE(std::ranges::is_sorted(byName, std::ranges::greater{}, &NameTotal::sumNs));
    for (const NameTotal& total : byName) {
        EXPECT_EQ(std::pair(total.count, total.sumNs), names[total.name]);
    }
    for (const TrackTotal& total : totalsByTrack(recording, kind)) {
        EXPECT_EQ(total.sumNs, tracks[total.track]);
        EXPECT_EQ(total.count, recording.track(total.track).spans.size());
    }
    std::ranges::stable_sort(spans, std::ranges::greater{}, &LongSpan::durationNs);
    spans.resize(std::min<std::size_t>(spans.size(), 20));
    const std::vector<LongSpan> longest = longestSpans(recording, kind, 20);
    ASSERT_EQ(longest.size(), spans.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        EXPECT_EQ(longest[i].track, spans[i].track);
        EXPECT_EQ(longest[i].index, spans[i].index);
        EXPECT_EQ(longest[i].durationNs, spans[i].durationNs);
    }
    EXPECT_EQ(durationHistogram(recording, kind), bins);
}

TEST(SpanAggregates, AreWhatBruteForceSays) {
    const auto generated = support::generatedRecording({.spans = 300'000, .tracks = 3});
    expectBruteForce(*generated, TrackKind::Task);
    const auto demo = support::demoRecording();
    for (const auto kind :
         {TrackKind::Task, TrackKind::Worker, TrackKind::Core, TrackKind::Lock, TrackKind::Queue}) {
        expectBruteForce(*demo, kind);
    }
}

TEST(SpanAggregates, OfNothingAreEmpty) {
    const auto demo = support::generatedRecording({.spans = 100, .tracks = 1});
    EXPECT_TRUE(totalsByName(*demo, TrackKind::Lock).empty());
    EXPECT_TRUE(totalsByTrack(*demo, TrackKind::Lock).empty());
    EXPECT_TRUE(longestSpans(*demo, TrackKind::Lock, 5).empty());
    EXPECT_TRUE(longestSpans(*demo, TrackKind::Task, 0).empty());
}

} // namespace
} // namespace interleave::analysis
