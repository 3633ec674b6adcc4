// SPDX-License-Identifier: GPL-3.0-or-later
// AsyncTracks: async events (b n e, and the older S T p F) become tasks, that is operations that
// belong to no thread. Each has a track of its own; where they are too many, those of one name
// share one.
#pragma once

#include "engine/chrome_trace/nesting.h"
#include "engine/chrome_trace/trace_names.h"
#include "engine/chrome_trace/trace_point.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace interleave::chrome_trace {

/// Where what is found on the way goes.
struct TraceNotes {
    TraceFaults& faults;
    DetailPairs& details;
};

class AsyncTracks {
public:
    static constexpr std::size_t kMostTracks = 5000;

    /// In order of time.
    void add(const TracePoint& point) { m_operations[point.key].push_back(point); }
    /// Adds tasks with their spans and marks. `end` is that of the recording.
    void addTo(recording::RecordingBuilder& builder, TraceNames& names, Nanoseconds end,
               TraceNotes notes);
    std::uint32_t taskCount() const { return m_taskCount; }

private:
    using Points = std::vector<TracePoint>;
    struct Operation {
        StringId name{}; // of its first begin
        const Points* points = nullptr;
    };

    std::vector<Operation> operations() const;
    void addTask(recording::RecordingBuilder& builder, TraceNames& names,
                 std::span<const Operation> operations, Nanoseconds end, TraceNotes notes);

    std::map<PointKey, Points> m_operations;
    RowPacker m_packer;
    std::vector<Row> m_rows;
    std::uint32_t m_taskCount = 0;
};

} // namespace interleave::chrome_trace
