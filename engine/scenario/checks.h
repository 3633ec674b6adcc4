// SPDX-License-Identifier: GPL-3.0-or-later
// Checks that need the whole scenario: what would never begin, never end, or begin twice.
#pragma once

#include "engine/scenario/problems.h"
#include "engine/scenario/scenario.h"

#include <vector>

namespace interleave::scenario {

/// Where the parts of a task template stand that the Scenario itself does not keep.
struct TemplateOrigin {
    Position after;
    Position arrival; // of `every` or `arrival`
    bool hasArrival = false;
};

/// Cycles of spawns and of `after`, tasks that can't be tried again, awaits of nothing.
void checkScenario(const Scenario& scenario, const std::vector<TemplateOrigin>& origins,
                   Problems& problems);

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
