// SPDX-License-Identifier: GPL-3.0-or-later
// TraceFaults: counts what of a trace could not be understood or shown, by kind; becomes the
// recording's diagnostics.
#pragma once

#include "engine/recording/recording.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace interleave::chrome_trace {

enum class Fault : std::uint8_t {
    Malformed,        // not JSON, or not an object
    NoPhase,          // neither "ph" nor anything to guess it from
    NoTime,           // "ts" is missing or no number
    TimeOutOfRange,   // beyond what 64 bits of nanoseconds can hold
    NegativeDuration, // shown as empty
    EndWithoutBegin,  // E, e, F or f without what it ends
    BeginWithoutEnd,  // shown until the end of everything
    TooDeep,          // nested deeper than a track can be
    BadCounterValue,  // a counter's value that is no number
    ReusedIdentity,   // one pid or tid with several names
    Cut,              // the file ends in the middle
    DamagedArchive,   // .gz data that can't be unpacked to its end
    Count,
};

struct TraceFaults {
    std::array<std::uint64_t, static_cast<std::size_t>(Fault::Count)> counts{};
    std::map<char, std::uint64_t> unshown; // events of a phase that has no place on a timeline

    void add(Fault fault, std::uint64_t count = 1) {
        counts[static_cast<std::size_t>(fault)] += count;
    }
    void add(const TraceFaults& other);
    bool has(Fault fault) const { return counts[static_cast<std::size_t>(fault)] != 0; }

    std::vector<recording::Diagnostic> diagnostics() const;
};

} // namespace interleave::chrome_trace
