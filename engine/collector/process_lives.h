// SPDX-License-Identifier: GPL-3.0-or-later
// How long recorded processes lived. A thread that says nothing may sleep, or have been killed with
// its process; what the process' other threads, the kernel and the memory samples say tells which.
#pragma once

#include "engine/collector/core_time.h"
#include "engine/collector/stream_events.h"

#include <unordered_map>
#include <vector>

namespace interleave::collector {

class ProcessLives {
public:
    /// Of the streams of agents. `end` is where the recording ends; in a run that goes on, what
    /// gave a sign of life shortly before lives on.
    static ProcessLives build(const std::vector<StreamEvents>& streams, const CoreTime& cores,
                              Nanoseconds end, bool isLive);

    /// The begin and the last sign of life of a segment's process.
    TimeRange of(std::uint32_t segment) const;

private:
    std::unordered_map<std::uint32_t, TimeRange> m_lives; // by segment
};

} // namespace interleave::collector
