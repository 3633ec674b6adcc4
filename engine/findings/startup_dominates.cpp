// SPDX-License-Identifier: GPL-3.0-or-later
// Making threads or processes took a good part of the run, or as long as what they then did.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kStartShare = 0.25; // of the workers' time, or of the makespan
constexpr Nanoseconds kFeltStartNs = 5'000'000;

} // namespace

Findings startupDominates(const Evidence& evidence) {
    std::vector<Proof> proofs;
    std::vector<TimeRange> ranges;
    evidence.forEachTaskSpan(
        State::Starting, [&](TaskId task, std::size_t i, const recording::SpanColumns& spans) {
            const TimeRange range = spans.rangeAt(i).intersected(evidence.range());
            ranges.push_back(range);
            proofs.push_back(evidence.onTask(task, range));
        });
    // Until the first task could do anything, the whole run waited.
    Nanoseconds firstRun = evidence.range().endNs;
    evidence.forEachTaskSpan(State::Running,
                             [&](TaskId, std::size_t i, const recording::SpanColumns& spans) {
                                 firstRun = std::min(firstRun, spans.begin[i]);
                             });
    Nanoseconds ahead = 0;
    for (const TimeRange range : ranges) {
        ahead =
            std::max(ahead, range.intersected({evidence.range().beginNs, firstRun}).durationNs());
    }
    const Nanoseconds startUp =
        evidence.waterfall ? evidence.waterfall->of(analysis::Part::StartUp) : 0;
    const double share =
        std::max(evidence.share(analysis::Part::StartUp), ratio(ahead, evidence.makespanNs()));
    const Nanoseconds each =
        ranges.empty() ? startUp / std::max(evidence.places(), 1) : medianOf([&] {
            std::vector<Nanoseconds> lengths;
            for (const TimeRange range : ranges) {
                lengths.push_back(range.durationNs());
            }
            return lengths;
        }());
    if (share < kStartShare || std::max(ahead, startUp) < kFeltStartNs) {
        return {};
    }
    Cure cure;
    if (evidence.parameter("start") == "spawn") {
        cure = {{"start", "fork"}};
    } else if (evidence.workerProcesses() > 1) {
        cure = {{"model", evidence.modelLike("threads")}};
    }
    return {{.kind = "startup-dominates",
             .severity = Severity::Warning,
             .message = fmt::format("{} of the workers' time went into starting them, {} for each.",
                                    percent(share), formatDuration(each)),
             .cause = "A process has to be made before it can work; a fresh interpreter or program "
                      "takes far longer than a fork or a thread.",
             .cure = "Start workers once and keep them, begin them as forks, or do more in each.",
             .value = milliseconds(each),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = std::move(cure)}};
}

} // namespace interleave::findings
