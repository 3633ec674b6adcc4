// SPDX-License-Identifier: GPL-3.0-or-later
// The contract between models and the rest of the program, as checks on the events of one run. Each
// returns what is wrong, in words; nothing where all is well. All are one pass over the events.
#pragma once

#include "tests/engine/models_async/model_run.h"

#include <string>
#include <vector>

namespace interleave::models {

using Faults = std::vector<std::string>;

/// Every task has exactly one last state, an end mark, and comes back from none but for a retry.
Faults endFaults(const ModelRun& run);
/// A task's steps are those of the scenario, in its order, in every try, and all of them if it is
/// done. A message that is given back begins its tasks anew.
Faults stepFaults(const ModelRun& run);
/// No worker is in two tasks at once.
Faults workerFaults(const ModelRun& run);
/// Never more holders of a lock than it has permits, and nobody releases what it has not got.
Faults lockFaults(const ModelRun& run);
/// Every item that is taken out of a queue was put into it before, and is taken once.
Faults queueFaults(const ModelRun& run);
/// A task is spawned once, and begins after it was spawned.
Faults spawnFaults(const ModelRun& run);

/// All of the above, and the legal transitions.
Faults allFaults(const ModelRun& run);

/// Last state of every task, by id - 1.
std::vector<State> endsOf(const ModelRun& run);

/// One task after the other, in one thread.
bool isSequential(const std::string& model);

/// A model's id as part of a test's name.
std::string testNameOf(const std::string& id);

} // namespace interleave::models
