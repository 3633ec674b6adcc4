// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_columns.h"

#include "engine/recording/span_packer.h"

#include <gtest/gtest.h>
#include <random>

namespace interleave::recording {
namespace {

SpanColumns columns(std::initializer_list<TimeRange> ranges) {
    std::vector<Span> spans;
    for (const TimeRange range : ranges) {
        spans.push_back({.range = range});
    }
    return packSpans(std::move(spans));
}

/// Spans of one depth follow each other with gaps; durations span nine orders of magnitude.
std::vector<Span> randomSpans(std::mt19937_64& random, std::size_t count, int depths, int states) {
    std::vector<Span> spans;
    for (int depth = 0; depth < depths; ++depth) {
        Nanoseconds at = static_cast<Nanoseconds>(random() % 1000) - 500;
        for (std::size_t i = 0; i < count; ++i) {
            at += random() % 3 == 0 ? static_cast<Nanoseconds>(random() % 5000) : 0;
            const auto duration =
                1 + static_cast<Nanoseconds>(random() % (std::uint64_t{1} << (random() % 31)));
            spans.push_back({.range = {at, at + duration},
                             .state = static_cast<State>(random() % static_cast<unsigned>(states)),
                             .task = TaskId{static_cast<std::uint32_t>(random() % 7)},
                             .worker = WorkerId{static_cast<std::uint32_t>(random() % 3)},
                             .core = static_cast<std::int16_t>(random() % 3 - 1),
                             .name = StringId{static_cast<std::uint32_t>(random() % 300)},
                             .cause = StringId{static_cast<std::uint32_t>(random() % 2)},
                             .depth = static_cast<std::uint16_t>(depth),
                             .isPreempted = random() % 5 == 0,
                             .isUnfinished = random() % 9 == 0,
                             .detail = random() % 4 == 0 ? random() >> (random() % 64) : 0});
            at += duration;
        }
    }
    return spans;
}

StateTimes timesByBruteForce(const std::vector<Span>& spans, TimeRange range) {
    StateTimes times{};
    for (const Span& span : spans) {
        times[static_cast<std::size_t>(span.state)] += span.range.intersected(range).durationNs();
    }
    return times;
}

bool isSame(const Span& a, const Span& b) {
    return a.range == b.range && a.state == b.state && a.task == b.task && a.worker == b.worker &&
           a.core == b.core && a.name == b.name && a.cause == b.cause && a.depth == b.depth &&
           a.isPreempted == b.isPreempted && a.isUnfinished == b.isUnfinished &&
           a.detail == b.detail;
}

TEST(SpanColumns, FindsASpanThatBeginsBeforeTheRange) {
    const SpanColumns spans = columns({{0, 10}, {10, 20}, {30, 40}});
    EXPECT_EQ(spans.indicesIn(spans.lanes()[0], {15, 16}),
              (std::pair<std::size_t, std::size_t>(1, 2)));
    EXPECT_EQ(spans.indicesIn(spans.lanes()[0], {10, 31}),
              (std::pair<std::size_t, std::size_t>(1, 3)));
}

TEST(SpanColumns, FindsNothingInAGap) {
    const SpanColumns spans = columns({{0, 10}, {30, 40}});
    const auto [first, last] = spans.indicesIn(spans.lanes()[0], {10, 30});
    EXPECT_EQ(first, last);
}

TEST(SpanColumns, FindsJustTheSpansOfARange) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 60; ++round) {
        const std::size_t count = random() % 900;
        const SpanColumns spans = packSpans(randomSpans(random, count, 3, 4));
        const Nanoseconds end = std::max<Nanoseconds>(spans.endNs(), 1);
        for (int i = 0; i < 20; ++i) {
            const auto begin = static_cast<Nanoseconds>(random() % static_cast<unsigned long>(end));
            const TimeRange range{begin, begin + 1 + static_cast<Nanoseconds>(random() % 100000)};
            std::vector<std::size_t> found;
            spans.forEachIn(range, [&](std::size_t index) { found.push_back(index); });
            std::vector<std::size_t> expected;
            for (std::size_t index = 0; index < spans.size(); ++index) {
                if (spans.rangeAt(index).overlaps(range)) {
                    expected.push_back(index);
                }
            }
            ASSERT_EQ(found, expected);
        }
    }
}

TEST(SpanColumns, GiveBackEverySpanAsItWasPacked) {
    std::mt19937_64 random(11);
    for (const std::size_t count : {1U, 255U, 256U, 257U, 5000U}) {
        const std::vector<Span> spans = randomSpans(random, count, 2, kStateCount);
        const SpanColumns packed = packSpans(spans);
        ASSERT_EQ(packed.size(), spans.size());
        for (std::size_t i = 0; i < spans.size(); ++i) {
            ASSERT_TRUE(isSame(packed.at(i), spans[i])) << "span " << i << " of " << count;
        }
    }
}

TEST(SpanColumns, KeepNumbersOfAnySize) {
    constexpr Nanoseconds kFar = 4'000'000'000'000'000'000;
    const SpanColumns spans = packSpans({{.range = {-kFar, -kFar + 1}, .detail = ~std::uint64_t{0}},
                                         {.range = {0, kFar}, .detail = 1},
                                         {.range = {kFar, kFar + 3}}});
    EXPECT_EQ(spans.rangeAt(0), (TimeRange{-kFar, -kFar + 1}));
    EXPECT_EQ(spans.rangeAt(1), (TimeRange{0, kFar}));
    EXPECT_EQ(spans.rangeAt(2), (TimeRange{kFar, kFar + 3}));
    EXPECT_EQ(spans.detail[0], ~std::uint64_t{0});
}

TEST(SpanColumns, TotalsOfAnyRangeEqualBruteForce) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 40; ++round) {
        const std::vector<Span> spans =
            randomSpans(random, random() % 4000, 2, 1 + static_cast<int>(random() % 13));
        const SpanColumns packed = packSpans(spans);
        const auto end = static_cast<std::uint64_t>(std::max<Nanoseconds>(packed.endNs(), 1));
        for (int i = 0; i < 25; ++i) {
            const auto a = static_cast<Nanoseconds>(random() % (2 * end));
            const auto b = static_cast<Nanoseconds>(random() % (2 * end));
            const TimeRange range{std::min(a, b) - 1000, std::max(a, b)};
            ASSERT_EQ(packed.timesIn(range), timesByBruteForce(spans, range));
        }
    }
}

TEST(SpanColumns, WalkMeetsAllTimeOnceAtEveryScale) {
    std::mt19937_64 random(5);
    for (int round = 0; round < 40; ++round) {
        const std::vector<Span> spans = randomSpans(random, 1 + random() % 6000, 1, 5);
        const SpanColumns packed = packSpans(spans);
        const TimeRange all{-1'000'000, packed.endNs() + 1};
        const auto mergeNs = static_cast<Nanoseconds>(std::uint64_t{1} << (random() % 40));
        StateTimes times{};
        packed.walk(
            packed.lanes()[0], all, mergeNs,
            [&](TimeRange extent, const PyramidLevel& level, std::size_t node) {
                EXPECT_LT(extent.durationNs(), mergeNs);
                Nanoseconds sum = 0;
                for (std::size_t slot = 0; slot < packed.pyramidStates().size(); ++slot) {
                    const Nanoseconds part = level.timeIn(node, slot);
                    times[static_cast<std::size_t>(packed.pyramidStates()[slot])] += part;
                    sum += part;
                }
                EXPECT_LE(sum, extent.durationNs());
            },
            [&](std::size_t index) {
                times[static_cast<std::size_t>(packed.state[index])] += packed.duration[index];
            });
        ASSERT_EQ(times, timesByBruteForce(spans, all));
    }
}

TEST(SpanColumns, PyramidTakesAtMostTwoBytesASpan) {
    std::mt19937_64 random(9);
    for (int states = 1; states <= kStateCount; ++states) {
        const SpanColumns packed = packSpans(randomSpans(random, 20000, 1, states));
        const std::size_t words = packed.pyramidShape().wordsFor(20000);
        EXPECT_LE(words * 8, 20000U * 2) << states << " states";
        EXPECT_GE(packed.levelCount(packed.lanes()[0]), 3U);
    }
}

TEST(SpanColumns, SpansThatOverlapLieInLanesOfTheirOwn) {
    const SpanColumns spans = columns({{0, 10}, {5, 15}, {10, 20}});
    ASSERT_EQ(spans.lanes().size(), 2U);
    EXPECT_EQ(spans.rangeAt(0), (TimeRange{0, 10}));
    EXPECT_EQ(spans.rangeAt(1), (TimeRange{10, 20}));
    EXPECT_EQ(spans.rangeAt(2), (TimeRange{5, 15}));
    EXPECT_EQ(spans.depthAt(2), 1);
}

TEST(SpanColumns, IdsOutOfTheirTableReadAsNone) {
    SpanColumns spans = packSpans({{.range = {0, 1}, .task = TaskId{9}, .name = StringId{4}}});
    spans.setLimits({.tasks = 8, .workers = 0, .strings = 4});
    EXPECT_EQ(spans.task[0], TaskId{});
    EXPECT_EQ(spans.name[0], StringId{4});
}

TEST(SpanColumns, AnyDamageOfAnImageIsRefusedOrHarmless) {
    std::mt19937_64 random(13);
    const SpanColumns spans = packSpans(randomSpans(random, 700, 3, 5));
    const std::size_t bytes = spans.image().size();
    for (int round = 0; round < 4000; ++round) {
        const auto copy = std::make_shared<std::vector<std::int64_t>>(bytes / 8);
        std::memcpy(copy->data(), spans.image().data(), bytes);
        auto* damaged = reinterpret_cast<std::byte*>(copy->data());
        // Most of the structure is at the front.
        const std::size_t reach = round % 2 == 0 ? 400 : bytes;
        for (int i = 0; i < 3; ++i) {
            damaged[random() % reach] = static_cast<std::byte>(random());
        }
        const std::size_t size = round % 5 == 0 ? random() % (bytes / 8) * 8 : bytes;
        const auto opened =
            SpanColumns::fromImage({damaged, size}, copy, {.tasks = 7, .workers = 3, .strings = 9});
        if (!opened) {
            continue;
        }
        for (std::size_t i = 0; i < opened->size(); ++i) {
            const Span span = opened->at(i);
            ASSERT_LE(span.task.value, 7U);
            ASSERT_LE(span.name.value, 9U);
        }
        opened->timesIn({0, 1 << 20});
        std::size_t met = 0;
        for (const SpanLane& lane : opened->lanes()) {
            opened->walk(
                lane, {0, 1 << 20}, 1000,
                [&](TimeRange, const PyramidLevel&, std::size_t) { ++met; },
                [&](std::size_t) { ++met; });
        }
        ASSERT_LE(met, opened->size());
    }
}

} // namespace
} // namespace interleave::recording
