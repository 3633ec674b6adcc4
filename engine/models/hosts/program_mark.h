// SPDX-License-Identifier: GPL-3.0-or-later
// The mark of an expanded program: a run and the workers on other hosts expand a scenario each by
// itself, and what they say to each other about tasks by their numbers makes sense only if both
// came to the same.
#pragma once

#include "engine/scenario/program.h"

#include <cstdint>

namespace interleave::models {

/// O(all actions).
std::uint64_t markOf(const scenario::Program& program);

} // namespace interleave::models
