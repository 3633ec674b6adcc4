// SPDX-License-Identifier: GPL-3.0-or-later
// The same scenario with another share of I/O, or cut into tasks of another size: what sweeps vary
// that is no parameter of a model.
#pragma once

#include "engine/base/result.h"
#include "engine/scenario/scenario.h"

namespace interleave::scenario {

/// Every task takes as long as before if it is alone, but `share` (0 to 1) of it is I/O and the
/// rest is computed. Tasks that do neither stay as they are.
Scenario withIoShare(Scenario scenario, double share);

/// Every step takes `factor` times as long and there are as many times fewer tasks: as much work
/// in all, as nearly as whole tasks allow. Refused where tasks need each other's number: barriers,
/// semaphores and queues.
Result<Scenario> withTaskSize(Scenario scenario, double factor);

} // namespace interleave::scenario
