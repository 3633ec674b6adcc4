// SPDX-License-Identifier: GPL-3.0-or-later
// SegmentReader: reads one process' segment while it is being written, or after its writer's
// death. It copies with pread and maps nothing, so a file that is cut under its hands gives a
// short read and no SIGBUS; every number of the file is checked before it is used.
//
// Not thread-safe; one reader belongs to one thread.
#pragma once

#include "engine/base/result.h"
#include "engine/record/clock.h"
#include "engine/record/event.h"
#include "engine/record/segment_format.h"
#include "engine/record/writer.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace interleave::record {

/// What is known of a stream before its events.
struct StreamHeader {
    std::uint32_t segment = 0; // index in SessionReader::segments()
    std::uint32_t pid = 0;
    std::uint32_t id = 0; // 1-based within the segment
    std::uint32_t tid = 0;
    StreamInfo info; // its pid and tid only where they are not the writer's
};

struct SegmentInfo {
    std::filesystem::path path;
    std::uint32_t pid = 0;
    std::string processName;
    ClockKind clock = ClockKind::Tsc;
    ClockAnchor origin; // of the session
    ClockAnchor latest; // the newest anchor of this process; equals origin where there is none yet
    double nsPerTick = 1;  // first estimate, for when `latest` is too near the origin
    bool isRunner = false; // the process that made the session
    WriterKind writer = WriterKind::Program;
    bool isEnabled = true; // false: the session records no events
    bool isFinished = false;
    std::uint32_t host = 0; // whose events it holds; 0: this host's
    HostTime hostTime;      // of another host's
    std::uint64_t droppedEvents = 0;
    /// Empty, or a sentence that says what of the file could not be read.
    std::string damage;
};

/// Gets runs of events of one stream, in the order in which they were written. The span is valid
/// during the call only. Kinds and operands are as found: a damaged file may hold any.
using EventSink = std::function<void(const StreamHeader&, std::span<const Event>)>;

class SegmentReader {
public:
    /// `index` becomes StreamHeader::segment.
    static Result<SegmentReader> open(const std::filesystem::path& path, std::uint32_t index = 0);
    SegmentReader(SegmentReader&&) noexcept;
    SegmentReader& operator=(SegmentReader&&) noexcept;
    ~SegmentReader();

    /// Reads what was written since the last call, but no more than so many chunks that it has not
    /// seen before; returns the number of events.
    std::size_t poll(const EventSink& sink, std::uint32_t mostChunks = kMaxChunks);
    const SegmentInfo& info() const;
    /// Streams seen so far, by id - 1.
    const std::vector<StreamHeader>& streams() const;
    /// Events of a stream that were dropped for want of space, as of the last poll.
    std::uint64_t droppedOf(std::uint32_t streamId) const;

private:
    struct State;
    explicit SegmentReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace interleave::record
