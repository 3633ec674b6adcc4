// SPDX-License-Identifier: GPL-3.0-or-later
// ProgramImage: a program and what else every worker needs to know, as bytes in a memfd that a
// spawned worker process inherits. The expanded program travels, not the scenario's text: the file
// may have changed meanwhile, or there may be none.
//
// What only people read (names of tasks and templates, places in the file) stays behind.
#pragma once

#include "engine/models/model.h"

namespace interleave::models {

struct WorkerSettings {
    scenario::Program program;
    scenario::ComputeSpeed speed;
    scenario::Endpoint loopback;
    StepId firstExtraStep;
    std::string sessionFolder;
};

/// The memfd (close-on-exec) with the run's image.
Result<int> writeProgramImage(const RunContext& context);
Result<WorkerSettings> readProgramImage(int fd);

} // namespace interleave::models
