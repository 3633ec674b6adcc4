// SPDX-License-Identifier: GPL-3.0-or-later
// Nesting: from begins, ends and complete slices to rows with a depth. A row is deeper than every
// row that encloses it; rows that overlap without one enclosing the other get a depth each, so
// that nothing hides anything.
#pragma once

#include "engine/base/id.h"
#include "engine/chrome_trace/trace_faults.h"
#include "engine/recording/span_packer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace interleave::chrome_trace {

struct Row {
    Nanoseconds begin = 0;
    Nanoseconds duration = 0;
    std::uint64_t detail = 0;
    StringId name{};
    bool isUnfinished = false;
};

/// Gives depths to rows that come in order of begin, the longer first.
class DepthFinder {
public:
    static constexpr std::size_t kMostDepth = 4000;

    void clear() { m_top = 0; }
    /// The depth of the row, below kMostDepth; kMostDepth if it would be deeper.
    std::size_t depthOf(Nanoseconds begin, Nanoseconds end) {
        while (m_top != 0 && m_ends[m_top - 1] <= begin) {
            --m_top;
        }
        if (m_top == 0 || m_ends[m_top - 1] >= end) {
            return m_top < kMostDepth ? put(m_top, end) : kMostDepth;
        }
        return depthBeside(begin, end);
    }

private:
    std::size_t put(std::size_t depth, Nanoseconds end) {
        if (depth >= m_ends.size()) {
            m_ends.resize(depth + 1);
        }
        m_ends[depth] = end;
        m_top = std::max(m_top, depth + 1);
        return depth;
    }
    std::size_t depthBeside(Nanoseconds begin, Nanoseconds end);

    std::vector<Nanoseconds> m_ends; // index: depth; when its last row ends
    std::size_t m_top = 0;           // depths below may be in use
};

/// Second texts of spans: the args of the E event, where the B event has some too.
using DetailPairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Pairs begins with ends, in order of time.
class RowPairing {
public:
    RowPairing(std::vector<Row>& rows, TraceFaults& faults, DetailPairs& details)
        : m_rows(rows)
        , m_faults(faults)
        , m_details(details) {}

    void addComplete(const Row& row) { m_rows.push_back(row); }
    void begin(const Row& row);
    /// Ends the innermost open row, of that name if there is a name.
    void end(const Row& row);
    /// Lets what is still open reach to the end of everything.
    void finish(Nanoseconds end);

private:
    std::optional<std::size_t> findOpen(StringId name) const;

    std::vector<Row>& m_rows;
    TraceFaults& m_faults;
    DetailPairs& m_details;
    std::vector<std::size_t> m_open; // indices of rows
};

/// Sorts rows, finds their depths and packs them, as spans of the task or worker.
class RowPacker {
public:
    recording::SpanColumns pack(std::vector<Row>& rows, TaskId task, WorkerId worker,
                                TraceFaults& faults);
    recording::SpanPacker& packer() { return m_packer; }

private:
    recording::SpanPacker m_packer;
    DepthFinder m_depthFinder;
    std::vector<std::uint16_t> m_depths;
    std::vector<std::size_t> m_places; // index: depth; where its rows begin in m_order
    std::vector<std::uint32_t> m_order;
};

} // namespace interleave::chrome_trace
