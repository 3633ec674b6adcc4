// SPDX-License-Identifier: GPL-3.0-or-later
// Processes for tasks that wait nearly all the time: each costs memory and a start, and what they
// are good for, more cores, nobody needs.
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kWaitShare = 0.8; // of what tasks do by themselves
constexpr std::size_t kFewestProcesses = 3;
constexpr double kBytesInMb = 1e6;

} // namespace

Findings processesForIo(const Evidence& evidence) {
    const Nanoseconds own = evidence.computing() + evidence.ownWaits();
    const double waits = ratio(evidence.ownWaits(), own);
    const std::size_t processes = evidence.workerProcesses();
    const bool hasBroker = evidence.statistics.messages.has_value();
    if (waits < kWaitShare || processes < kFewestProcesses || hasBroker ||
        !evidence.statistics.peakRssBytes) {
        return {};
    }
    const double megabytes = static_cast<double>(*evidence.statistics.peakRssBytes) / kBytesInMb;
    std::vector<Proof> proofs;
    for (const State state : {State::WaitingIo, State::Sleeping}) {
        evidence.forEachTaskSpan(
            state, [&](TaskId task, std::size_t i, const recording::SpanColumns& spans) {
                proofs.push_back(evidence.onTask(task, spans.rangeAt(i)));
            });
    }
    return {
        {.kind = "processes-for-io",
         .severity = Severity::Warning,
         .message = fmt::format("{} processes and {:.0f} MB of memory for tasks that wait {} of "
                                "their own time.",
                                processes, megabytes, percent(waits)),
         .cause = "Processes bring more cores into play; tasks that wait need none.",
         .cure = "An event loop waits for thousands of answers in one thread; threads do it in "
                 "one process.",
         .value = megabytes,
         .unit = "MB",
         .evidence = std::move(proofs),
         .tryIt = {{"model", evidence.modelLike("event-loop")}}}};
}

} // namespace interleave::findings
