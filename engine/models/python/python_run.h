// SPDX-License-Identifier: GPL-3.0-or-later
// One run of a scenario by a real Python interpreter: writes the driver and the program into a
// folder, starts the interpreter with the agent, watches, and cleans up. A broker's URL, which may
// hold a password, is given by the environment and stays out of every message.
#pragma once

#include "engine/models/model.h"

#include <string>

namespace interleave::models {

struct PythonRequest {
    std::string model;
    std::string settings;  // a JSON object for the driver
    int workersAtOnce = 0; // how many tasks can have begun at once; 0: any number
    std::string library{}; // a JSON object for drivers of libraries; empty: none
    /// Of the package that the interpreter must have: its name, and how it is installed.
    std::string package{}, install{};
};

Result<RunOutcome> runInPython(const RunContext& context, const PythonRequest& request);

} // namespace interleave::models
