// SPDX-License-Identifier: GPL-3.0-or-later
// The model `event-loop`: one thread, one coroutine for each task, switches only where a task
// awaits. Compute steps and blocking steps hold the loop: that is what it teaches.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeEventLoop();

} // namespace interleave::models
