// SPDX-License-Identifier: GPL-3.0-or-later
// Where the files are that come with the program: scenarios, and what other folders bring.
#pragma once

#include "engine/base/result.h"

#include <filesystem>

namespace interleave::scenario {

/// The folder that holds scenarios/: $INTERLEAVE_RESOURCES if set, else the source tree that this
/// program was built from, else ../share/interleave beside the program's own folder.
Result<std::filesystem::path> resourceFolder();

} // namespace interleave::scenario
