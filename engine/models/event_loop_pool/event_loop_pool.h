// SPDX-License-Identifier: GPL-3.0-or-later
// The model `event-loop+pool`: the event loop, whose compute steps are handed to a pool of threads
// as asyncio.to_thread does, so that the loop stays responsive. Everything else is event_loop's.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeEventLoopPool();

} // namespace interleave::models
