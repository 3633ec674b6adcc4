// SPDX-License-Identifier: GPL-3.0-or-later
// Deadlocks of an event loop, found at the moment they come about: with one thread, who waits for
// whom is known exactly. How a deadlock is worded is sync/wait_graph's business.
#pragma once

#include "engine/models/event_loop/loop_objects.h"

#include <span>
#include <string>

namespace interleave::models {

/// Whether the task, which has just begun to wait, waits for itself through others.
bool closesCycle(std::span<const LoopTask> tasks, const LoopObjects& objects, const LoopTask& task);

/// A sentence about the tasks that wait for one another, or for somebody who never comes.
std::string describeStuck(const scenario::Program& program, std::span<const LoopTask> tasks,
                          const LoopObjects& objects);

} // namespace interleave::models
