// SPDX-License-Identifier: GPL-3.0-or-later
// ComputeOffload: where an event loop's compute steps go when they don't run on the loop itself.
// The plain event loop has none; event-loop+pool has a pool of threads.
#pragma once

#include "engine/models/event_loop/loop.h"

namespace interleave::models {

class ComputeOffload {
public:
    virtual ~ComputeOffload() = default;
    /// The task is suspended and recorded as queued. Elsewhere, record it as running, compute,
    /// record it as ready, then call the loop's postReady().
    virtual void submit(LoopTask& task, const scenario::Action& action) = 0;
};

} // namespace interleave::models
