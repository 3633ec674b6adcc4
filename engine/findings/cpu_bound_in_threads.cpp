// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks that only compute, in threads under one interpreter lock: the wrong tool for them.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kComputeShare = 0.8; // of what tasks do by themselves
constexpr double kOneAtATime = 1.2;   // tasks computing at once, on average
constexpr double kLockTaken = 0.6;

} // namespace

Findings cpuBoundInThreads(const Evidence& evidence) {
    const Nanoseconds own = evidence.computing() + evidence.ownWaits();
    const double share = ratio(evidence.computing(), own);
    const auto& mean = evidence.statistics.parallelismMean;
    if (share < kComputeShare || evidence.cores() < 2 || !mean || *mean > kOneAtATime) {
        return {};
    }
    for (const analysis::LockContention& lock : evidence.locks) {
        const LockShares shares = lockShares(evidence, lock);
        if (!isGil(evidence, lock) || shares.holders < 2 || shares.held < kLockTaken ||
            shares.mostOfOneHolder > kComputeShare || lock.waits.empty()) {
            continue;
        }
        return {
            {.kind = "cpu-bound-in-threads",
             .severity = Severity::Warning,
             .message = fmt::format("The tasks compute {} of their own time, and {:.2f} of them "
                                    "did so at once, on {} cores.",
                                    percent(share), *mean, evidence.cores()),
             .cause = "Threads help tasks that wait; under an interpreter lock they don't help "
                      "tasks that compute.",
             .cure = "Use processes for what computes, as many as there are cores.",
             .value = *mean,
             .unit = "ratio",
             .evidence = waitsAsProof(evidence, lock),
             .tryIt = {{"model", evidence.modelLike("processes")},
                       {"workers", std::to_string(evidence.cores())}}}};
    }
    return {};
}

} // namespace interleave::findings
