// SPDX-License-Identifier: GPL-3.0-or-later
// Every worker waits for its own task's I/O while tasks queue and cores are free.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kLackShare = 0.4; // of the makespan
constexpr std::size_t kWorkersInStep = 4;

bool isAlone(const std::string& model) {
    return model.ends_with("sequential");
}

Cure moreWorkers(const Evidence& evidence, std::size_t queued) {
    if (isAlone(evidence.recording.info.model)) {
        return {{"model", evidence.modelLike("event-loop")}};
    }
    const auto places = static_cast<std::size_t>(evidence.places());
    const std::size_t wanted =
        std::min({places + queued, places * kWorkersInStep, std::size_t{1024}});
    return {{"workers", std::to_string(wanted)}};
}

} // namespace

Findings tooFewWorkers(const Evidence& evidence) {
    Nanoseconds lacking = 0;
    int most = 0;
    TimeRange longest;
    TimeRange current;
    evidence.occupation.forEach([&](const analysis::OccupationSlice& slice) {
        const int waiting = slice.worker(State::WaitingIo) + slice.worker(State::Sleeping);
        const int pending = slice.task(State::Queued) + slice.task(State::Reserved);
        const bool lacks = pending > 0 && slice.alive > 0 && waiting == slice.alive &&
                           slice.alive == evidence.places();
        if (!lacks) {
            current = {};
            return;
        }
        lacking += slice.range.durationNs();
        most = std::max(most, pending);
        current = current.isEmpty() || current.endNs != slice.range.beginNs
                      ? slice.range
                      : TimeRange{current.beginNs, slice.range.endNs};
        longest = current.durationNs() > longest.durationNs() ? current : longest;
    });
    const double share = ratio(lacking, evidence.makespanNs());
    if (share < kLackShare || evidence.isCoroutines()) {
        return {};
    }
    std::vector<Proof> proofs;
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind == recording::TrackKind::Worker) {
            proofs.push_back({track.id, longest});
        }
    }
    const int places = evidence.places();
    return {{.kind = "too-few-workers",
             .severity = Severity::Warning,
             .message = fmt::format(
                 "For {} ({} of the run) {} waited for I/O or timers while up to "
                 "{} tasks queued and no core had anything to do.",
                 formatDuration(lacking), percent(share),
                 places == 1 ? "the only worker" : fmt::format("all {} workers", places), most),
             .cause = "A worker that waits with its task can't begin another one.",
             .cure = "More workers, or a model in which waiting takes no worker: an event loop.",
             .value = share,
             .unit = "share",
             .evidence = std::move(proofs),
             .tryIt = moreWorkers(evidence, static_cast<std::size_t>(most))}};
}

} // namespace interleave::findings
