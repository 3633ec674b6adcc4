// SPDX-License-Identifier: GPL-3.0-or-later
// ModelFacts: what textbooks say of a model, as this run measured it.
#pragma once

#include "engine/recording/recording.h"

#include <optional>
#include <string>

namespace interleave::analysis {

struct ModelFacts {
    std::string whoSwitches;      // "operating system", "task, at an await", ...
    std::optional<int> coresUsed; // most at once; absent where cores were not seen
    int processes = 0;            // in which workers were
    int threads = 0;              // workers, most at once
    /// What workers spent on starting, transfer and handing out, for each task.
    std::optional<Nanoseconds> overheadPerTaskNs;
};

ModelFacts modelFacts(const recording::Recording& recording);

} // namespace interleave::analysis
