// SPDX-License-Identifier: GPL-3.0-or-later
// The recorder's clock: the time stamp counter where it is invariant, CLOCK_MONOTONIC elsewhere.
// An anchor is a pair (ticks, monotonic ns) read together; two anchors far apart give the rate.
#pragma once

#include "engine/record/event.h"

#include <cstdint>

namespace interleave::record {

struct ClockAnchor {
    std::uint64_t ticks = 0;
    std::int64_t monotonicNs = 0;
};

struct Clock {
    ClockKind kind = ClockKind::Tsc;
    ClockAnchor origin;
    double nsPerTick = 1.0; // first estimate, exact enough for stamps that are made while running

    /// Chooses the clock of this machine and takes the origin. About 1 ms.
    static Clock start();
    /// Raw reading: TSC ticks or monotonic ns.
    std::uint64_t read() const;
    ClockAnchor readAnchor() const;
    std::uint64_t stampOfMonotonic(std::int64_t monotonicNs) const;
};

} // namespace interleave::record
