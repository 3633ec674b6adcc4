// SPDX-License-Identifier: GPL-3.0-or-later
// One lock is held nearly all the time, by one task after the other: it sets the pace.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kPaceShare = 0.6; // of the makespan that it is held
constexpr std::size_t kFewestHolds = 3;
constexpr double kDominantHolder = 0.8; // one task that holds it all along serialises nobody
/// Waits that sum up to that share of the makespan.
constexpr double kWaitsOfMakespan = 0.3;

} // namespace

Findings lockSerialised(const Evidence& evidence) {
    Findings found;
    for (const analysis::LockContention& lock : evidence.locks) {
        const LockShares shares = lockShares(evidence, lock);
        if (!isMutex(evidence, lock) || lock.holds.size() < kFewestHolds || shares.holders < 2 ||
            shares.held < kPaceShare || shares.mostOfOneHolder > kDominantHolder ||
            ratio(shares.waitNs, evidence.makespanNs()) < kWaitsOfMakespan) {
            continue;
        }
        const std::string& name = evidence.recording.object(lock.object).name;
        found.push_back(
            {.kind = "lock-serialised",
             .severity = Severity::Problem,
             .message =
                 fmt::format("{} was held {} of the run ({} of {}), by {} tasks in turn; they "
                             "waited {} for it.",
                             name, percent(shares.held), formatDuration(shares.heldNs),
                             formatDuration(evidence.makespanNs()), shares.holders,
                             formatDuration(shares.waitNs)),
             .cause =
                 "Only one task at a time can be inside, so this lock, not the cores, sets the "
                 "pace: more workers only make the line longer.",
             .cure = "Do less while holding it, or split it into several locks that protect less "
                     "each.",
             .value = shares.held,
             .unit = "share",
             .evidence = waitsAsProof(evidence, lock),
             .tryIt = {}});
    }
    return found;
}

} // namespace interleave::findings
