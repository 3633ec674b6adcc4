// SPDX-License-Identifier: GPL-3.0-or-later
// Checks of chains: tasks that follow each other one to one.
#pragma once

#include "engine/scenario/checks.h"

namespace interleave::scenario {

/// Whether all chains end; reports what is wrong with them.
bool checkChains(const Scenario& scenario, const Origins& origins, Problems& problems);

} // namespace interleave::scenario
