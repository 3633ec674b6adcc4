// SPDX-License-Identifier: GPL-3.0-or-later
// One run of a scenario by a real Python interpreter: writes the driver and the program into a
// folder, starts the interpreter with the agent, watches, and cleans up.
#pragma once

#include "engine/models/model.h"

#include <string>

namespace interleave::models {

/// `settings`: a JSON object for the driver.
Result<RunOutcome> runInPython(const RunContext& context, const std::string& model,
                               const std::string& settings, int workersAtOnce);

} // namespace interleave::models
