// SPDX-License-Identifier: GPL-3.0-or-later
// python-sequential, -threads, -processes, -asyncio, -asyncio+threads: the same scenario, executed
// by a real Python interpreter.
#pragma once

#include "engine/models/model.h"

namespace interleave::models {

/// In the order in which they are shown.
std::vector<std::unique_ptr<const Model>> makePythonModels();

} // namespace interleave::models
