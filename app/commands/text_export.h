// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as text in a file: its spans as CSV, or all of it as a Chrome trace. Written beside
// the target and renamed when complete: stopped or out of space, it leaves nothing behind.
#pragma once

#include "engine/analysis/ordered_text.h"
#include "engine/recording/recording.h"

#include <filesystem>

namespace interleave::app {

/// Whether the ending is one of a format of text.
bool isTextExport(const std::filesystem::path& output);

/// Loads the recording and writes it in the format of the ending; the exit code.
int exportText(const std::filesystem::path& recording, const std::filesystem::path& output);

} // namespace interleave::app
