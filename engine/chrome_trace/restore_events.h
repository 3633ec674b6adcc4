// SPDX-License-Identifier: GPL-3.0-or-later
// RestorePiece: the events of a part of an export, read without knowing the rest. Spans are packed
// at once; their names have numbers of the piece's own, which are matched up later.
#pragma once

#include "engine/chrome_trace/event_stream.h"
#include "engine/chrome_trace/name_table.h"
#include "engine/chrome_trace/restore_head.h"
#include "engine/recording/span_packer.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace interleave::chrome_trace {

/// Track kind and subject in one number.
using TrackKey = std::uint64_t;
constexpr TrackKey trackKey(recording::TrackKind kind, std::uint32_t subject) {
    return static_cast<TrackKey>(kind) << 32 | subject;
}

/// Numbers of names in pieces: 0 none; up to kRawNames the piece's own number + 1; beyond, the
/// number of a text in the head.
inline constexpr std::uint32_t kRawNames = 1U << 31;

/// So many lanes are no burden, whatever lies in them.
inline constexpr std::size_t kPlainDepth = 32;

struct RestoredPoint {
    std::size_t counter = 0;
    Nanoseconds timeNs = 0;
    double value = 0;
};

struct RestorePiece {
    StreamStop stop{};
    NameTable names;
    std::vector<std::pair<TrackKey, recording::SpanColumns>> spans;
    /// Of tracks that are deeper than the piece has spans of them: packed, each lane would cost
    /// memory, and a damaged file may claim any depth.
    std::vector<std::pair<TrackKey, std::vector<recording::Span>>> deepSpans;
    std::vector<recording::Link> links;
    std::vector<recording::Mark> marks;
    std::vector<recording::MessageEvent> messages;
    std::vector<recording::Switch> switches;
    std::vector<RestoredPoint> points;
    TraceFaults faults;
    bool hasDetails = false;
};

/// What all pieces share.
class RestoreLookup {
public:
    explicit RestoreLookup(const RestoredHead& head);
    /// The track of a thread; none for threads of links that happened nowhere.
    const RestoredThread* thread(const Event& event) const;
    /// The counter with such events.
    std::size_t counter(const Event& event) const; // head.counters.size(): none
    const RestoredHead& head() const { return m_head; }

private:
    const RestoredHead& m_head;
    std::unordered_map<std::uint64_t, std::size_t> m_threads;
    std::unordered_map<std::string, std::size_t> m_counters;
};

/// Reads the events from `begin` until one begins at or behind `end`.
RestorePiece readPiece(const RestoreLookup& lookup, const char* textBegin, const char* begin,
                       const char* end, const char* limit);

} // namespace interleave::chrome_trace
