// SPDX-License-Identifier: GPL-3.0-or-later
// Segment: this process' segment file as its writers see it: mapped shared, so that what was
// written outlives the process, and handed out in chunks. Memory stands behind every chunk before
// it is handed out, so a full disk shows as a refused chunk and never as a signal.
//
// Atomics (all in the shared header, see segment_format.h):
// - nextChunk: fetch_add hands out chunks; relaxed, because a chunk's contents are published by
//   its own words.
// - populatedChunks: release by populate(), acquire by takeChunk(): whoever sees a chunk as
//   populated may write to it.
// - capacityChunks: relaxed; a stale value only delays a refusal or a return of space.
// - ChunkHeader::owner, StreamEntry::id: release by the writer, pair with the reader's copies.
// - droppedEvents, latest, isFinished: relaxed counters and marks for readers; isFinished is
//   stored with release after everything else.
//
// Fork: a child gets private zeroed memory in place of the mapping (see the fork handler in
// segment.cpp), so inherited writers find no capacity and change nothing that anybody reads.
#pragma once

#include "engine/base/result.h"
#include "engine/record/clock.h"
#include "engine/record/segment_format.h"
#include "engine/record/writer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace interleave::record {

struct SegmentOptions {
    std::size_t populatedBytes = 0;
    std::size_t maximumBytes = 0;
    bool isRunner = false;
    bool isEnabled = true;
    std::int64_t agentBudgetBytes = 0; // of the runner's segment
    WriterKind writer = WriterKind::Program;
    std::uint32_t host = 0; // whose events it will hold, see HostTime; 0: this one's
};

class Segment {
public:
    /// Makes <pid>.seg in the folder; "<pid>-2.seg" and so on where the pid has been there before.
    static Result<std::shared_ptr<Segment>>
    create(const std::filesystem::path& folder, const Clock& clock, const SegmentOptions& options);
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;
    ~Segment();

    const std::string& fileName() const { return m_fileName; }
    const Clock& clock() const { return m_clock; }
    bool isEnabled() const { return m_isEnabled; }

    /// A chunk with memory behind it, or null when the segment is full. Any thread.
    EventChunk* takeChunk();
    /// A free entry of the stream table, filled in and published; null when there is no space for
    /// it. `id` becomes its id. Any thread.
    StreamEntry* addStream(const StreamInfo& info, std::uint32_t tid, std::uint32_t& id);
    void countDropped() noexcept;

    /// Puts memory behind the chunks up to `bytes` beyond the ones handed out, a piece at a time;
    /// tries anew where it had failed for want of space. Called now and then by one thread.
    void populateAhead(std::size_t bytes);
    void refreshAnchor();
    void finish();
    /// Of another host's segment: what is known of its clock now; counts for all its events.
    void setHostTime(const HostTime& time);
    std::uint64_t droppedEvents() const;
    /// What the agents may still take; 0 or less: they have been refused.
    std::int64_t agentBudgetLeft() const;
    /// Bytes handed out to writers of this segment.
    std::uint64_t usedBytes() const;

private:
    Segment(const Clock& clock, std::byte* base, std::size_t bytes, int fd, std::string fileName,
            bool isEnabled);
    SegmentHeader& header() const;
    EventChunk* chunk(std::uint32_t index) const;
    bool populate(std::uint32_t firstChunk, std::uint32_t lastChunk);
    bool populateTo(std::uint32_t chunks);
    void becomePrivate();
    static void registerForFork(Segment* segment);
    static void unregister(Segment* segment);
    friend struct ForkList;

    Clock m_clock;
    std::byte* m_base;
    std::size_t m_bytes;
    int m_fd;
    std::string m_fileName;
    bool m_isEnabled;
    std::uint32_t m_maximumChunks;
    std::mutex m_populateMutex;     // one thread at a time fills memory and moves the marks
    std::mutex m_streamMutex;       // one thread at a time adds a stream
    std::uint32_t m_tableCount = 0; // chunks of the stream table
    TableChunk* m_table = nullptr;  // the last of them
    std::mutex m_anchorMutex;
    unsigned m_anchorSlot = 0;
    Segment* m_nextInProcess = nullptr; // of the fork handler's list
};

} // namespace interleave::record
