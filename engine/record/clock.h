// SPDX-License-Identifier: GPL-3.0-or-later
// The recorder's clock: the time stamp counter where it is invariant, CLOCK_MONOTONIC elsewhere.
// An anchor is a pair (ticks, monotonic ns) read together; two anchors far apart give the rate.
#pragma once

#include "engine/record/event.h"

#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace interleave::record {

struct ClockAnchor {
    std::uint64_t ticks = 0;
    std::int64_t monotonicNs = 0;
};

/// ns of CLOCK_MONOTONIC.
inline std::int64_t monotonicNow() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Raw reading of a clock: TSC ticks or monotonic ns. The TSC is not fenced: a fence costs as much
/// again, and a stamp that is a few instructions early harms nobody.
inline std::uint64_t readTicks(ClockKind kind) {
#if defined(__x86_64__)
    if (kind == ClockKind::Tsc) [[likely]] {
        return __rdtsc();
    }
#else
    static_cast<void>(kind);
#endif
    return static_cast<std::uint64_t>(monotonicNow());
}

struct Clock {
    ClockKind kind = ClockKind::Tsc;
    ClockAnchor origin;
    double nsPerTick = 1.0; // first estimate, exact enough for stamps that are made while running

    /// Chooses the clock of this machine and takes the origin. About 1 ms.
    static Clock start();
    /// Raw reading: TSC ticks or monotonic ns.
    std::uint64_t read() const { return readTicks(kind); }
    /// Both clocks at one moment, to some tens of ns: the tightest of 20 readings.
    ClockAnchor readAnchor() const;
    /// The stamp (relative to the origin) of a moment; 0 for moments before the origin.
    std::uint64_t stampOfMonotonic(std::int64_t monotonicNs) const;
};

/// Whether the kernel says that the TSC ticks at one rate, in sleep states too. `cpuinfo` is the
/// text of /proc/cpuinfo; all processors must have the flags.
bool hasInvariantTsc(const char* cpuinfo);

} // namespace interleave::record
