// SPDX-License-Identifier: GPL-3.0-or-later
// How a segment file lies on disk and in memory: one header page, then chunks of 4 KiB. A chunk
// belongs to one stream (254 events) or to the stream table (63 entries). Little-endian, like
// every machine we run on. Whoever reads one trusts nothing in it: see segment_reader.h.
//
// Invariant: bytes that nobody has written yet are 0, and 0 in the word that is written last
// (Event::word, ChunkHeader::owner, StreamEntry::id) means "not there yet".
#pragma once

#include "engine/record/clock.h"
#include "engine/record/event.h"

#include <cstddef>
#include <cstdint>

namespace interleave::record {

inline constexpr std::uint64_t kSegmentMagic = 0x0047'4553'564c'5449; // "ITLVSEG" and a zero
inline constexpr std::uint32_t kSegmentVersion = 1;
inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kChunkBytes = 4096;
inline constexpr std::uint32_t kEventsPerChunk = 254;
inline constexpr std::uint32_t kEntriesPerChunk = 63;
inline constexpr std::uint32_t kMaxStreams = 65'536;
inline constexpr std::uint32_t kMaxChunks = 1u << 22; // 16 GiB: more is a damaged file
inline constexpr std::uint32_t kTableOwner = 0xffff'ffffu;
inline constexpr std::size_t kNameBytes = 32; // the last one is always 0

/// Who writes a segment, and so whose numbers tasks, objects and steps have in it.
enum class WriterKind : std::uint32_t {
    Program = 0,      // a program of ours: the manifest's
    Agent = 1,        // the agent in a recorded program: the process' own, named in its streams
    AgentOfModel = 2, // the agent in a program that executes a scenario: the manifest's, and
                      // objects of its own (the GIL) from kFirstOwnObject on
    Reporter = 3,     // a program of ours that tells of threads elsewhere: its own, named in its
                      // streams, of which none is a task
};
inline constexpr std::uint32_t kFirstOwnObject = 0x7000;

/// Of a segment that holds what another host recorded: its stamps are ns of that host's monotonic
/// clock, and this is what they are in ns after the session's origin:
/// stamp + offsetNs + drift * (stamp - referenceNs).
struct HostTime {
    std::int64_t referenceNs = 0;
    std::int64_t offsetNs = 0;
    double drift = 0;

    constexpr std::int64_t sessionNs(std::uint64_t stamp) const {
        const auto ns = static_cast<std::int64_t>(stamp);
        return ns + offsetNs +
               static_cast<std::int64_t>(static_cast<double>(ns - referenceNs) * drift);
    }
};

/// One that can be replaced while others read it.
struct CheckedHostTime {
    std::int64_t referenceNs;
    std::int64_t offsetNs;
    std::uint64_t driftBits;
    std::uint64_t check; // 0: none yet

    constexpr std::uint64_t rightCheck() const {
        return (static_cast<std::uint64_t>(referenceNs) * 0x9e37'79b9'7f4a'7c15ULL) ^
               (static_cast<std::uint64_t>(offsetNs) * 0xc2b2'ae3d'27d4'eb4fULL) ^ driftBits ^
               kSegmentMagic;
    }
};

/// An anchor that can be replaced while others read it: a torn one has a wrong check word.
struct CheckedAnchor {
    std::uint64_t ticks;
    std::int64_t monotonicNs;
    std::uint64_t check;

    static constexpr std::uint64_t checkOf(std::uint64_t ticks, std::int64_t ns) {
        return (ticks * 0x9e37'79b9'7f4a'7c15ULL) ^ static_cast<std::uint64_t>(ns) ^ kSegmentMagic;
    }
    constexpr bool isWhole() const { return check == checkOf(ticks, monotonicNs); }
};

struct SegmentHeader {
    // Written once, before the file gets its name.
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t pid;
    std::uint64_t maximumBytes; // the size of the file, which is sparse
    std::uint64_t originTicks;  // the session's origin, the same in all its segments
    std::int64_t originNs;
    double nsPerTick;         // first estimate
    std::uint32_t clock;      // ClockKind
    std::uint32_t isRunner;   // 1: the process that made the session
    std::uint32_t isEnabled;  // 0: nothing is recorded
    std::uint32_t writerKind; // WriterKind
    char processName[kNameBytes];

    // Changes while the session runs. Each group has a cache line of its own.
    alignas(64) CheckedAnchor latest[2]; // the newer whole one counts
    std::uint32_t isFinished;            // the session is over, or this process' part of it
    std::uint32_t isClosed;              // its last writer has gone
    alignas(64) std::uint32_t nextChunk; // chunks handed out, may exceed capacityChunks a little
    alignas(64) std::uint32_t populatedChunks; // chunks that have memory behind them
    std::uint32_t capacityChunks;              // shrinks when the disk is full
    alignas(64) std::uint64_t droppedEvents;
    std::uint32_t streamCount;
    // Of the runner's segment: what the agents of all processes together may still take, by
    // fetch_sub before a piece is populated.
    alignas(64) std::int64_t agentBudgetBytes;
    // Of a segment that holds what another host recorded.
    alignas(64) CheckedHostTime hostTime[2]; // the one that `hostTimeSlot` names counts
    std::uint32_t hostTimeSlot;
    std::uint32_t host; // its number, 1-based; 0: this one
};
static_assert(sizeof(SegmentHeader) <= kPageBytes);

struct ChunkHeader {
    std::uint32_t owner;    // stream id, or kTableOwner; written last
    std::uint32_t sequence; // 0, 1, ... within its stream or within the table
    std::uint32_t closed;   // 0: open; n + 1: the writer has gone after n events
    std::uint32_t reserved[5];
};

struct EventChunk {
    ChunkHeader header;
    Event events[kEventsPerChunk];
};
static_assert(sizeof(EventChunk) == kChunkBytes);

struct StreamEntry {
    std::uint32_t id; // 1-based, dense; written last
    std::uint32_t tid;
    std::uint8_t role;  // StreamRole
    std::uint8_t clock; // ClockKind
    std::uint8_t reserved[6];
    std::uint64_t droppedEvents;
    std::uint32_t pid; // of a thread elsewhere; 0: the segment's
    std::uint32_t reserved2;
    char name[kNameBytes];
};
static_assert(sizeof(StreamEntry) == 64);

struct TableChunk {
    ChunkHeader header;
    StreamEntry entries[kEntriesPerChunk];
    std::uint8_t unused[32];
};
static_assert(sizeof(TableChunk) == kChunkBytes);

constexpr std::uint64_t chunkOffset(std::uint32_t index) {
    return kPageBytes + std::uint64_t{index} * kChunkBytes;
}

} // namespace interleave::record
