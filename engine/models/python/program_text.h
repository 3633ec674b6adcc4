// SPDX-License-Identifier: GPL-3.0-or-later
// The expanded scenario as JSON, as the driver reads it (interleave_driver/program.py): numbers
// only, so that nothing of the scenario's names has to be escaped (library_text.h has the rest).
// Tasks with the same actions share one list of them.
#pragma once

#include "engine/scenario/program.h"

#include <string>

namespace interleave::models {

struct ProgramTextSettings {
    std::string model;
    int workers = 1;
    std::string settings; // a JSON object, made by the model
    std::uint16_t port = 0;
    std::string blockPath;
    StepId firstExtraStep;
    std::string library{}; // a JSON object; empty: none
};

std::string programText(const scenario::Program& program, const ProgramTextSettings& settings);

} // namespace interleave::models
