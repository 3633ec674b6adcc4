// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_columns.h"

#include "engine/recording/span_image.h"

#include <algorithm>

namespace interleave::recording {

namespace {

/// Cuts parts off the front of an image; none when it is too short.
class ImageCutter {
public:
    explicit ImageCutter(std::span<const std::byte> image)
        : m_rest(image) {}

    template <class T>
    std::optional<std::span<const T>> take(std::uint64_t count) {
        if (count > m_rest.size() / sizeof(T)) {
            return std::nullopt;
        }
        const auto* first = reinterpret_cast<const T*>(m_rest.data());
        m_rest = m_rest.subspan(static_cast<std::size_t>(count) * sizeof(T));
        return std::span<const T>(first, static_cast<std::size_t>(count));
    }
    bool isAtEnd() const { return m_rest.empty(); }

private:
    std::span<const std::byte> m_rest;
};

/// Adds or subtracts; damaged numbers wrap.
void add(Nanoseconds& sum, Nanoseconds value, std::int64_t sign) {
    sum = static_cast<Nanoseconds>(static_cast<std::uint64_t>(sum) +
                                   static_cast<std::uint64_t>(sign) *
                                       static_cast<std::uint64_t>(value));
}

/// Whether every value of the column lies within its data.
bool isSound(std::span<const PackedBlock> blocks, std::uint64_t dataBytes, std::uint64_t count) {
    const std::uint64_t full = (count + kBlockValues - 1) / kBlockValues;
    if (blocks.size() != full && blocks.size() != 1) {
        return false;
    }
    if (blocks.size() == 1 && full > 1) {
        return blocks[0].bits() == 0;
    }
    return std::ranges::all_of(blocks, [&](const PackedBlock& block) {
        const std::uint64_t bits = block.bits();
        if (bits == 0) {
            return true;
        }
        const bool isWidth = bits <= 56 || bits == 64;
        const std::uint64_t needed = (kBlockValues * bits + 7) / 8 + 8;
        // The last block may hold fewer values; reading them is bounded by its true count.
        const bool isLast = &block == &blocks.back();
        const std::uint64_t values = isLast ? count - (full - 1) * kBlockValues : kBlockValues;
        const std::uint64_t least = isLast ? (values * bits + 7) / 8 + 8 : needed;
        return isWidth && block.offset() <= dataBytes && least <= dataBytes - block.offset();
    });
}

} // namespace

Span SpanColumns::at(std::size_t index) const {
    return {.range = rangeAt(index),
            .state = state[index],
            .task = task[index],
            .worker = worker[index],
            .core = core[index],
            .name = name[index],
            .cause = cause[index],
            .depth = depthAt(index),
            .isPreempted = isPreempted(index),
            .isUnfinished = isUnfinished(index),
            .detail = detail[index]};
}

std::uint16_t SpanColumns::depthAt(std::size_t index) const {
    if (isFlat()) {
        return 0;
    }
    const auto after = std::ranges::upper_bound(m_lanes, index, {}, &SpanLane::first);
    return static_cast<std::uint16_t>(after - m_lanes.begin() - 1);
}

std::size_t SpanColumns::lastStartingBefore(const SpanLane& lane, Nanoseconds time) const {
    // The number of spans of the lane that begin before the time. The pyramid's coarse levels are
    // small and stay in the cache, so the search begins there.
    std::size_t low = 0;
    std::size_t high = lane.count;
    for (std::size_t i = levelCount(lane); i-- > 0;) {
        const PyramidLevel here = level(lane, i);
        std::size_t first = low / here.spansPerNode;
        std::size_t last =
            std::min((high + here.spansPerNode - 1) / here.spansPerNode, here.nodeCount);
        while (first < last) { // the first node that begins at or after the time
            const std::size_t middle = first + (last - first) / 2;
            if (here.beginOf(middle) < time) {
                first = middle + 1;
            } else {
                last = middle;
            }
        }
        low = std::max(low, first == 0 ? 0 : (first - 1) * here.spansPerNode);
        high = std::min(high, first * here.spansPerNode);
    }
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (begin[lane.first + middle] < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

std::pair<std::size_t, std::size_t> SpanColumns::indicesIn(const SpanLane& lane,
                                                           TimeRange range) const {
    if (range.isEmpty() || lane.count == 0) {
        return {lane.first, lane.first};
    }
    const std::size_t last = lane.first + lastStartingBefore(lane, range.endNs);
    std::size_t first = lane.first + lastStartingBefore(lane, range.beginNs);
    if (first > lane.first && rangeAt(first - 1).endNs > range.beginNs) {
        --first;
    }
    return {std::min(first, last), last};
}

Nanoseconds SpanColumns::endNs() const {
    Nanoseconds end = 0;
    for (const SpanLane& lane : m_lanes) {
        if (lane.count != 0) {
            end = std::max(end, rangeAt(lane.end() - 1).endNs);
        }
    }
    return end;
}

PyramidLevel SpanColumns::level(const SpanLane& lane, std::size_t levelIndex) const {
    PyramidLevel found{.entries = m_pyramid + lane.pyramidWord,
                       .nodeCount = (lane.count + m_shape.stride - 1) / m_shape.stride,
                       .wordsPerEntry = m_shape.wordsPerEntry(),
                       .spansPerNode = m_shape.stride};
    for (std::size_t i = 0; i < levelIndex; ++i) {
        found.entries += (found.nodeCount + 1) * found.wordsPerEntry;
        found.nodeCount = (found.nodeCount + PyramidShape::kFanout - 1) / PyramidShape::kFanout;
        found.spansPerNode *= PyramidShape::kFanout;
    }
    return found;
}

void SpanColumns::addTimesBefore(const SpanLane& lane, Nanoseconds time, StateTimes& times,
                                 std::int64_t sign) const {
    const std::size_t begun = lastStartingBefore(lane, time);
    std::size_t next = 0;
    if (levelCount(lane) != 0 && begun != 0) {
        const PyramidLevel finest = level(lane, 0);
        const std::size_t node = (begun - 1) / finest.spansPerNode;
        const std::int64_t* sums = finest.entries + node * finest.wordsPerEntry + 1;
        for (std::size_t slot = 0; slot < m_shape.stateCount(); ++slot) {
            add(times[static_cast<std::size_t>(m_states[slot])], sums[slot], sign);
        }
        next = node * finest.spansPerNode;
    }
    for (std::size_t i = next; i < begun; ++i) {
        const TimeRange range = rangeAt(lane.first + i);
        const Nanoseconds end = std::min(range.endNs, time);
        Nanoseconds& inState = times[static_cast<std::size_t>(state[lane.first + i])];
        add(inState, end, sign);
        add(inState, range.beginNs, -sign);
    }
}

StateTimes SpanColumns::timesIn(TimeRange range) const {
    StateTimes times{};
    if (range.isEmpty()) {
        return times;
    }
    for (const SpanLane& lane : m_lanes) {
        addTimesBefore(lane, range.endNs, times, 1);
        addTimesBefore(lane, range.beginNs, times, -1);
    }
    return times;
}

void SpanColumns::setLimits(const IdLimits& limits) {
    task = {task.packed(), limits.tasks};
    worker = {worker.packed(), limits.workers};
    name = {name.packed(), limits.strings};
    cause = {cause.packed(), limits.strings};
}

std::optional<SpanColumns> SpanColumns::fromImage(std::span<const std::byte> image,
                                                  std::shared_ptr<const void> owner,
                                                  const IdLimits& limits) {
    ImageCutter cutter(image);
    const auto header = cutter.take<ImageHeader>(1);
    if (!header) {
        return std::nullopt;
    }
    const ImageHeader& head = header->front();
    const auto laneBegins = cutter.take<std::uint64_t>(head.laneCount);
    if (!laneBegins || (head.stateMask >> kStateCount) != 0) {
        return std::nullopt;
    }
    std::array<std::span<const PackedBlock>, kColumns> blocks;
    std::array<PackedColumn, kColumns> columns;
    for (std::size_t i = 0; i < kColumns; ++i) {
        const auto taken = cutter.take<PackedBlock>(head.columns[i].blockCount);
        if (!taken || head.columns[i].dataBytes % 8 != 0 ||
            (head.spanCount != 0 && !isSound(*taken, head.columns[i].dataBytes, head.spanCount))) {
            return std::nullopt;
        }
        blocks[i] = *taken;
    }
    for (std::size_t i = 0; i < kColumns; ++i) {
        const auto data = cutter.take<std::byte>(head.columns[i].dataBytes);
        if (!data) {
            return std::nullopt;
        }
        columns[i] = PackedColumn(blocks[i], data->data(), head.spanCount);
    }
    const auto pyramid = cutter.take<std::int64_t>(head.pyramidWords);
    if (!pyramid || !cutter.isAtEnd()) {
        return std::nullopt;
    }

    SpanColumns spans;
    spans.m_shape = PyramidShape::of(head.stateMask);
    std::size_t words = 0;
    for (std::size_t i = 0; i < head.laneCount; ++i) {
        const std::uint64_t first = (*laneBegins)[i];
        const std::uint64_t end = i + 1 < head.laneCount ? (*laneBegins)[i + 1] : head.spanCount;
        if (first > end || end > head.spanCount || (i == 0 && first != 0)) {
            return std::nullopt;
        }
        spans.m_lanes.push_back({first, end - first, words});
        words += spans.m_shape.wordsFor(end - first);
    }
    if (words != head.pyramidWords || (head.laneCount == 0 && head.spanCount != 0)) {
        return std::nullopt;
    }
    std::size_t slot = 0;
    for (unsigned i = 0; i < static_cast<unsigned>(kStateCount); ++i) {
        if ((head.stateMask >> i & 1U) != 0) {
            spans.m_states[slot++] = static_cast<State>(i);
        }
    }
    spans.begin = NumberColumn<Nanoseconds>(columns[0]);
    spans.duration = NumberColumn<Nanoseconds>(columns[1]);
    spans.state = StateColumn(columns[2]);
    spans.task = {columns[3], limits.tasks};
    spans.worker = {columns[4], limits.workers};
    spans.name = {columns[5], limits.strings};
    spans.cause = {columns[6], limits.strings};
    spans.core = NumberColumn<std::int16_t>(columns[7]);
    spans.detail = NumberColumn<std::uint64_t>(columns[8]);
    spans.m_pyramid = pyramid->data();
    spans.m_size = head.spanCount;
    spans.m_image = image;
    spans.m_owner = std::move(owner);
    return spans;
}

} // namespace interleave::recording
