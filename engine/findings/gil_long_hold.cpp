// SPDX-License-Identifier: GPL-3.0-or-later
// Native code that keeps the interpreter lock while it works: nobody can take it away, so others
// wait for many switch intervals.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"
#include "engine/findings/switch_interval.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

/// A holder that is asked lets go within one interval; four are no chance any more.
constexpr Nanoseconds kIntervals = 4;
constexpr Nanoseconds kShortestLongHoldNs = 20'000'000;

Nanoseconds offCoreDuring(const analysis::LockContention& lock, const analysis::Hold& hold) {
    Nanoseconds sum = 0;
    if (!lock.offCore) {
        return sum;
    }
    for (const analysis::Hold& part : *lock.offCore) {
        sum += part.task == hold.task ? part.range.intersected(hold.range).durationNs() : 0;
    }
    return sum;
}

} // namespace

Findings gilLongHold(const Evidence& evidence) {
    const Nanoseconds limit =
        std::max(kIntervals * switchIntervalOf(evidence), kShortestLongHoldNs);
    Findings found;
    for (const analysis::LockContention& lock : evidence.locks) {
        if (!isGil(evidence, lock)) {
            continue;
        }
        Nanoseconds longest = 0;
        TaskId holder;
        std::size_t count = 0;
        std::vector<Proof> proofs;
        for (const analysis::Hold& hold : lock.holds) {
            if (hold.range.durationNs() < limit || waitedFor(lock, hold.range) < limit ||
                hold.range.durationNs() - offCoreDuring(lock, hold) < limit) {
                continue;
            }
            ++count;
            proofs.push_back(evidence.onObject(lock.object, hold.range));
            if (hold.range.durationNs() > longest) {
                longest = hold.range.durationNs();
                holder = hold.task;
            }
        }
        if (count == 0) {
            continue;
        }
        found.push_back(
            {.kind = "gil-long-hold",
             .severity = Severity::Problem,
             .message = fmt::format("{} held the interpreter lock for {} in one piece while others "
                                    "wanted it ({} such {}).",
                                    holder ? evidence.recording.task(holder).name : "A thread",
                                    formatDuration(longest), count, count == 1 ? "hold" : "holds"),
             .cause = "Native code that doesn't let go of the lock can't be interrupted: whoever "
                      "asks for it waits until the call returns.",
             .cure = "Call it in smaller pieces, in another process, or in a library that releases "
                     "the lock while it works.",
             .value = milliseconds(longest),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = {}});
    }
    return found;
}

} // namespace interleave::findings
