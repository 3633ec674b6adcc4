// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_columns.h"

#include <gtest/gtest.h>
#include <random>

namespace interleave::recording {
namespace {

SpanColumns columns(std::initializer_list<TimeRange> ranges) {
    SpanColumns spans;
    for (const TimeRange range : ranges) {
        spans.push({.range = range});
    }
    spans.sort();
    return spans;
}

TEST(SpanColumns, FindsASpanThatBeginsBeforeTheRange) {
    const SpanColumns spans = columns({{0, 10}, {10, 20}, {30, 40}});
    EXPECT_EQ(spans.indicesIn({15, 16}), (std::pair<std::size_t, std::size_t>(1, 2)));
    EXPECT_EQ(spans.indicesIn({10, 31}), (std::pair<std::size_t, std::size_t>(1, 3)));
}

TEST(SpanColumns, FindsNothingInAGap) {
    const SpanColumns spans = columns({{0, 10}, {30, 40}});
    const auto [first, last] = spans.indicesIn({10, 30});
    EXPECT_EQ(first, last);
}

TEST(SpanColumns, LosesNoOverlappingSpan) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        SpanColumns spans;
        for (int i = 0; i < 12; ++i) {
            const auto begin = static_cast<Nanoseconds>(random() % 50);
            spans.push({.range = {begin, begin + 1 + static_cast<Nanoseconds>(random() % 20)},
                        .depth = static_cast<std::uint16_t>(i)});
        }
        spans.sort();
        const auto begin = static_cast<Nanoseconds>(random() % 60);
        const TimeRange range{begin, begin + 1 + static_cast<Nanoseconds>(random() % 9)};
        const auto [first, last] = spans.indicesIn(range);
        for (std::size_t i = 0; i < spans.size(); ++i) {
            if (spans.rangeAt(i).overlaps(range)) {
                EXPECT_LE(first, i);
                EXPECT_GT(last, i);
            }
        }
    }
}

TEST(SpanColumns, SortsAllColumnsTogether) {
    SpanColumns spans;
    spans.push({.range = {5, 6}, .state = State::Ready, .task = TaskId{2}, .core = 1});
    spans.push({.range = {1, 2},
                .state = State::Sleeping,
                .task = TaskId{1},
                .core = 0,
                .isPreempted = true});
    spans.sort();
    EXPECT_EQ(spans.at(0).task, TaskId{1});
    EXPECT_EQ(spans.at(0).state, State::Sleeping);
    EXPECT_TRUE(spans.at(0).isPreempted);
    EXPECT_EQ(spans.at(1).core, 1);
}

} // namespace
} // namespace interleave::recording
