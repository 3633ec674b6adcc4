// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that make recordings do with one: say what is odd about it, and save it.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <filesystem>

namespace interleave::app {

/// Prints the diagnostics that are more than information to stderr.
void printNotices(const recording::Recording& recording);

/// Saves; where that fails (the disk filled up meanwhile) the run is kept in the temporary folder
/// and the error says where.
Result<void> saveRun(const recording::Recording& recording, const std::filesystem::path& output);

} // namespace interleave::app
