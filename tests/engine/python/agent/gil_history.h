// SPDX-License-Identifier: GPL-3.0-or-later
// What the raw events of a process say of its GILs, in ns of CLOCK_MONOTONIC.
#pragma once

#include "tests/engine/python/agent/recorded_program.h"

namespace interleave::agent {

struct Hold {
    std::uint32_t object = 0;
    std::uint32_t tid = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0; // of the last of a thread: when its stream ends
    record::Acquisition how = record::Acquisition::Free;
    bool isForcedOut = false;
    bool isClosed = false;
    std::uint64_t beginStamp = 0, endStamp = 0;
};

struct GilMoment {
    std::uint32_t object = 0;
    std::uint32_t tid = 0;
    std::int64_t at = 0;
    std::uint32_t holder = 0;
};

struct GilHistory {
    std::vector<Hold> holds; // by begin
    std::vector<GilMoment> waits, dropRequests;
    std::vector<std::string> faults; // sequences that can't be

    std::int64_t heldBy(std::uint32_t tid, std::int64_t from, std::int64_t to) const;
    /// Holds of one GIL that overlap.
    std::size_t overlaps() const;
    std::vector<Hold> of(std::uint32_t tid, std::int64_t from, std::int64_t to) const;
};

GilHistory gilHistory(const RecordedProgram& program, const RecordedProcess& process);

std::int64_t median(std::vector<std::int64_t> values);

} // namespace interleave::agent
