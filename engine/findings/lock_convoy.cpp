// SPDX-License-Identifier: GPL-3.0-or-later
// A lock that is held for moments only, and yet nearly every holder had to queue for it: handing
// it over costs more than what it protects.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr std::size_t kFewestConvoyHolds = 20;
constexpr Nanoseconds kShortHoldNs = 1'000'000;
constexpr double kHandedOver = 0.5; // of the holds
constexpr Nanoseconds kWaitsToHolds = 3;
constexpr double kFeltConvoy = 0.1; // of the workers' time

} // namespace

Findings lockConvoy(const Evidence& evidence) {
    Findings found;
    for (std::size_t i = 0; i < evidence.locks.size(); ++i) {
        const analysis::LockContention& lock = evidence.locks[i];
        const analysis::LockStatistics& totals = evidence.statistics.locks[i];
        const Nanoseconds hold = totals.holdP50Ns.value_or(0);
        const Nanoseconds wait = totals.waitP50Ns.value_or(0);
        const LockShares shares = lockShares(evidence, lock);
        const double handedOver = static_cast<double>(totals.handoffs) /
                                  static_cast<double>(std::max<std::uint64_t>(totals.holds, 1));
        if (!isMutex(evidence, lock) || totals.holds < kFewestConvoyHolds || hold > kShortHoldNs ||
            wait < kWaitsToHolds * hold || handedOver < kHandedOver ||
            shares.waited < kFeltConvoy || totals.maxWaiters < 2) {
            continue;
        }
        found.push_back(
            {.kind = "lock-convoy",
             .severity = Severity::Warning,
             .message = fmt::format("{} is held for {} (median), but a wait for it takes {}; {} of "
                                    "{} holds were handed from one to the next.",
                                    totals.name, formatDuration(hold), formatDuration(wait),
                                    totals.handoffs, totals.holds),
             .cause = "Once tasks queue for a lock, each that lets go of it goes to the end of the "
                      "line, and every hand-over is a switch of threads: the line never dissolves.",
             .cure =
                 "Take it less often: several changes in one go, or a copy for each worker that "
                 "is added up at the end.",
             .value =
                 static_cast<double>(wait) / static_cast<double>(std::max<Nanoseconds>(hold, 1)),
             .unit = "ratio",
             .evidence = waitsAsProof(evidence, lock),
             .tryIt = {}});
    }
    return found;
}

} // namespace interleave::findings
