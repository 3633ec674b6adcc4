// SPDX-License-Identifier: GPL-3.0-or-later
// Links between tasks: submission to start, spawn, steal, wake. (Those of locks and queues are made
// with their spans.)
#pragma once

#include "engine/collector/task_history.h"

namespace interleave::collector {

void addTaskLinks(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                  const TaskHistory& history, recording::RecordingBuilder& builder,
                  Oddities& oddities);

} // namespace interleave::collector
