// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/generated_recording.h"

#include <gtest/gtest.h>

namespace interleave::support {
namespace {

TEST(GeneratedRecording, HasAsManySpansAsAskedFor) {
    for (const std::size_t spans : {1U, 7U, 100U, 4321U, 50000U}) {
        const auto recording = generatedRecording({.spans = spans, .tracks = 6});
        std::size_t count = 0;
        for (const recording::Track& track : recording->tracks) {
            count += track.spans.size();
        }
        EXPECT_EQ(recording->tracks.size(), 6u);
        EXPECT_EQ(count, spans);
    }
}

TEST(GeneratedRecording, SpansOfALaneDoNotOverlapAndLieWithinTheirParents) {
    const auto recording = generatedRecording({.spans = 30'000, .tracks = 3, .depths = 4});
    for (const recording::Track& track : recording->tracks) {
        const auto lanes = track.spans.lanes();
        ASSERT_EQ(lanes.size(), 4u);
        std::size_t outside = 0;
        for (std::size_t depth = 0; depth < lanes.size(); ++depth) {
            Nanoseconds end = 0;
            for (std::size_t i = lanes[depth].first; i < lanes[depth].end(); ++i) {
                const TimeRange range = track.spans.rangeAt(i);
                ASSERT_GE(range.beginNs, end);
                ASSERT_GT(range.durationNs(), 0);
                end = range.endNs;
                if (depth > 0) {
                    const auto [first, last] =
                        track.spans.indicesIn(lanes[depth - 1], {range.beginNs, range.endNs});
                    const bool isInside =
                        last == first + 1 && track.spans.rangeAt(first).endNs >= range.endNs;
                    outside += isInside ? 0 : 1;
                }
            }
        }
        EXPECT_LT(outside, track.spans.size() / 100) << "only those that found no room";
    }
}

TEST(GeneratedRecording, IsTheSameEachTime) {
    const GeneratedOptions options{.spans = 20'000, .tracks = 9, .links = 50, .marks = 50};
    const auto a = generatedRecording(options);
    const auto b = generatedRecording(options);
    for (std::size_t i = 0; i < a->tracks.size(); ++i) {
        const auto left = a->tracks[i].spans.image();
        const auto right = b->tracks[i].spans.image();
        EXPECT_TRUE(std::ranges::equal(left, right));
    }
    EXPECT_EQ(a->links.size(), 50u);
    EXPECT_EQ(a->marks.size(), 50u);
    GeneratedOptions other = options;
    other.seed = 2;
    EXPECT_FALSE(std::ranges::equal(a->tracks[0].spans.image(),
                                    generatedRecording(other)->tracks[0].spans.image()));
}

TEST(GeneratedRecording, HasOneRareMicrosecond) {
    const auto recording = generatedRecording({.spans = 10'000, .tracks = 2});
    const auto waiting = static_cast<std::size_t>(State::WaitingLock);
    EXPECT_EQ(recording->tracks[0].spans.timesIn(recording->range)[waiting], 1000);
    EXPECT_EQ(recording->tracks[1].spans.timesIn(recording->range)[waiting], 0);
}

} // namespace
} // namespace interleave::support
