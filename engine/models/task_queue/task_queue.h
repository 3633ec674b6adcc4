// SPDX-License-Identifier: GPL-3.0-or-later
// The model task-queue: Celery 5's semantics over a broker.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeTaskQueue();

} // namespace interleave::models
