// SPDX-License-Identifier: GPL-3.0-or-later
// SessionReader: all segments of a session folder, those that appear later included, on one time
// scale. It knows nothing of what events mean: that is the collector's work.
//
// Not thread-safe; one reader belongs to one thread.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/record/segment_reader.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace interleave::record {

class SessionReader {
public:
    /// The folder must exist; it need not hold a segment yet.
    static Result<SessionReader> open(const std::filesystem::path& folder);
    SessionReader(SessionReader&&) noexcept;
    SessionReader& operator=(SessionReader&&) noexcept;
    ~SessionReader();

    /// Looks for new segments and reads what was written since the last call; returns the number
    /// of events. A file that is no segment is passed over and named in problems(). Who has to
    /// bound what it takes at once says how many chunks of each segment; as long as there are
    /// events the next call has more.
    std::size_t poll(const EventSink& sink, std::uint32_t mostChunks = kMaxChunks);

    /// True when the process that made the session has marked it as finished. What it had written
    /// by then is delivered by the poll that first returns with this true, or by an earlier one.
    bool isFinished() const;
    /// By StreamHeader::segment.
    const std::vector<SegmentInfo>& segments() const;
    /// Events dropped for want of space, in all segments.
    std::uint64_t droppedEvents() const;
    /// Sentences about files or parts of files that could not be read.
    const std::vector<std::string>& problems() const;

    /// The moment of a stamp in ns after the session's origin, exact to the quality of the two
    /// anchors (tens of ns). For TSC streams it becomes a little more exact with every poll of a
    /// session that is being written, so convert late rather than early.
    Nanoseconds sessionNs(const StreamHeader& stream, std::uint64_t stamp) const;
    /// The same without a stream.
    Nanoseconds sessionNs(ClockKind clock, std::uint64_t stamp) const;
    /// ns of CLOCK_MONOTONIC at the session's origin; 0 before a segment was seen.
    std::int64_t originMonotonicNs() const;

private:
    struct State;
    explicit SessionReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace interleave::record
