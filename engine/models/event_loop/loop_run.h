// SPDX-License-Identifier: GPL-3.0-or-later
// runEventLoop(): one run of a program on one event loop in a thread of its own. event-loop calls
// it as it is, event-loop+pool with an offload for compute steps.
#pragma once

#include "engine/models/event_loop/compute_offload.h"
#include "engine/models/model.h"

#include <functional>
#include <memory>

namespace interleave::models {

struct LoopSettings {
    std::size_t connections = 100; // to the loopback server, at once
    /// Made in the loop's thread before the first task starts; empty: there is none.
    std::function<std::unique_ptr<ComputeOffload>(const RunContext&, Loop&)> makeOffload;
};

/// The parameter that both models have, its reading and the checks that both make.
ParameterInfo connectionsParameter();
Result<LoopSettings> loopSettingsOf(const Parameters& parameters);
Result<void> canRunOnLoop(const ModelInfo& info, const scenario::Program& program,
                          const Parameters& parameters);

Result<RunOutcome> runEventLoop(const RunContext& context, const LoopSettings& settings);

} // namespace interleave::models
