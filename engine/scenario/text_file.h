// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a file that somebody wrote by hand: a scenario, a lesson. What is no such file, or far too
// large for one, is refused in a sentence.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace interleave::scenario {

/// `kind` is what it should be: "scenario", "lesson".
Result<std::string> readTextFile(const std::filesystem::path& file, std::string_view kind);

} // namespace interleave::scenario
