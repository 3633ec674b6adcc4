// SPDX-License-Identifier: GPL-3.0-or-later
// ThreadPacker: from the slices of a thread, which lie in many pieces, to its packed spans.
#pragma once

#include "engine/chrome_trace/nesting.h"
#include "engine/chrome_trace/piece.h"

#include <span>
#include <vector>

namespace interleave::chrome_trace {

/// A group of slices with what its numbers mean.
struct NamedGroup {
    const Slice* first = nullptr;
    std::size_t count = 0;
    const StringId* names = nullptr; // index: Slice::name
    std::uint64_t detailBase = 0;    // offset of the piece in the text, less 1
};

/// The first and the last moment of the trace, on its own clock.
struct TraceTimes {
    Nanoseconds zero = 0;
    Nanoseconds end = 0;
};

/// Keeps its memory from one thread to the next.
class ThreadPacker {
public:
    recording::SpanColumns pack(std::span<const NamedGroup> groups, WorkerId worker,
                                TraceTimes times);

    TraceFaults faults; // of all threads so far
    DetailPairs details;

private:
    bool findDepths(std::span<const NamedGroup> groups);
    recording::SpanColumns packOrdered(std::span<const NamedGroup> groups, WorkerId worker,
                                       TraceTimes times);
    void makeRows(std::span<const NamedGroup> groups, TraceTimes times);

    RowPacker m_rowPacker;
    DepthFinder m_depthFinder;
    std::vector<std::uint8_t> m_depths;
    std::size_t m_depthCount = 0;
    std::vector<Row> m_unpaired;
    std::vector<Row> m_rows;
};

} // namespace interleave::chrome_trace
