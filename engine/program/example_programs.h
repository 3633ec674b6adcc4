// SPDX-License-Identifier: GPL-3.0-or-later
// The Python programs that come with Interleave, to be recorded: what their first lines say.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace interleave::program {

struct ExampleProgram {
    std::filesystem::path file;
    std::string title; // first line of its docstring
    std::string about; // the paragraph after it
};

/// None where one has no docstring of this form. The ones to begin with come first.
Result<std::vector<ExampleProgram>> shippedPrograms();

} // namespace interleave::program
