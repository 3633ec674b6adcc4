// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks that failed together and try again together, all at the same moment.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace interleave::findings {

namespace {

constexpr std::size_t kFewestRetries = 10;
constexpr std::size_t kHerd = 3;    // at one moment
constexpr double kInHerds = 0.5;    // of all retries
constexpr double kSameMoment = 0.1; // of the pause before a retry
constexpr Nanoseconds kPauseFloorNs = 1'000'000;

struct Retry {
    Nanoseconds endNs = 0; // of the pause
    Proof proof;
    Nanoseconds pauseNs = 0;
};

struct Herds {
    std::size_t largest = 0;
    std::size_t retries = 0; // in any herd
    std::vector<Proof> proofs;
};

/// `retries` by end.
Herds herdsOf(const std::vector<Retry>& retries, Nanoseconds window) {
    Herds herds;
    for (std::size_t first = 0; first < retries.size();) {
        std::size_t last = first;
        while (last < retries.size() && retries[last].endNs - retries[first].endNs <= window) {
            ++last;
        }
        const std::size_t count = last - first;
        if (count >= kHerd) {
            herds.retries += count;
            herds.largest = std::max(herds.largest, count);
            for (std::size_t i = first; i < last; ++i) {
                herds.proofs.push_back(retries[i].proof);
            }
        }
        first = last;
    }
    return herds;
}

} // namespace

Findings retryStorm(const Evidence& evidence) {
    std::map<std::string, std::vector<Retry>> groups;
    evidence.forEachTaskSpan(
        State::Retrying, [&](TaskId task, std::size_t i, const recording::SpanColumns& spans) {
            const TimeRange pause = spans.rangeAt(i);
            groups[evidence.recording.task(task).group].push_back(
                {pause.endNs, evidence.onTask(task, pause), pause.durationNs()});
        });
    Findings found;
    for (auto& [group, retries] : groups) {
        if (retries.size() < kFewestRetries) {
            continue;
        }
        std::ranges::sort(retries, {}, &Retry::endNs);
        std::vector<Nanoseconds> pauses;
        for (const Retry& retry : retries) {
            pauses.push_back(retry.pauseNs);
        }
        const auto window = static_cast<Nanoseconds>(
            kSameMoment * static_cast<double>(std::max(medianOf(pauses), kPauseFloorNs)));
        Herds herds = herdsOf(retries, window);
        const double share =
            static_cast<double>(herds.retries) / static_cast<double>(retries.size());
        if (share < kInHerds) {
            continue;
        }
        found.push_back(
            {.kind = "retry-storm",
             .severity = Severity::Warning,
             .message = fmt::format(
                 "{} tried again {} times, up to {} of them within {}; {} of all "
                 "came in such herds.",
                 group, retries.size(), herds.largest, formatDuration(window), percent(share)),
             .cause = "What failed together and waits equally long comes back together, and "
                      "overloads what was overloaded before.",
             .cure = "Wait longer after each try (backoff) and each a little differently (jitter).",
             .value = static_cast<double>(herds.largest),
             .unit = "count",
             .evidence = std::move(herds.proofs),
             .tryIt = {}});
    }
    return found;
}

} // namespace interleave::findings
