// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a run a lock takes: what all rules about locks ask first.
#pragma once

#include "engine/findings/evidence.h"

#include <vector>

namespace interleave::findings {

struct LockShares {
    Nanoseconds heldNs = 0; // with at least one holder
    Nanoseconds waitNs = 0; // summed over waiters
    double held = 0;        // of the makespan
    double waited = 0;      // of the workers' time
    double mostOfOneHolder = 0;
    std::size_t holders = 0;
};

LockShares lockShares(const Evidence& evidence, const analysis::LockContention& lock);
bool isGil(const Evidence& evidence, const analysis::LockContention& lock);
/// A lock, or a semaphore with one permit: one holder at a time, who lets it go himself.
bool isMutex(const Evidence& evidence, const analysis::LockContention& lock);
std::vector<Proof> waitsAsProof(const Evidence& evidence, const analysis::LockContention& lock);
/// Time at which a hold is waited for.
Nanoseconds waitedFor(const analysis::LockContention& lock, TimeRange hold);

} // namespace interleave::findings
