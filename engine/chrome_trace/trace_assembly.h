// SPDX-License-Identifier: GPL-3.0-or-later
// TraceAssembly: from pieces to a recording. Matches up what the pieces numbered on their own,
// gives every event that is no slice to those who know its kind, and packs threads on all cores.
#pragma once

#include "engine/chrome_trace/async_tracks.h"
#include "engine/chrome_trace/piece.h"
#include "engine/chrome_trace/trace_counters.h"
#include "engine/chrome_trace/trace_flows.h"
#include "engine/chrome_trace/trace_threads.h"

#include <functional>
#include <span>
#include <string_view>

namespace interleave::chrome_trace {

class TraceAssembly {
public:
    /// `textBegin` is where offsets count from. The pieces must outlive the assembly.
    TraceAssembly(std::span<const Piece> pieces, const char* textBegin);

    recording::RecordingBuilder& builder() { return m_builder; }
    TraceFaults& faults() { return m_faults; }
    /// Puts everything into the builder.
    void assemble();

    Nanoseconds zeroNs() const { return m_times.zero; }
    std::uint64_t eventCount() const { return m_eventCount; }
    std::size_t shownThreads() const { return m_threads.shown().size(); }
    /// Whether any span or mark has a text.
    bool hasDetails() const { return m_hasDetails; }
    DetailPairs takeDetailPairs() { return std::move(m_details); }

private:
    void addNames();
    void addThreads();
    void collectPoints();
    void givePoints();
    void packThreads();
    void addMarks();
    Nanoseconds nextBegin(WorkerId worker, Nanoseconds timeNs) const;

    std::span<const Piece> m_pieces;
    const char* m_textBegin;
    recording::RecordingBuilder m_builder;
    TraceNames m_names{m_builder};
    TraceTimes m_times;
    TraceFaults m_faults;
    DetailPairs m_details;
    std::uint64_t m_eventCount = 0;
    bool m_hasDetails = false;
    std::vector<std::vector<StringId>> m_nameIds;      // index: piece, name + 1
    std::vector<std::vector<std::uint32_t>> m_keys;    // index: piece, key + 1
    std::vector<std::vector<std::size_t>> m_threadsOf; // index: piece, thread
    TraceThreads m_threads;
    std::vector<TracePoint> m_points; // in order of time
    AsyncTracks m_async;
    TraceCounters m_counters;
    TraceFlows m_flows;
    std::vector<recording::SpanColumns> m_columns; // index: worker - 1
};

} // namespace interleave::chrome_trace
