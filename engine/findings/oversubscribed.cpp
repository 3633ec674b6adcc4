// SPDX-License-Identifier: GPL-3.0-or-later
// More workers that compute than cores: they are cut into slices and wait for each other.
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kNoCoreShare = 0.25; // of the workers' time

} // namespace

Findings oversubscribed(const Evidence& evidence) {
    const double share = evidence.share(analysis::Part::NoCore);
    const auto& switches = evidence.statistics.involuntarySwitches;
    if (share < kNoCoreShare || evidence.places() <= evidence.cores()) {
        return {};
    }
    std::vector<Proof> proofs;
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Worker) {
            continue;
        }
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            if (track.spans.state[i] == State::Ready && track.spans.task[i]) {
                proofs.push_back({track.id, track.spans.rangeAt(i)});
            }
        }
        keepLongest(proofs);
    }
    const std::string taken =
        switches ? fmt::format("; the kernel took a core away {} times", *switches) : "";
    return {
        {.kind = "oversubscribed",
         .severity = Severity::Warning,
         .message = fmt::format("{} workers on {} {}: for {} of their time they could run but had "
                                "no core{}.",
                                evidence.places(), evidence.cores(),
                                evidence.cores() == 1 ? "core" : "cores", percent(share), taken),
         .cause = "What computes needs a core, not a worker: more workers than cores only take "
                  "turns, and each switch costs caches.",
         .cure = "As many workers as cores for what computes; more only for what waits.",
         .value = share,
         .unit = "share",
         .evidence = std::move(proofs),
         .tryIt = {{"workers", std::to_string(evidence.cores())}}}};
}

} // namespace interleave::findings
