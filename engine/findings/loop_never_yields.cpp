// SPDX-License-Identifier: GPL-3.0-or-later
// A coroutine that computes for long without an await: nobody can take the loop from it.
#include "engine/findings/loop_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

/// asyncio's debug mode complains at 100 ms; half of that is felt by whoever waits for an answer.
constexpr Nanoseconds kLongRunNs = 50'000'000;

} // namespace

Findings loopNeverYields(const Evidence& evidence) {
    Nanoseconds longest = 0;
    TaskId culprit;
    std::vector<Proof> proofs;
    for (const LoopStretch& stretch : loopStretches(evidence, kLongRunNs)) {
        if (stretch.runningNs < kLongRunNs || stretch.othersReadyNs < kLongRunNs / 2) {
            continue;
        }
        proofs.push_back({stretch.track, stretch.range});
        if (stretch.runningNs > longest) {
            longest = stretch.runningNs;
            culprit = stretch.task;
        }
    }
    if (proofs.empty()) {
        return {};
    }
    return {
        {.kind = "loop-never-yields",
         .severity = Severity::Warning,
         .message = fmt::format("{} computed for {} without an await while others were ready ({} "
                                "such {}).",
                                evidence.recording.task(culprit).name, formatDuration(longest),
                                proofs.size(), proofs.size() == 1 ? "stretch" : "stretches"),
         .cause = "A coroutine gives the loop back only where it awaits; while it computes "
                  "everybody else is late.",
         .cure = "Hand what computes to a pool of threads or processes and await it, or await "
                 "something short from time to time.",
         .value = milliseconds(longest),
         .unit = "ms",
         .evidence = std::move(proofs),
         .tryIt = {{"model", evidence.modelLike("event-loop+pool")}}}};
}

} // namespace interleave::findings
