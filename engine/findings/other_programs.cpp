// SPDX-License-Identifier: GPL-3.0-or-later
// The machine was busy with somebody else: what was measured is not what this program costs.
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kDisturbedShare = 0.2; // of the workers' time

} // namespace

Findings otherPrograms(const Evidence& evidence) {
    const double share = evidence.share(analysis::Part::OtherPrograms);
    if (share < kDisturbedShare) {
        return {};
    }
    std::vector<Proof> proofs;
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Core) {
            continue;
        }
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            if (track.spans.state[i] == State::Other) {
                proofs.push_back({track.id, track.spans.rangeAt(i)});
            }
        }
    }
    return {{.kind = "other-programs",
             .severity = Severity::Info,
             .message = fmt::format("For {} of their time workers could run while a core was with "
                                    "another program.",
                                    percent(share)),
             .cause = "Something else computed on this machine during the run.",
             .cure = "Measure again on an idle machine, several times; the other findings hold for "
                     "what was measured.",
             .value = share,
             .unit = "share",
             .evidence = std::move(proofs),
             .tryIt = {}}};
}

} // namespace interleave::findings
