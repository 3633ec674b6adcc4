// SPDX-License-Identifier: GPL-3.0-or-later
// Piece: the events of a part of a trace, read without knowing the rest. Slices are sorted into
// threads; names and threads have numbers of the piece's own, which are matched up later.
#pragma once

#include "engine/chrome_trace/event_stream.h"
#include "engine/chrome_trace/name_table.h"
#include "engine/chrome_trace/slice.h"
#include "engine/chrome_trace/trace_faults.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace interleave::chrome_trace {

struct ThreadKey {
    Identity pid{};
    Identity tid{};
    friend bool operator==(const ThreadKey&, const ThreadKey&) = default;
};

/// An event that is neither X, B nor E. Rare, so wider.
struct OtherEvent {
    char phase = 0;
    char scope = 0;
    char idKind = 0; // 'l', 'g'; 'b': a "bind_id"; 0: an "id"
    bool bindsEnclosing = false;
    std::uint32_t thread = 0;   // the piece's number
    std::uint32_t name = 0;     // its number in names + 1; 0: none
    std::uint32_t category = 0; // in keys, + 1
    std::uint32_t id = 0;       // in keys, + 1
    std::uint32_t idScope = 0;  // in keys, + 1
    Decimal time{};
    std::string_view args{};  // empty if there are none
    std::uint64_t detail = 0; // offset of the event in the text; 0: no args
};

/// The slices of one thread in a piece, in order of the file.
struct SliceGroup {
    std::uint32_t thread = 0; // the piece's number
    const Slice* first = nullptr;
    std::size_t count = 0;
};

struct Piece {
    const char* begin = nullptr;
    const char* stop = nullptr; // where the next event begins, or behind the bracket
    StreamEnd end = StreamEnd::Reached;
    bool isWithoutMemory = false; // there was none for its slices
    std::vector<ThreadKey> threads;
    std::vector<SliceGroup> groups;
    std::vector<OtherEvent> others;
    NameTable names;
    NameTable keys;
    TraceFaults faults;
    std::uint64_t eventCount = 0;
    bool hasDetails = false; // some event has args
    Nanoseconds earliest = std::numeric_limits<Nanoseconds>::max();
    Nanoseconds latest = std::numeric_limits<Nanoseconds>::min();
};

/// Reads pieces, one after the other; keeps its memory and the shapes it has learnt.
class PieceReader {
public:
    /// Reads events from `begin` (between events) until one begins at or behind `end`. Nothing is
    /// read behind `limit`, which is the end of the text or, for a piece whose begin is a guess,
    /// somewhere behind `end`.
    Piece read(std::string_view text, const char* begin, const char* end, const char* limit,
               SliceArena& arena);

private:
    void take(const Event& event);
    void takeSlice(const Event& event, std::uint32_t thread);
    void takeFlows(const Event& event, std::uint32_t thread);
    void takeOther(const Event& event, std::uint32_t thread);
    bool checkTime(const Event& event);
    std::uint32_t threadOf(const Event& event);
    std::size_t placeOf(std::int64_t pid, std::int64_t tid) const;
    std::uint32_t addThread(const ThreadKey& key);
    void growNumbered();
    bool sortIntoThreads(SliceArena& arena);

    static constexpr std::uint32_t kNoThread = 0xffffffff;
    struct NumberedThread {
        std::int64_t pid = 0;
        std::int64_t tid = 0;
        std::uint32_t number = kNoThread;
    };

    ShapedReader m_reader;
    Piece m_piece;
    const char* m_textBegin = nullptr;
    std::vector<Slice> m_slices;
    std::vector<std::uint32_t> m_threadOfSlice;
    std::vector<std::size_t> m_sliceCounts; // index: thread
    std::vector<NumberedThread> m_numbered; // threads with numbers: a flat hash table, half empty
    std::unordered_map<std::string, std::uint32_t> m_named; // the others
};

} // namespace interleave::chrome_trace
