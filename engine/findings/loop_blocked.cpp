// SPDX-License-Identifier: GPL-3.0-or-later
// A blocking call in a coroutine: the loop waits with it, and so does everybody else.
#include "engine/findings/loop_shares.h"
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr Nanoseconds kFeltBlockNs = 10'000'000;

} // namespace

Findings loopBlocked(const Evidence& evidence) {
    Nanoseconds longest = 0;
    Nanoseconds sum = 0;
    TaskId culprit;
    std::vector<Proof> proofs;
    for (const LoopStretch& stretch : loopStretches(evidence, kFeltBlockNs)) {
        if (stretch.blockedNs < kFeltBlockNs || stretch.othersReadyNs < kFeltBlockNs) {
            continue;
        }
        sum += stretch.blockedNs;
        proofs.push_back({stretch.track, stretch.range});
        if (stretch.blockedNs > longest) {
            longest = stretch.blockedNs;
            culprit = stretch.task;
        }
    }
    if (proofs.empty()) {
        return {};
    }
    return {{.kind = "loop-blocked",
             .severity = Severity::Problem,
             .message = fmt::format("{} stopped the event loop for {} in a blocking call ({} in {} "
                                    "{}), while others were ready.",
                                    evidence.recording.task(culprit).name, formatDuration(longest),
                                    formatDuration(sum), proofs.size(),
                                    proofs.size() == 1 ? "call" : "calls"),
             .cause = "One thread serves all coroutines: a call that waits without await makes the "
                      "loop wait.",
             .cure = "Use the call's asynchronous form, or hand it to a thread and await that.",
             .value = milliseconds(longest),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = {{"model", evidence.modelLike("threads")}}}};
}

} // namespace interleave::findings
