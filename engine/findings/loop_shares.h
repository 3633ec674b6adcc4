// SPDX-License-Identifier: GPL-3.0-or-later
// What an event loop's thread did in one piece, and who was ready meanwhile.
#pragma once

#include "engine/findings/evidence.h"

#include <vector>

namespace interleave::findings {

/// One task had the loop's thread all the time, from one await to the next.
struct LoopStretch {
    TrackId track; // of the worker
    TaskId task;
    TimeRange range;
    Nanoseconds runningNs = 0;     // on a core
    Nanoseconds blockedNs = 0;     // waiting for I/O or a timer, with the loop
    Nanoseconds othersReadyNs = 0; // with at least one other task that could have gone on
};

/// Those that are at least that long. Empty where there is no event loop.
std::vector<LoopStretch> loopStretches(const Evidence& evidence, Nanoseconds atLeast);

} // namespace interleave::findings
