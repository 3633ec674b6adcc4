// SPDX-License-Identifier: GPL-3.0-or-later
// WorkStealing: oneTBB. Every worker has a deque of its own: it takes its youngest task from one
// end, and an idle worker steals the oldest from the other end of somebody else's.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeWorkStealing();

} // namespace interleave::models
