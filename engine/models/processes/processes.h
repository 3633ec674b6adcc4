// SPDX-License-Identifier: GPL-3.0-or-later
// The model `processes`: worker processes, forked or spawned, that get their tasks' arguments and
// give back their results through pipes. What that costs is what it shows: starting, transfer,
// memory.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeProcesses();

} // namespace interleave::models
