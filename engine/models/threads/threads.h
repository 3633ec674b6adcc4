// SPDX-License-Identifier: GPL-3.0-or-later
// Threads: a pool of threads over one queue, or one thread for every task; no interpreter lock.
// What C++, or Python built without a GIL, gets. The kernel decides every switch.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeThreads();

} // namespace interleave::models
