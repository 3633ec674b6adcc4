// SPDX-License-Identifier: GPL-3.0-or-later
// The finish lines that theory allows for the work of a recording, from what it measured. None of
// them knows how long a model takes to hand out tasks: nobody can be earlier, and hardly as early.
#pragma once

#include "engine/analysis/submissions.h"
#include "engine/recording/recording.h"

#include <optional>

namespace interleave::analysis {

struct FinishLines {
    Nanoseconds workNs = 0; // of all tasks on a core
    int cores = 1;
    /// All cores busy from begin to end.
    Nanoseconds workOverCoresNs = 0;
    /// With as many cores and workers as one likes: what has to come one after the other, tasks'
    /// own I/O and timers, and the times at which tasks arrive.
    Nanoseconds criticalPathNs = 0;
    /// Where a single task was submitted, or went on, that all others had to wait for: until it had
    /// ended or brought about others.
    Nanoseconds serialNs = 0;
    /// The serial part, then the rest of the work on all cores (Amdahl).
    Nanoseconds amdahlNs = 0;

    /// The latest of them: what nobody beats.
    Nanoseconds bestNs() const;
};

/// None where nothing ran. O(spans * log).
std::optional<FinishLines> finishLinesOf(const recording::Recording& recording);

} // namespace interleave::analysis
