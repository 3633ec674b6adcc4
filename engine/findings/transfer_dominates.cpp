// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments and results took longer on their way than the work that was done with them.
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kTransferShare = 0.4; // of what tasks do themselves, transfer included
constexpr Nanoseconds kFeltTransferNs = 10'000'000;

} // namespace

Findings transferDominates(const Evidence& evidence) {
    const Nanoseconds transfer = evidence.inState(State::Transfer);
    const Nanoseconds own = evidence.computing() + evidence.ownWaits();
    const double share = ratio(transfer, transfer + own);
    if (share < kTransferShare || transfer < kFeltTransferNs) {
        return {};
    }
    std::vector<Proof> proofs;
    evidence.forEachTaskSpan(State::Transfer,
                             [&](TaskId task, std::size_t i, const recording::SpanColumns& spans) {
                                 proofs.push_back(evidence.onTask(task, spans.rangeAt(i)));
                             });
    return {{.kind = "transfer-dominates",
             .severity = Severity::Warning,
             .message = fmt::format("Arguments and results were {} on their way, the work on them "
                                    "took {}.",
                                    formatDuration(transfer), formatDuration(own)),
             .cause = "Processes share no memory: what a task needs is serialised, copied and "
                      "unpacked, there and back.",
             .cure = "Send less (a name or an id instead of the data), more work for each piece of "
                     "data, or threads, which share it.",
             .value = share,
             .unit = "share",
             .evidence = std::move(proofs),
             .tryIt = {{"model", evidence.modelLike("threads")}}}};
}

} // namespace interleave::findings
