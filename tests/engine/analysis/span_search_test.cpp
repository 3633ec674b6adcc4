// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_search.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>
#include <numeric>
#include <random>

namespace interleave::analysis {
namespace {

std::vector<TrackId> allTracks(const recording::Recording& recording) {
    std::vector<TrackId> tracks;
    for (const recording::Track& track : recording.tracks) {
        tracks.push_back(track.id);
    }
    return tracks;
}

SearchScope scopeOf(const recording::Recording& recording) {
    SearchScope scope;
    scope.tracks = allTracks(recording);
    scope.densityRange = recording.range;
    return scope;
}

SpanMatcher matcherFor(const recording::Recording& recording, std::string_view text) {
    return SpanMatcher(recording, spanQueryFrom(text).value());
}

/// Tasks with spans of random lengths that change between running, ready and waiting.
std::shared_ptr<const recording::Recording> randomRecording(int tasks, int spansEach) {
    std::mt19937 random(7); // NOLINT: the same every time
    std::uniform_int_distribution<int> length(1, 5000);
    recording::RecordingBuilder builder;
    const StringId names[] = {builder.intern("chop"), builder.intern("bake")};
    for (int i = 0; i < tasks; ++i) {
        recording::TaskInfo info;
        info.name = "dish " + std::to_string(i);
        info.end = State::Done;
        recording::Span span;
        span.task = builder.addTask(info);
        Nanoseconds time = 0;
        for (int j = 0; j < spansEach; ++j) {
            const auto end = time + length(random);
            span.range = {time, end};
            span.state = j % 2 == 0 ? State::Running : State::Ready;
            span.name = names[random() % 2];
            builder.addTaskSpan(span);
            time = end;
        }
    }
    return builder.finish();
}

/// What is to be found, looked at one by one.
std::vector<FoundSpan> byBruteForce(const recording::Recording& recording,
                                    const SpanMatcher& matcher, std::optional<TimeRange> within) {
    std::vector<FoundSpan> found;
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            if (matcher.matches(track, i) &&
                (!within || track.spans.rangeAt(i).overlaps(*within))) {
                found.push_back({track.spans.begin[i], track.id, i});
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

TEST(SpanSearch, ListsHitsInOrderOfTimeAcrossTracks) {
    const auto recording = support::sketch("a: RRRRCCCCRRRR\nb: CCRRRRRRCCCC\n");
    const auto found = findSpans(*recording, matcherFor(*recording, "ready"), scopeOf(*recording));
    ASSERT_EQ(found.count, 3u);
    ASSERT_EQ(found.first.size(), 3u);
    EXPECT_EQ(found.first[0].beginNs, 0);
    EXPECT_EQ(found.first[1].beginNs, 4000);
    EXPECT_EQ(found.first[2].beginNs, 8000);
    EXPECT_EQ(found.first[0].track, found.first[2].track);
    EXPECT_TRUE(found.isComplete);
}

TEST(SpanSearch, FindsWhatBruteForceFindsAndListsTheFirst) {
    const auto recording = randomRecording(9, 9000); // several chunks
    for (const char* text : {"bake", "ready", "dish 3", "bake ready >1us", "nothing"}) {
        const SpanMatcher matcher = matcherFor(*recording, text);
        for (const std::optional<TimeRange> within :
             {std::optional<TimeRange>{}, std::optional(TimeRange{4'000'000, 9'000'000})}) {
            SearchScope scope = scopeOf(*recording);
            scope.within = within;
            scope.most = 100;
            const auto found = findSpans(*recording, matcher, scope);
            auto expected = byBruteForce(*recording, matcher, within);
            EXPECT_EQ(found.count, expected.size()) << text;
            expected.resize(std::min<std::size_t>(expected.size(), 100));
            EXPECT_EQ(found.first, expected) << text;
        }
    }
}

TEST(SpanSearch, TheDensityCountsAllHitsWhereTheyBegin) {
    const auto recording = randomRecording(3, 4000);
    const SpanMatcher matcher = matcherFor(*recording, "ready");
    SearchScope scope = scopeOf(*recording);
    scope.most = 10;
    scope.densityParts = 50;
    const auto found = findSpans(*recording, matcher, scope);
    ASSERT_EQ(found.density.size(), 50u);
    EXPECT_EQ(std::accumulate(found.density.begin(), found.density.end(), 0ull), found.count);
    std::uint32_t firstPart = 0;
    for (const FoundSpan& each : byBruteForce(*recording, matcher, std::nullopt)) {
        firstPart += each.beginNs < recording->range.durationNs() / 50 ? 1U : 0U;
    }
    EXPECT_NEAR(found.density.front(), firstPart, 1);
}

TEST(SpanSearch, LooksOnlyAtTheTracksInItsScope) {
    const auto recording = support::sketch("a: RRRR\nb: RRRR\n");
    SearchScope scope = scopeOf(*recording);
    scope.tracks.resize(1);
    EXPECT_EQ(findSpans(*recording, matcherFor(*recording, "running"), scope).count, 1u);
}

TEST(SpanSearch, SaysThatItWasStopped) {
    const auto recording = randomRecording(3, 4000);
    std::stop_source stop;
    stop.request_stop();
    const auto found = findSpans(*recording, matcherFor(*recording, "ready"), scopeOf(*recording),
                                 stop.get_token());
    EXPECT_FALSE(found.isComplete);
    EXPECT_EQ(found.count, 0u);
}

TEST(SpanSearch, AnEmptyRecordingHasNoHits) {
    const recording::Recording nothing;
    EXPECT_EQ(findSpans(nothing, matcherFor(nothing, "ready"), {}).count, 0u);
}

} // namespace
} // namespace interleave::analysis
