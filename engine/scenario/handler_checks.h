// SPDX-License-Identifier: GPL-3.0-or-later
// Checks of tasks that handle the messages of a queue.
#pragma once

#include "engine/scenario/checks.h"

namespace interleave::scenario {

/// By message queue: whether tasks go to it.
std::vector<bool> queuesOfTasks(const Scenario& scenario);

/// `getsMessages`: by message queue, whether any message of the scenario can reach it.
void checkHandlers(const Scenario& scenario, const Origins& origins,
                   const std::vector<bool>& getsMessages, Problems& problems);

} // namespace interleave::scenario
