// SPDX-License-Identifier: GPL-3.0-or-later
// StatePyramid: how long each state lasted, at every scale. Per lane (spans that don't overlap) it
// keeps, every `stride` spans, when the next span begins and the time spent in each state until
// then; a level above keeps every fourth of these. So a picture reads a number of nodes that
// follows its pixels, and the totals of any range are exact: two sums and a few spans at its ends.
// At most 2 bytes a span: the stride grows with the number of states that occur.
#pragma once

#include "engine/base/state.h"
#include "engine/base/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace interleave::recording {

using StateTimes = std::array<Nanoseconds, static_cast<std::size_t>(kStateCount)>;

/// What the levels of a lane look like; follows from the number of its spans alone.
struct PyramidShape {
    std::uint32_t stateMask = 0; // bit i: State i occurs
    std::uint32_t stride = 16;   // spans of a node of level 0

    static constexpr std::size_t kFanout = 4;
    /// The least stride with which the pyramid takes at most 2 bytes a span.
    static PyramidShape of(std::uint32_t stateMask);

    std::size_t stateCount() const;
    std::size_t wordsPerEntry() const { return 1 + stateCount(); }
    /// Nodes of a level; 0 where a lane of so many spans has no such level.
    std::size_t nodesAt(std::size_t spanCount, std::size_t level) const;
    std::size_t levelCount(std::size_t spanCount) const;
    /// All levels of one lane, in 64-bit words. A level has one entry more than nodes: its end.
    std::size_t wordsFor(std::size_t spanCount) const;
};

/// One level of one lane: entry e holds the begin of span e * stride * 4^level and the sums before.
struct PyramidLevel {
    const std::int64_t* entries = nullptr;
    std::size_t nodeCount = 0;
    std::size_t wordsPerEntry = 1;
    std::size_t spansPerNode = 1;

    Nanoseconds beginOf(std::size_t node) const { return entries[node * wordsPerEntry]; }
    /// The begin of the next node; of the last one the end of its last span.
    Nanoseconds endOf(std::size_t node) const { return entries[(node + 1) * wordsPerEntry]; }
    /// Time in the state of the given slot within the node.
    Nanoseconds timeIn(std::size_t node, std::size_t slot) const {
        return static_cast<Nanoseconds>(
            static_cast<std::uint64_t>(entries[(node + 1) * wordsPerEntry + 1 + slot]) -
            static_cast<std::uint64_t>(entries[node * wordsPerEntry + 1 + slot]));
    }
};

} // namespace interleave::recording
