// SPDX-License-Identifier: GPL-3.0-or-later
// Several tasks compute in turn because only the holder of the interpreter lock may.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

/// Held so much of the run that it sets the pace; with 10 % of waiting it is felt.
constexpr double kGilHeldShare = 0.6;
constexpr double kGilWaitShare = 0.1;
/// One task that computes most of all would take as long without the lock.
constexpr double kMostOfOneHolder = 0.8;

} // namespace

Findings gilSerialised(const Evidence& evidence) {
    Findings found;
    for (const analysis::LockContention& lock : evidence.locks) {
        if (!isGil(evidence, lock) || evidence.cores() < 2) {
            continue;
        }
        const LockShares shares = lockShares(evidence, lock);
        if (shares.held < kGilHeldShare || shares.waited < kGilWaitShare ||
            shares.mostOfOneHolder > kMostOfOneHolder) {
            continue;
        }
        found.push_back(
            {.kind = "gil-serialised",
             .severity = Severity::Problem,
             .message = fmt::format("Tasks waited {} for the interpreter lock, {} of the workers' "
                                    "time; it was held {} of the run.",
                                    formatDuration(shares.waitNs), percent(shares.waited),
                                    percent(shares.held)),
             .cause =
                 "Only the holder of the interpreter lock computes, so tasks that compute take "
                 "turns however many threads and cores there are.",
             .cure = "Processes have a lock each; libraries that let go of the lock while they "
                     "compute, and builds without it, run side by side.",
             .value = shares.waited,
             .unit = "share",
             .evidence = waitsAsProof(evidence, lock),
             .tryIt = {{"model", evidence.modelLike("processes")}}});
    }
    return found;
}

} // namespace interleave::findings
