// SPDX-License-Identifier: GPL-3.0-or-later
// How long each state lasted within every pixel column of a lane, and which spans are wide enough
// to be drawn one by one.
//
// A column's times are the difference of two prefix sums: the time in each state of all that came
// before its right edge, less that before its left edge. The pyramid has these sums at every scale.
// An edge falls into one of its nodes; if that node is narrower than half a column, the edge cuts
// it in proportion (so a time is off by less than half a pixel's worth), otherwise the spans beside
// the edge are read and the cut is exact. Either way the cost of an edge is bounded, the columns
// add up to exactly what SpanColumns::timesIn() says, and nothing is too short to be counted.
//
// Refused: walking all nodes shorter than half a pixel. Just above that zoom it reads two nodes'
// spans a pixel instead of a quarter of one node's: eight times the work.
// Source: prefix sums as in Crow, Summed-area tables for texture mapping (1984). Knows no Qt.
#pragma once

#include "engine/recording/span_columns.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace interleave::ui {

inline constexpr std::size_t kStates = static_cast<std::size_t>(kStateCount);

/// Time in fractions of a nanosecond: columns may be narrower than one.
using Ticks = std::int64_t;
inline constexpr Ticks kTicksPerNs = 256;

/// Where the columns of a picture begin in time. All lanes of a picture share them.
class ColumnEdges {
public:
    /// The range over so many columns, of which the last may be a fraction. Spans of at least
    /// `exactColumns` are drawn one by one.
    void set(TimeRange visible, double columns, double exactColumns);

    std::size_t size() const { return m_ticks.size() - 1; }
    TimeRange visible() const { return m_visible; }
    /// Of edge 0 .. size(), since the begin of the range.
    Ticks ticksAt(std::size_t edge) const { return m_ticks[edge]; }
    /// A span begins before the edge if it begins before this.
    Nanoseconds ceilAt(std::size_t edge) const {
        return m_visible.beginNs + (m_ticks[edge] + kTicksPerNs - 1) / kTicksPerNs;
    }
    Ticks ticksOf(Nanoseconds time) const; // since the begin of the range; wraps when far away
    /// The column that a time within the range falls into.
    std::size_t columnOf(Nanoseconds time) const;
    Nanoseconds exactNs() const { return m_exactNs; }
    /// Nodes shorter than this are cut in proportion.
    Nanoseconds mergeNs() const { return m_mergeNs; }
    /// For tests: 0 makes every cut exact.
    void setMergeNs(Nanoseconds ns) { m_mergeNs = ns; }

private:
    std::vector<Ticks> m_ticks{0};
    TimeRange m_visible{};
    double m_columnsPerNs = 0;
    Nanoseconds m_exactNs = 0;
    Nanoseconds m_mergeNs = 0;
};

/// Goes along a lane from edge to edge.
class LaneCursor {
public:
    LaneCursor(const recording::SpanColumns& spans, const recording::SpanLane& lane,
               const ColumnEdges& edges);

    std::size_t slotCount() const { return m_slots; }
    bool isEmpty() const { return m_isEmpty; }
    /// To a later edge, or the first one.
    void moveTo(std::size_t edge);
    /// To a later edge up to which nothing changes: within a bar or a gap.
    void skipTo(std::size_t edge) { m_edge = edge; }

    /// Time of the merged spans before the edge, by slot, since an arbitrary moment.
    const Ticks* sums() const { return m_sums.data(); }
    /// The wide span that begins before the edge and ends after it.
    bool isInBar() const { return m_isInBar; }
    std::size_t bar() const { return m_bar; } // its index in the track
    Nanoseconds barBegin() const { return m_barRange.beginNs; }
    Nanoseconds barEnd() const { return m_barRange.endNs; }
    /// Whether the wide span was not seen at an earlier edge.
    bool isNewBar() const { return m_isNewBar; }
    /// Where the next change lies if the edge is in a bar or a gap; otherwise the edge's own time.
    /// The end of time where nothing follows.
    Nanoseconds quietUntil() const { return m_quietUntil; }

private:
    using Sums = std::array<Ticks, kStates>;

    void readSpansTo(Nanoseconds before);
    void seek(Nanoseconds before);
    void cutNode(const recording::PyramidLevel& level, std::size_t node);
    void arriveAt(std::size_t index, std::size_t node);
    void sumSpans(std::size_t first, std::size_t last, std::int64_t sign);
    void settle();
    std::int64_t beginOf(std::size_t index) const { return m_spans.begin[m_lane.first + index]; }

    const recording::SpanColumns& m_spans;
    const recording::SpanLane m_lane;
    const ColumnEdges& m_edges;
    std::array<recording::PyramidLevel, 32> m_levels{};
    std::size_t m_levelCount = 0;
    std::size_t m_searchLevel = 0;
    std::size_t m_searchNode = 0;
    std::size_t m_slots = 0;
    bool m_isDense = false;
    std::array<std::uint8_t, 32> m_slotOf{};

    std::size_t m_edge = 0;
    bool m_isEmpty = true;
    bool m_isAtSpan = false; // m_index and m_full are exact; otherwise a node was cut
    std::size_t m_index = 0; // spans of the lane that begin before the edge
    Sums m_full{};           // ns of these, in full
    Sums m_excluded{};       // ns of the wide spans among them
    Sums m_sums{};
    bool m_isInBar = false;
    bool m_isNewBar = false;
    std::size_t m_bar = static_cast<std::size_t>(-1);
    TimeRange m_barRange{};
    Nanoseconds m_quietUntil = 0;
};

/// One column of a lane.
struct LaneColumn {
    std::size_t column = 0;
    std::span<const Ticks> times; // by slot: SpanColumns::pyramidStates() says of which state
    Ticks room = 0;               // of the column's width, what no wide span covers
};

/// Calls onBar(index in the track) for each wide span in sight and onColumn(LaneColumn) for each
/// column with merged ones, both in order of time.
template <class OnBar, class OnColumn>
void walkLane(const recording::SpanColumns& spans, const recording::SpanLane& lane,
              const ColumnEdges& edges, OnBar&& onBar, OnColumn&& onColumn) {
    LaneCursor cursor(spans, lane, edges);
    if (cursor.isEmpty()) {
        return;
    }
    const std::size_t slotCount = cursor.slotCount();
    std::array<Ticks, kStates> before{};
    std::array<Ticks, kStates> times{};
    std::size_t column = 0;
    cursor.moveTo(0);
    if (cursor.isNewBar()) {
        onBar(cursor.bar());
    }
    while (column < edges.size()) {
        if (cursor.quietUntil() >= edges.ceilAt(column + 1)) {
            if (cursor.quietUntil() >= edges.visible().endNs) {
                return;
            }
            column = edges.columnOf(cursor.quietUntil());
            cursor.skipTo(column);
        }
        Ticks room = edges.ticksAt(column + 1) - edges.ticksAt(column);
        if (cursor.isInBar()) {
            room -= std::min(room, edges.ticksOf(cursor.barEnd()) - edges.ticksAt(column));
        }
        std::copy_n(cursor.sums(), slotCount, before.begin());
        cursor.moveTo(column + 1);
        if (cursor.isNewBar()) {
            onBar(cursor.bar());
            room -= std::min(room, edges.ticksAt(column + 1) - edges.ticksOf(cursor.barBegin()));
        }
        Ticks any = 0;
        for (std::size_t slot = 0; slot < slotCount; ++slot) {
            times[slot] = cursor.sums()[slot] - before[slot];
            any |= times[slot];
        }
        if (any != 0) {
            onColumn(LaneColumn{column, {times.data(), slotCount}, room});
        }
        ++column;
    }
}

} // namespace interleave::ui
