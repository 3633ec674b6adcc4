// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/lane_columns.h"

#include "tests/support/generated_recording.h"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace interleave::ui {
namespace {

using recording::SpanColumns;
using recording::SpanLane;

/// What is in the columns of a lane.
struct Columns {
    std::map<std::pair<std::size_t, State>, Ticks> times;
    std::map<std::size_t, Ticks> room; // of columns with times
    std::vector<std::size_t> bars;
};

Columns walked(const SpanColumns& spans, const SpanLane& lane, const ColumnEdges& edges) {
    Columns found;
    walkLane(
        spans, lane, edges, [&](std::size_t bar) { found.bars.push_back(bar); },
        [&](const LaneColumn& column) {
            found.room[column.column] = column.room;
            for (std::size_t i = 0; i < column.times.size(); ++i) {
                if (column.times[i] != 0) {
                    found.times[{column.column, spans.pyramidStates()[i]}] = column.times[i];
                }
            }
        });
    return found;
}

/// The same by looking at every span and every column.
Columns bruteForce(const SpanColumns& spans, const SpanLane& lane, const ColumnEdges& edges) {
    Columns found;
    std::map<std::size_t, Ticks> covered;
    for (std::size_t i = lane.first; i < lane.end(); ++i) {
        const TimeRange range = spans.rangeAt(i);
        if (!range.overlaps(edges.visible())) {
            continue;
        }
        const bool isBar = spans.duration[i] >= edges.exactNs();
        if (isBar) {
            found.bars.push_back(i);
        }
        for (std::size_t column = 0; column < edges.size(); ++column) {
            const Ticks part = std::min(edges.ticksOf(range.endNs), edges.ticksAt(column + 1)) -
                               std::max(edges.ticksOf(range.beginNs), edges.ticksAt(column));
            if (part > 0) {
                (isBar ? covered[column] : found.times[{column, spans.state[i]}]) += part;
            }
        }
    }
    for (const auto& [key, time] : found.times) {
        found.room[key.first] =
            edges.ticksAt(key.first + 1) - edges.ticksAt(key.first) - covered[key.first];
    }
    return found;
}

/// Recordings and views of all kinds, the same in every run.
class Cases {
public:
    explicit Cases(unsigned seed)
        : m_random(seed) {}

    std::shared_ptr<const recording::Recording> recording() {
        support::GeneratedOptions options;
        options.spans = 1 + m_random() % 4000;
        options.tracks = 1 + m_random() % 3;
        options.depths = static_cast<int>(1 + m_random() % 4);
        options.meanNs = static_cast<Nanoseconds>(1 + m_random() % 2000);
        options.seed = m_random();
        return support::generatedRecording(options);
    }
    ColumnEdges edges(TimeRange whole) {
        const auto end = static_cast<std::uint64_t>(whole.endNs);
        const auto begin = static_cast<Nanoseconds>(m_random() % (end + 10)) - 5;
        auto length = static_cast<Nanoseconds>(1 + m_random() % (end + 1));
        length = m_random() % 2 == 0 ? length : 1 + length / 50;
        ColumnEdges edges;
        const double fraction = m_random() % 3 == 0 ? 0.37 : 0;
        edges.set({begin, begin + length}, static_cast<double>(1 + m_random() % 200) + fraction, 3);
        return edges;
    }

private:
    std::mt19937_64 m_random;
};

TEST(LaneColumns, EqualBruteForceWhereEveryCutIsExact) {
    Cases cases(5);
    for (int i = 0; i < 150; ++i) {
        const auto recording = cases.recording();
        ColumnEdges edges = cases.edges(recording->range);
        edges.setMergeNs(0);
        for (const recording::Track& track : recording->tracks) {
            for (const SpanLane& lane : track.spans.lanes()) {
                const Columns found = walked(track.spans, lane, edges);
                const Columns expected = bruteForce(track.spans, lane, edges);
                ASSERT_EQ(found.times, expected.times) << i;
                ASSERT_EQ(found.room, expected.room) << i;
                ASSERT_EQ(found.bars, expected.bars) << i;
            }
        }
    }
}

TEST(LaneColumns, AreOffByLessThanHalfAColumn) {
    Cases cases(6);
    for (int i = 0; i < 150; ++i) {
        const auto recording = cases.recording();
        const ColumnEdges edges = cases.edges(recording->range);
        for (const recording::Track& track : recording->tracks) {
            for (const SpanLane& lane : track.spans.lanes()) {
                Columns found = walked(track.spans, lane, edges);
                const Columns expected = bruteForce(track.spans, lane, edges);
                ASSERT_EQ(found.bars, expected.bars) << i;
                for (const auto& [key, time] : expected.times) {
                    const Ticks width = edges.ticksAt(key.first + 1) - edges.ticksAt(key.first);
                    ASSERT_LE(std::abs(found.times[key] - time), width / 2 + kTicksPerNs) << i;
                }
            }
        }
    }
}

TEST(LaneColumns, AddUpToTheTimesInSight) {
    Cases cases(7);
    for (int i = 0; i < 150; ++i) {
        const auto recording = cases.recording();
        const ColumnEdges edges = cases.edges(recording->range);
        for (const recording::Track& track : recording->tracks) {
            recording::StateTimes sums{};
            for (const SpanLane& lane : track.spans.lanes()) {
                const Columns found = walked(track.spans, lane, edges);
                for (const auto& [key, time] : found.times) {
                    ASSERT_GT(time, 0);
                    sums[static_cast<std::size_t>(key.second)] += time;
                }
                for (const std::size_t bar : found.bars) {
                    const TimeRange seen = track.spans.rangeAt(bar).intersected(edges.visible());
                    sums[static_cast<std::size_t>(track.spans.state[bar])] +=
                        seen.durationNs() * kTicksPerNs;
                }
            }
            for (Nanoseconds& sum : sums) {
                ASSERT_EQ(sum % kTicksPerNs, 0);
                sum /= kTicksPerNs;
            }
            ASSERT_EQ(sums, track.spans.timesIn(edges.visible())) << i;
        }
    }
}

TEST(LaneColumns, NothingIsTooShortToBeCounted) {
    support::GeneratedOptions options;
    options.spans = 300'000;
    options.tracks = 1;
    const auto recording = support::generatedRecording(options); // 1 us of waiting_lock in 4 s
    ColumnEdges edges;
    edges.set(recording->range, 500, 3);
    const SpanColumns& spans = recording->tracks[0].spans;
    Ticks rare = 0;
    for (const auto& [key, time] : walked(spans, spans.lanes().front(), edges).times) {
        rare += key.second == State::WaitingLock ? time : 0;
    }
    EXPECT_EQ(rare, 1000 * kTicksPerNs);
}

TEST(ColumnEdges, KnowTheColumnOfATime) {
    ColumnEdges edges;
    edges.set({-7, 993}, 321.5, 3);
    ASSERT_EQ(edges.size(), 322u);
    for (Nanoseconds time = -7; time < 993; ++time) {
        const std::size_t column = edges.columnOf(time);
        EXPECT_LE(edges.ticksAt(column), edges.ticksOf(time));
        EXPECT_GT(edges.ticksAt(column + 1), edges.ticksOf(time));
    }
    EXPECT_EQ(edges.columnOf(-100), 0u);
    EXPECT_EQ(edges.columnOf(2000), 321u);
}

} // namespace
} // namespace interleave::ui
