// SPDX-License-Identifier: GPL-3.0-or-later
// From the options of `run` to its recordings: plans, tries the outputs, executes one run after
// another until Ctrl-C, says what is odd, saves.
#pragma once

#include "app/commands/commands.h"
#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <memory>
#include <vector>

namespace interleave::app {

struct MadeRuns {
    /// In the order of the plans; without those that were left out with a note.
    std::vector<std::shared_ptr<const recording::Recording>> recordings;
    bool wasStopped = false; // the last one is what was done until then
};

Result<MadeRuns> makeRuns(const RunOptions& options);

} // namespace interleave::app
