// SPDX-License-Identifier: GPL-3.0-or-later
// What every run with messages owes, as checks on its events; and short ways to ask for them.
#pragma once

#include "engine/models/pubsub/pubsub.h"
#include "tests/engine/models_async/model_run.h"

#include <set>
#include <string>
#include <vector>

namespace interleave::models {

/// Executes a scenario under the model pubsub.
ModelRun runPubsub(const std::string& text, RunSettings settings = {});

/// Copies that came into queues, and where they went, as the events tell it.
struct CopyCounts {
    std::size_t entered = 0; // routed or dead-lettered into it
    std::size_t acked = 0;
    std::size_t rejected = 0;
    std::size_t expired = 0;
    std::size_t overflowed = 0;
    std::size_t lost = 0;

    std::size_t left() const { return acked + rejected + expired + overflowed + lost; }
};
CopyCounts copiesIn(const ModelRun& run, const std::string& queue);

/// What is wrong with the accounts: the diagnostic does not say that everything is accounted for, a
/// queue has lost more copies than it got, or a task has no end.
std::vector<std::string> accountFaults(const ModelRun& run);

/// The messages delivered from a queue, by number, as often as they were.
std::multiset<std::uint32_t> deliveredFrom(const ModelRun& run, const std::string& queue);
/// How often a task began to run anew on a consumer: its tries.
std::size_t triesOf(const ModelRun& run, TaskId task);
/// All states of a task, in order, each once where it repeats: "queued reserved running done".
std::string statesOf(const ModelRun& run, TaskId task);

ObjectId objectNamed(const ModelRun& run, const std::string& name);

} // namespace interleave::models
