// SPDX-License-Identifier: GPL-3.0-or-later
// Where the interpreter of a python model lies: found as a shell would, never started here.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>

namespace interleave::models {

/// `command` is a path, or a name that is looked for in PATH. An error (a missing part) says what
/// to install.
Result<std::filesystem::path> findInterpreter(const std::string& command);

/// The agent that is loaded into it: beside this program, or in ../lib/interleave.
Result<std::filesystem::path> findAgentFor(const std::filesystem::path& program);

} // namespace interleave::models
