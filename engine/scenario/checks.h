// SPDX-License-Identifier: GPL-3.0-or-later
// Checks that need the whole scenario: what would never begin, never end, or begin twice.
#pragma once

#include "engine/scenario/document.h"
#include "engine/scenario/scenario.h"

#include <vector>

namespace interleave::scenario {

/// The tables that the parts of a scenario were read from, for the places that it does not keep
/// itself. Message queues that only tasks name come after the declared ones and have none.
struct Origins {
    std::vector<const Value*> exchanges;
    std::vector<const Value*> messageQueues;
    std::vector<const Value*> tasks;
};
/// Where a key's value stands; the table if it has no such key.
Position placeOf(const Value& table, std::string_view key);

/// What a task without a count has: none where others submit it, as many as the task that it
/// follows in a chain, else 1.
void completeCounts(Scenario& scenario, const Origins& origins);

/// Cycles of spawns, of `after` and of messages, tasks that can't be tried again, awaits of
/// nothing, chains, and what message_checks finds.
void checkScenario(const Scenario& scenario, const Origins& origins, Problems& problems);

/// Calls visit(step) for every step, those inside lock steps included, in order.
template <class Visit>
void forEachStep(const Steps& steps, const Visit& visit) {
    for (const Step& step : steps) {
        visit(step);
        if (const auto* lock = std::get_if<LockStep>(&step.what)) {
            forEachStep(lock->steps, visit);
        }
    }
}

/// The templates that some step spawns.
std::vector<bool> spawnedTemplates(const Scenario& scenario);

} // namespace interleave::scenario
