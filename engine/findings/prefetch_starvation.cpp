// SPDX-License-Identifier: GPL-3.0-or-later
// Workers with nothing to do while another one keeps tasks reserved that they could do.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kStarvedShare = 0.1; // of the time of all workers
constexpr Nanoseconds kFeltStarvingNs = 5'000'000;

} // namespace

Findings prefetchStarvation(const Evidence& evidence) {
    const analysis::ReservedBacklog& backlog = evidence.statistics.backlog;
    const auto workers = static_cast<Nanoseconds>(std::max<std::size_t>(backlog.workers.size(), 1));
    const double share = ratio(backlog.starvedNs, workers * evidence.makespanNs());
    if (backlog.starvedNs < kFeltStarvingNs || share < kStarvedShare) {
        return {};
    }
    std::uint32_t most = 0;
    for (const analysis::ConsumerBacklog& consumer : backlog.consumers) {
        most = std::max(most, consumer.mostReserved);
    }
    std::vector<Proof> proofs;
    evidence.forEachTaskSpan(State::Reserved,
                             [&](TaskId task, std::size_t i, const recording::SpanColumns& spans) {
                                 proofs.push_back(evidence.onTask(task, spans.rangeAt(i)));
                             });
    return {
        {.kind = "prefetch-starvation",
         .severity = Severity::Warning,
         .message = fmt::format("Workers were idle for {} ({} of their time) while another one had "
                                "up to {} tasks reserved that it had not begun.",
                                formatDuration(backlog.starvedNs), percent(share), most),
         .cause = "A broker hands messages out in advance and by count; who has a long task keeps "
                  "the ones behind it.",
         .cure = "Reserve one message for each place (prefetch 1) where tasks are long or uneven; "
                 "more only where they are many and short.",
         .value = milliseconds(backlog.starvedNs),
         .unit = "ms",
         .evidence = std::move(proofs),
         .tryIt = {{"prefetch", "1"}}}};
}

} // namespace interleave::findings
