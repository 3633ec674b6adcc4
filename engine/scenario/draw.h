// SPDX-License-Identifier: GPL-3.0-or-later
// Random values that depend on nothing but what they are for: (seed, task, place in the task).
// Integers only, so that every platform and every process draws the same.
#pragma once

#include "engine/base/id.h"
#include "engine/base/time.h"
#include "engine/scenario/scenario.h"

#include <cstdint>

namespace interleave::scenario {

/// 64 evenly distributed bits. `place` tells apart the draws of one task.
std::uint64_t drawBits(std::uint64_t seed, std::uint32_t task, std::uint64_t place);

/// Evenly distributed in nominal * [1 - spread, 1 + spread].
Nanoseconds drawDuration(const VariedDuration& duration, std::uint64_t bits);

/// Evenly distributed in [0, most].
Nanoseconds drawUpTo(Nanoseconds most, std::uint64_t bits);

/// Exponentially distributed with this mean: the time between two arrivals of a Poisson process.
Nanoseconds drawExponential(Nanoseconds mean, std::uint64_t bits);

/// True with this probability; 0 never, 1 always.
bool drawChance(double probability, std::uint64_t bits);

} // namespace interleave::scenario
