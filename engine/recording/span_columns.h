// SPDX-License-Identifier: GPL-3.0-or-later
// SpanColumns: the spans of one track, immutable and cheap to copy. Spans of one depth lie together
// in a lane, sorted by begin, and don't overlap; lane 0 comes first. Columns, lanes and pyramid are
// views of one piece of memory, the image, which is also how a track lies in an .ilv file: opening
// a file is mapping it.
#pragma once

#include "engine/recording/packed_column.h"
#include "engine/recording/span.h"
#include "engine/recording/state_pyramid.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace interleave::recording {

/// How many ids there are: what a column may refer to. Larger ids read as none.
struct IdLimits {
    std::size_t tasks = 0xffffffff;
    std::size_t workers = 0xffffffff;
    std::size_t strings = 0xffffffff; // the greatest StringId
};

struct SpanLane {
    std::size_t first = 0; // index of its first span
    std::size_t count = 0;
    std::size_t pyramidWord = 0; // where its levels begin
    std::size_t end() const { return first + count; }
};

/// State and marks share a column.
class StateColumn {
public:
    static constexpr std::int64_t kPreempted = 64;
    static constexpr std::int64_t kUnfinished = 128;

    StateColumn() = default;
    explicit StateColumn(PackedColumn column)
        : m_column(column) {}
    State operator[](std::size_t index) const { return stateOf(m_column.at(index)); }
    static State stateOf(std::int64_t value) {
        const std::int64_t state = value & 31;
        return state < kStateCount ? static_cast<State>(state) : State::Other;
    }
    const PackedColumn& packed() const { return m_column; }

private:
    PackedColumn m_column;
};

class SpanColumns {
public:
    static constexpr std::size_t kColumns = 9;

    NumberColumn<Nanoseconds> begin;
    NumberColumn<Nanoseconds> duration;
    StateColumn state;
    IdColumn<TaskId> task;
    IdColumn<WorkerId> worker;
    IdColumn<StringId> name;
    IdColumn<StringId> cause;
    NumberColumn<std::int16_t> core;
    NumberColumn<std::uint64_t> detail;

    std::size_t size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    Span at(std::size_t index) const;
    TimeRange rangeAt(std::size_t index) const { return rangeFrom(begin[index], duration[index]); }
    bool isPreempted(std::size_t index) const {
        return (state.packed().at(index) & StateColumn::kPreempted) != 0;
    }
    bool isUnfinished(std::size_t index) const {
        return (state.packed().at(index) & StateColumn::kUnfinished) != 0;
    }
    std::uint16_t depthAt(std::size_t index) const;
    bool isFlat() const { return m_lanes.size() <= 1; }

    /// Index = depth; a depth that does not occur has an empty lane.
    std::span<const SpanLane> lanes() const { return m_lanes; }
    /// Indices [first, last) of the spans of a lane that overlap the range; exact.
    std::pair<std::size_t, std::size_t> indicesIn(const SpanLane& lane, TimeRange range) const;
    /// Calls function(index) for every span that overlaps the range, lane after lane.
    template <class Function>
    void forEachIn(TimeRange range, Function&& function) const {
        for (const SpanLane& lane : m_lanes) {
            const auto [first, last] = indicesIn(lane, range);
            for (std::size_t i = first; i < last; ++i) {
                function(i);
            }
        }
    }
    /// The latest end of a span; 0 where there are none.
    Nanoseconds endNs() const;

    /// Time in each state within the range, over all lanes; exact, in O(lanes * log spans).
    StateTimes timesIn(TimeRange range) const;
    bool hasState(State wanted) const {
        return (m_shape.stateMask >> static_cast<unsigned>(wanted) & 1U) != 0;
    }
    const PyramidShape& pyramidShape() const { return m_shape; }
    /// The states of the pyramid's slots, in order.
    std::span<const State> pyramidStates() const { return {m_states.data(), m_shape.stateCount()}; }
    /// Levels from the finest (0) to the coarsest; none for a lane of few spans.
    std::size_t levelCount(const SpanLane& lane) const { return m_shape.levelCount(lane.count); }
    PyramidLevel level(const SpanLane& lane, std::size_t level) const;

    /// Walks a lane in order of time: merged(extent, level, node) for nodes that
    /// overlap the range and are shorter than `mergeNs`, single(index) for the spans of all others.
    /// Spans outside of the range may come too where they share a node with one inside.
    template <class Merged, class Single>
    void walk(const SpanLane& lane, TimeRange range, Nanoseconds mergeNs, Merged&& merged,
              Single&& single) const;

    /// The bytes of everything, as they are written to a file.
    std::span<const std::byte> image() const { return m_image; }
    /// Takes an image, which `owner` keeps alive and which must begin at a multiple of 8. None if
    /// its parts do not fit together; any content of a fitting one is safe to read.
    static std::optional<SpanColumns> fromImage(std::span<const std::byte> image,
                                                std::shared_ptr<const void> owner,
                                                const IdLimits& limits);
    /// The same spans with other limits of their ids.
    void setLimits(const IdLimits& limits);

private:
    static TimeRange rangeFrom(Nanoseconds begin, Nanoseconds duration) {
        // Damaged numbers must not overflow; wrapping is as good as anything.
        return {begin, static_cast<Nanoseconds>(static_cast<std::uint64_t>(begin) +
                                                static_cast<std::uint64_t>(duration))};
    }
    void addTimesBefore(const SpanLane& lane, Nanoseconds time, StateTimes& times,
                        std::int64_t sign) const;
    std::size_t lastStartingBefore(const SpanLane& lane, Nanoseconds time) const;

    template <class Merged, class Single>
    void walkNode(const SpanLane& lane, std::size_t levelIndex, std::size_t node, TimeRange range,
                  Nanoseconds mergeNs, Merged& merged, Single& single) const;

    std::shared_ptr<const void> m_owner;
    std::span<const std::byte> m_image;
    std::vector<SpanLane> m_lanes;
    std::array<State, static_cast<std::size_t>(kStateCount)> m_states{};
    const std::int64_t* m_pyramid = nullptr;
    PyramidShape m_shape;
    std::size_t m_size = 0;
};

template <class Merged, class Single>
void SpanColumns::walk(const SpanLane& lane, TimeRange range, Nanoseconds mergeNs, Merged&& merged,
                       Single&& single) const {
    const std::size_t levels = levelCount(lane);
    if (levels == 0) {
        const auto [first, last] = indicesIn(lane, range);
        for (std::size_t i = first; i < last; ++i) {
            single(i);
        }
        return;
    }
    const std::size_t top = level(lane, levels - 1).nodeCount;
    for (std::size_t node = 0; node < top; ++node) {
        walkNode(lane, levels - 1, node, range, mergeNs, merged, single);
    }
}

template <class Merged, class Single>
void SpanColumns::walkNode(const SpanLane& lane, std::size_t levelIndex, std::size_t node,
                           TimeRange range, Nanoseconds mergeNs, Merged& merged,
                           Single& single) const {
    const PyramidLevel here = level(lane, levelIndex);
    const TimeRange extent{here.beginOf(node), here.endOf(node)};
    if (!extent.overlaps(range)) {
        return;
    }
    if (static_cast<std::uint64_t>(extent.endNs) - static_cast<std::uint64_t>(extent.beginNs) <
        static_cast<std::uint64_t>(mergeNs)) {
        merged(extent, here, node);
        return;
    }
    if (levelIndex > 0) {
        const std::size_t below = level(lane, levelIndex - 1).nodeCount;
        const std::size_t last = std::min((node + 1) * PyramidShape::kFanout, below);
        for (std::size_t child = node * PyramidShape::kFanout; child < last; ++child) {
            walkNode(lane, levelIndex - 1, child, range, mergeNs, merged, single);
        }
        return;
    }
    const std::size_t last = std::min((node + 1) * here.spansPerNode, lane.count);
    for (std::size_t i = node * here.spansPerNode; i < last; ++i) {
        single(lane.first + i);
    }
}

} // namespace interleave::recording
