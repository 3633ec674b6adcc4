// SPDX-License-Identifier: GPL-3.0-or-later
// X, B and E events: how they nest, what is done where they don't fit.
#include "tests/engine/chrome_trace/trace_sketch.h"

#include <random>

namespace interleave::chrome_trace {
namespace {

using testing::Test;
using Lines = std::vector<std::string>;

std::string slice(std::string_view name, std::string_view ts, std::string_view dur) {
    return fmt::format(R"({{"name":"{}","ph":"X","ts":{},"dur":{},"pid":1,"tid":1}},)", name, ts,
                       dur);
}
std::string begin(std::string_view name, int ts) {
    return fmt::format(R"({{"name":"{}","ph":"B","ts":{},"pid":1,"tid":1}},)", name, ts);
}
std::string end(std::string_view name, int ts) {
    return name.empty()
               ? fmt::format(R"({{"ph":"E","ts":{},"pid":1,"tid":1}},)", ts)
               : fmt::format(R"({{"name":"{}","ph":"E","ts":{},"pid":1,"tid":1}},)", name, ts);
}
Lines thread1(const std::string& events) {
    return spansOf(importedEvents(events), "thread 1");
}

TEST(Slices, CompleteEventsNest) {
    EXPECT_EQ(thread1(slice("a", "10", "10") + slice("b", "11", "3") + slice("c", "12", "1") +
                      slice("d", "14", "2") + slice("e", "20", "1")),
              (Lines{"a 0+10000 0", "b 1000+3000 1", "c 2000+1000 2", "d 4000+2000 1",
                     "e 10000+1000 0"}));
}

TEST(Slices, OrderInTheFileDoesNotMatter) {
    EXPECT_EQ(thread1(slice("c", "12", "1") + slice("b", "11", "3") + slice("e", "20", "1") +
                      slice("d", "14", "2") + slice("a", "10", "10")),
              (Lines{"a 0+10000 0", "b 1000+3000 1", "c 2000+1000 2", "d 4000+2000 1",
                     "e 10000+1000 0"}));
    // Of slices that begin together the longer encloses the shorter.
    EXPECT_EQ(thread1(slice("short", "1", "1") + slice("long", "1", "2")),
              (Lines{"long 0+2000 0", "short 0+1000 1"}));
}

TEST(Slices, ThoseThatOverlapWithoutNestingGetADepthEach) {
    EXPECT_EQ(thread1(slice("a", "0", "10") + slice("b", "5", "10") + slice("c", "8", "1") +
                      slice("d", "12", "8") + slice("e", "30", "1")),
              (Lines{"a 0+10000 0", "b 5000+10000 1", "c 8000+1000 2", "d 12000+8000 0",
                     "e 30000+1000 0"}));
}

TEST(Slices, BeginsAndEndsNest) {
    EXPECT_EQ(
        thread1(begin("a", 0) + begin("b", 1) + end("", 2) + slice("x", "3", "1") + end("a", 9)),
        (Lines{"a 0+9000 0", "b 1000+1000 1", "x 3000+1000 1"}));
    // In any order of the file, and with an end that has a name that is not the innermost's.
    EXPECT_EQ(thread1(end("a", 9) + begin("b", 1) + begin("a", 0) + end("b", 12)),
              (Lines{"a 0+9000 0", "b 1000+11000 1"}));
}

TEST(Slices, AnEndWithoutABeginIsCounted) {
    const RecordingPtr recording =
        importedEvents(end("", 1) + begin("a", 2) + end("other", 3) + end("a", 4));
    EXPECT_EQ(spansOf(recording, "thread 1"), (Lines{"a 1000+2000 0"}));
    EXPECT_EQ(countOf(recording, "ends-without-begin"), 2u);
}

TEST(Slices, ABeginWithoutAnEndReachesToTheEndAndIsMarked) {
    const RecordingPtr recording =
        importedEvents(begin("a", 0) + begin("b", 2) + end("b", 3) +
                       R"({"name":"last","ph":"X","ts":10,"dur":5,"pid":1,"tid":2},)"
                       R"({"name":"open","ph":"X","ts":4,"pid":1,"tid":2})");
    EXPECT_EQ(spansOf(recording, "thread 1"), (Lines{"a 0+15000 0...", "b 2000+1000 1"}));
    EXPECT_EQ(spansOf(recording, "thread 2"), (Lines{"open 4000+11000 0...", "last 10000+5000 1"}));
    EXPECT_EQ(countOf(recording, "begins-without-end"), 2u);
}

TEST(Slices, TimesAreExactToTheNanosecond) {
    EXPECT_EQ(thread1(slice("a", "1700000000000000.001", "0.001") +
                      slice("b", "1700000000000000.002", "1234.567")),
              (Lines{"a 0+1 0", "b 1+1234567 0"}));
    EXPECT_EQ(thread1(slice("a", "1e3", "2.5e1") + slice("b", "\"1100.5\"", "\"2\"")),
              (Lines{"a 0+25000 0", "b 100500+2000 0"}));
    EXPECT_EQ(thread1(slice("a", "-10.5", "1") + slice("b", "0", "1")),
              (Lines{"a 0+1000 0", "b 10500+1000 0"}));
}

TEST(Slices, TimeZeroIsTheFirstEventAndIsKept) {
    const RecordingPtr recording = importedEvents(slice("a", "500", "1"));
    EXPECT_EQ(recording->info.parameters.at(0),
              (std::pair<std::string, std::string>("time_zero_ns", "500000")));
    EXPECT_EQ(recording->range, (TimeRange{0, 1000}));
    EXPECT_EQ(recording->info.source, recording::Source::Imported);
}

TEST(Slices, WhatHasNoUsableTimeIsCounted) {
    const RecordingPtr recording = importedEvents(
        slice("a", "1", "-5") + slice("b", "1e300", "1") + slice("c", "\"soon\"", "1") +
        slice("d", "NaN", "1") + R"({"name":"e","ph":"X","dur":1,"pid":1,"tid":1},)" +
        slice("f", "2", "99999999999999999999") + slice("g", "3", "0"));
    EXPECT_EQ(spansOf(recording, "thread 1"), (Lines{"a 0+0 0", "g 2000+0 0"}));
    EXPECT_EQ(countOf(recording, "negative-durations"), 1u);
    EXPECT_EQ(countOf(recording, "time-out-of-range"), 2u);
    EXPECT_EQ(countOf(recording, "events-without-time"), 3u);
}

TEST(Slices, NothingIsLostInAPileOfOverlaps) {
    std::mt19937 random(5);
    for (int round = 0; round < 50; ++round) {
        std::string events;
        const int count = 1 + static_cast<int>(random() % 80);
        for (int i = 0; i < count; ++i) {
            events += slice(fmt::format("s{}", i), std::to_string(random() % 50),
                            std::to_string(random() % 20));
        }
        const RecordingPtr recording = importedEvents(events);
        const recording::SpanColumns& spans = recording->tracks.at(0).spans;
        ASSERT_EQ(spans.size(), static_cast<std::size_t>(count));
        for (const recording::SpanLane& lane : spans.lanes()) {
            for (std::size_t i = lane.first + 1; i < lane.end(); ++i) {
                ASSERT_LE(spans.rangeAt(i - 1).endNs, spans.begin[i]) << "two at once in a lane";
            }
        }
        for (std::size_t inner = 0; inner < spans.size(); ++inner) {
            for (std::size_t outer = 0; outer < spans.size(); ++outer) {
                const TimeRange a = spans.rangeAt(outer);
                const TimeRange b = spans.rangeAt(inner);
                if (a.beginNs < b.beginNs && b.endNs < a.endNs) {
                    ASSERT_LT(spans.depthAt(outer), spans.depthAt(inner));
                }
            }
        }
    }
}

TEST(Slices, DeepNestingEndsAtALimitAndIsCounted) {
    std::string events;
    for (int i = 0; i < 5000; ++i) {
        events += slice("s", std::to_string(i), std::to_string(20'000 - 2 * i));
    }
    const RecordingPtr recording = importedEvents(events);
    EXPECT_EQ(recording->tracks.at(0).spans.size(), 4000u);
    EXPECT_EQ(countOf(recording, "too-deep"), 1000u);
}

} // namespace
} // namespace interleave::chrome_trace
