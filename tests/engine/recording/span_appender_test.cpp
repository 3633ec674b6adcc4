// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_appender.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace interleave::recording {
namespace {

std::vector<Span> flatSpans(std::size_t count) {
    std::mt19937_64 random(21);
    std::vector<Span> spans;
    Nanoseconds at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        at += static_cast<Nanoseconds>(random() % 3 * 50);
        const auto duration = 1 + static_cast<Nanoseconds>(random() % 900);
        spans.push_back({.range = {at, at + duration},
                         .state = static_cast<State>(random() % 5),
                         .name = StringId{static_cast<std::uint32_t>(random() % 9)}});
        at += duration;
    }
    return spans;
}

void expectSame(const SpanColumns& a, const SpanColumns& b) {
    ASSERT_EQ(a.image().size(), b.image().size());
    EXPECT_TRUE(std::ranges::equal(a.image(), b.image()));
}

TEST(SpanAppender, ASnapshotIsWhatPackingEverythingWouldMake) {
    const std::vector<Span> spans = flatSpans(5000);
    SpanAppender appender;
    std::size_t done = 0;
    for (const std::size_t settled : {0U, 10U, 1023U, 1024U, 1025U, 4000U, 4990U}) {
        for (; done < settled; ++done) {
            appender.append(spans[done]);
        }
        const auto open = static_cast<std::ptrdiff_t>(std::min<std::size_t>(settled + 37, 5000));
        const auto from = static_cast<std::ptrdiff_t>(settled);
        const SpanColumns snapshot =
            appender.with({spans.begin() + from, spans.begin() + open}, {});
        expectSame(snapshot, packSpans({spans.begin(), spans.begin() + open}));
    }
    EXPECT_EQ(appender.size(), 4990U);
}

TEST(SpanAppender, KeepsSpansThatOverlapInLanes) {
    std::vector<Span> spans = flatSpans(3000);
    SpanAppender appender;
    for (const Span& span : spans) {
        appender.append(span);
    }
    const Span across{.range = {spans[2990].range.beginNs, spans[2999].range.endNs + 5}};
    appender.append(across);
    spans.push_back(across);
    const SpanColumns snapshot = appender.with({}, {});
    expectSame(snapshot, packSpans(spans));
    EXPECT_EQ(snapshot.lanes().size(), 2U);
}

TEST(SpanAppender, ForgetsOpenSpansAfterTheSnapshot) {
    SpanAppender appender;
    appender.append({.range = {0, 5}});
    EXPECT_EQ(appender.with({{.range = {5, 9}}}, {}).size(), 2U);
    EXPECT_EQ(appender.with({{.range = {5, 12}}}, {}).at(1).range, (TimeRange{5, 12}));
    EXPECT_EQ(appender.with({}, {}).size(), 1U);
}

} // namespace
} // namespace interleave::recording
