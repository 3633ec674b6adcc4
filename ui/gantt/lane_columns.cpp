// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/lane_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace interleave::ui {

using recording::PyramidLevel;
using recording::SpanColumns;
using recording::SpanLane;

namespace {

constexpr std::size_t kNearSpans = 8; // read one by one before the pyramid is asked
constexpr Nanoseconds kNever = std::numeric_limits<Nanoseconds>::max();

// Damaged files hold any number: sums may wrap, but must not overflow.
std::int64_t plus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t minus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
Ticks toTicks(Nanoseconds ns) {
    return static_cast<Ticks>(static_cast<std::uint64_t>(ns) *
                              static_cast<std::uint64_t>(kTicksPerNs));
}

} // namespace

void ColumnEdges::set(TimeRange visible, double columns, double exactColumns) {
    columns = std::max(columns, 1.0);
    m_visible = visible;
    const auto durationNs = static_cast<double>(visible.durationNs());
    m_columnsPerNs = columns / durationNs;
    const double exactNs = std::ceil(exactColumns / m_columnsPerNs * (1 - 1e-12));
    m_exactNs = static_cast<Nanoseconds>(std::clamp(exactNs, 1.0, 9e18));
    m_mergeNs = static_cast<Nanoseconds>(1 / m_columnsPerNs);
    const auto count = static_cast<std::size_t>(std::ceil(columns - 1e-6));
    const double step = durationNs * static_cast<double>(kTicksPerNs) / columns;
    const Ticks end = toTicks(visible.durationNs());
    m_ticks.resize(count + 1);
    for (std::size_t edge = 0; edge < count; ++edge) {
        m_ticks[edge] =
            std::min(end, static_cast<Ticks>(std::llround(static_cast<double>(edge) * step)));
    }
    m_ticks[count] = end;
}

Ticks ColumnEdges::ticksOf(Nanoseconds time) const {
    return toTicks(minus(time, m_visible.beginNs));
}

std::size_t ColumnEdges::columnOf(Nanoseconds time) const {
    const double place = static_cast<double>(minus(time, m_visible.beginNs)) * m_columnsPerNs;
    const auto last = static_cast<double>(size() - 1);
    auto column = static_cast<std::size_t>(std::clamp(place, 0.0, last));
    const Ticks ticks = ticksOf(time);
    while (column > 0 && m_ticks[column] > ticks) {
        --column;
    }
    while (column + 1 < size() && m_ticks[column + 1] <= ticks) {
        ++column;
    }
    return column;
}

LaneCursor::LaneCursor(const SpanColumns& spans, const SpanLane& lane, const ColumnEdges& edges)
    : m_spans(spans)
    , m_lane(lane)
    , m_edges(edges) {
    const auto [first, last] = spans.indicesIn(lane, edges.visible());
    m_isEmpty = first == last;
    if (m_isEmpty) {
        return;
    }
    m_slots = spans.pyramidStates().size();
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        m_slotOf[static_cast<std::size_t>(spans.pyramidStates()[slot])] =
            static_cast<std::uint8_t>(slot);
    }
    m_levelCount = std::min(spans.levelCount(lane), m_levels.size());
    const std::size_t perColumn = (last - first) / edges.size();
    m_isDense = perColumn >= kNearSpans;
    for (std::size_t level = 0; level < m_levelCount; ++level) {
        m_levels[level] = spans.level(lane, level);
        if (2 * m_levels[level].spansPerNode <= perColumn) {
            m_searchLevel = level;
        }
    }
    if (m_levelCount == 0) { // sums count from here
        m_index = first - lane.first;
        m_isAtSpan = true;
    } else {
        m_searchNode = std::min((first - lane.first) / m_levels[m_searchLevel].spansPerNode,
                                m_levels[m_searchLevel].nodeCount - 1);
    }
}

void LaneCursor::moveTo(std::size_t edge) {
    m_edge = edge;
    const Nanoseconds before = m_edges.ceilAt(edge);
    if (m_isAtSpan) {
        readSpansTo(before);
    } else {
        seek(before);
    }
}

// From where the cursor stands; asks the pyramid where that takes too long.
void LaneCursor::readSpansTo(Nanoseconds before) {
    std::size_t near = m_lane.count;
    if (m_levelCount != 0) {
        near = m_isDense ? m_index : std::min(m_lane.count, m_index + kNearSpans);
    }
    std::size_t index = m_index;
    while (index < near && beginOf(index) < before) {
        ++index;
    }
    if (index == near && near < m_lane.count && beginOf(index) < before) {
        seek(before);
        return;
    }
    sumSpans(m_index, index, 1);
    m_index = index;
    settle();
}

// Finds the last node that begins before the time, going down as long as it is too wide to cut.
void LaneCursor::seek(Nanoseconds before) {
    std::size_t at = m_searchLevel;
    const PyramidLevel& search = m_levels[at];
    std::size_t low = m_searchNode;
    std::size_t step = 1;
    std::size_t high = low + 1;
    while (high < search.nodeCount && search.beginOf(high) < before) {
        low = high;
        step *= 2;
        high = std::min(low + step, search.nodeCount);
    }
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (search.beginOf(middle) < before ? low : high) = middle;
    }
    m_searchNode = low;
    std::size_t node = low;
    // The ends of the picture are always exact, so that the columns add up to what is in sight.
    const bool mayCut = m_edge != 0 && m_edge != m_edges.size();
    while (true) {
        const PyramidLevel& level = m_levels[at];
        if (mayCut && minus(level.endOf(node), level.beginOf(node)) < m_edges.mergeNs()) {
            cutNode(level, node);
            return;
        }
        if (at == 0) {
            break;
        }
        const PyramidLevel& below = m_levels[--at];
        const std::size_t first = node * recording::PyramidShape::kFanout;
        const std::size_t end = std::min(first + recording::PyramidShape::kFanout, below.nodeCount);
        node = first;
        while (node + 1 < end && below.beginOf(node + 1) < before) {
            ++node;
        }
    }
    std::size_t first = node * m_levels[0].spansPerNode;
    std::size_t last = std::min(first + m_levels[0].spansPerNode, m_lane.count);
    if (m_isAtSpan && m_index > first) {
        first = std::min(m_index, last);
    }
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        if (beginOf(middle) < before) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    arriveAt(first, node);
}

void LaneCursor::cutNode(const PyramidLevel& level, std::size_t node) {
    const std::int64_t* entry = level.entries + node * level.wordsPerEntry + 1;
    const auto extent = static_cast<double>(minus(level.endOf(node), level.beginOf(node)));
    const auto inside =
        static_cast<double>(minus(m_edges.ticksAt(m_edge), m_edges.ticksOf(level.beginOf(node))));
    const double part = extent > 0 ? std::clamp(inside / extent, 0.0, 256.0) : 0.0; // in ticks
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        const auto cut =
            static_cast<Ticks>(static_cast<double>(level.timeIn(node, slot)) * part + 0.5);
        m_sums[slot] = plus(toTicks(minus(entry[slot], m_excluded[slot])), cut);
    }
    m_isAtSpan = false;
    m_isInBar = false;
    m_isNewBar = false;
    m_quietUntil = std::numeric_limits<Nanoseconds>::min();
}

// Sums up to a span: from where the cursor stands, or from the node's nearer end.
void LaneCursor::arriveAt(std::size_t index, std::size_t node) {
    const PyramidLevel& level = m_levels[0];
    const std::size_t begin = node * level.spansPerNode;
    const std::size_t end = std::min(begin + level.spansPerNode, m_lane.count);
    const std::size_t nearest = std::min(index - begin, end - index);
    if (m_isAtSpan && m_index <= index && index - m_index <= nearest) {
        sumSpans(m_index, index, 1);
    } else {
        const bool isFromEnd = end - index < index - begin;
        const std::int64_t* entry =
            level.entries + (node + (isFromEnd ? 1 : 0)) * level.wordsPerEntry + 1;
        std::copy_n(entry, m_slots, m_full.begin());
        if (isFromEnd) {
            sumSpans(index, end, -1);
        } else {
            sumSpans(begin, index, 1);
        }
    }
    m_index = index;
    m_isAtSpan = true;
    settle();
}

void LaneCursor::sumSpans(std::size_t first, std::size_t last, std::int64_t sign) {
    constexpr std::size_t kAtOnce = 32;
    std::array<std::int64_t, kAtOnce> states;
    std::array<std::int64_t, kAtOnce> durations;
    std::size_t next = m_lane.first + first;
    const std::size_t end = m_lane.first + last;
    while (next < end) {
        const std::size_t inBlock = recording::kBlockValues - next % recording::kBlockValues;
        const std::size_t count = std::min({kAtOnce, inBlock, end - next});
        m_spans.state.packed().unpack(next, count, states.data());
        m_spans.duration.packed().unpack(next, count, durations.data());
        for (std::size_t i = 0; i < count; ++i) {
            const auto state = static_cast<std::size_t>(recording::StateColumn::stateOf(states[i]));
            std::int64_t& sum = m_full[m_slotOf[state]];
            sum = plus(sum, sign > 0 ? durations[i] : minus(0, durations[i]));
        }
        next += count;
    }
}

// What the span before the edge means for it: open or ended, wide or merged.
void LaneCursor::settle() {
    for (std::size_t slot = 0; slot < m_slots; ++slot) {
        m_sums[slot] = toTicks(minus(m_full[slot], m_excluded[slot]));
    }
    m_isInBar = false;
    m_isNewBar = false;
    const Nanoseconds next = m_index < m_lane.count ? beginOf(m_index) : kNever;
    m_quietUntil = next;
    if (m_index == 0) {
        return;
    }
    const std::size_t last = m_lane.first + m_index - 1;
    const Nanoseconds duration = m_spans.duration[last];
    const TimeRange range = m_spans.rangeAt(last);
    const Ticks left = minus(m_edges.ticksOf(range.endNs), m_edges.ticksAt(m_edge));
    const bool isOpen = range.endNs >= m_edges.ceilAt(m_edge) && left > 0;
    if (!isOpen) {
        return;
    }
    const std::size_t slot = m_slotOf[static_cast<std::size_t>(m_spans.state[last])];
    if (duration < m_edges.exactNs()) {
        m_sums[slot] = minus(m_sums[slot], left);
        m_quietUntil = std::numeric_limits<Nanoseconds>::min();
        return;
    }
    m_isInBar = true;
    m_quietUntil = range.endNs;
    if (m_bar != last) {
        m_isNewBar = true;
        m_bar = last;
        m_barRange = range;
        m_excluded[slot] = plus(m_excluded[slot], duration);
        m_sums[slot] = minus(m_sums[slot], toTicks(duration));
    }
}

} // namespace interleave::ui
