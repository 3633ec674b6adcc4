// SPDX-License-Identifier: GPL-3.0-or-later
// What a task queue can't do, said before anything starts.
#pragma once

#include "engine/models/task_queue/settings.h"

namespace interleave::models {

/// Tasks that handle messages, queues that lose messages, tasks that nobody would take, and what
/// threads can't do.
Result<void> refuseForQueue(const scenario::Program& program, const QueueSettings& settings);
/// The faults of the scenario and of the command line together.
Result<void> refuseFaults(const std::vector<scenario::Fault>& faults,
                          const QueueSettings& settings);

} // namespace interleave::models
