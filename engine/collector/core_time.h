// SPDX-License-Identifier: GPL-3.0-or-later
// When each thread was on a core, from the kernel's switches.
#pragma once

#include "engine/collector/stream_events.h"

#include <unordered_map>
#include <vector>

namespace interleave::collector {

/// A thread on a core, from its switch in to its switch out.
struct CoreSlice {
    TimeRange range;
    std::int16_t core = -1;
    bool isPreempted = false; // how it ended
    bool isEndSeen = true;    // false: it was still there at the end, or the end was lost
};

struct CoreTime {
    /// By thread, in order, without overlap.
    std::unordered_map<std::uint32_t, std::vector<CoreSlice>> byThread;
    bool isKnown = false; // whether there were any switches at all
    std::uint64_t lostSwitches = 0;
};

/// Pairs the switches of all kernel streams. A thread whose first event is a departure was on its
/// core from the beginning. Where one half is lost, the slice is bounded by the next thing that is
/// known: another thread on that core, or this thread elsewhere. O(n log n).
CoreTime pairSwitches(const std::vector<StreamEvents>& streams, Nanoseconds endNs,
                      Oddities& oddities);

} // namespace interleave::collector
