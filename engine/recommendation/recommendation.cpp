// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommendation/recommendation.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::recommendation {

namespace {

/// What making a worker costs, estimated: orders of magnitude, for a run that made none of that
/// kind. They only decide where the work itself is that short.
constexpr Nanoseconds kThreadStartNs = 100'000;
constexpr Nanoseconds kForkNs = 5'000'000;
constexpr Nanoseconds kInterpreterForkNs = 20'000'000;
constexpr int kMostWorkers = 200;
/// As fast as that counts as equally fast: then what it needs decides.
constexpr double kTie = 1.1;
constexpr double kClear = 1.5;
constexpr double kDisturbed = 0.2;

std::string shareText(double share) {
    return fmt::format("{:.0f} %", share * 100);
}

/// Enough that somebody always computes while the others wait.
int workersFor(const Workload& work, bool computesInParallel) {
    const double useful = computesInParallel ? work.cores : 1;
    const double waits =
        work.computeNs > 0 ? static_cast<double>(work.waitNs) / static_cast<double>(work.computeNs)
                           : kMostWorkers;
    const double wanted = std::min(useful * (1 + waits) + 0.999, double{kMostWorkers});
    const auto most = static_cast<double>(std::max<std::uint64_t>(work.tasks, 1));
    return std::max(1, static_cast<int>(std::min(wanted, most)));
}

/// Some may not run at once whatever the model: chains of tasks, and what one lock protects.
Nanoseconds serialBound(const Workload& work) {
    return std::max(work.criticalPathNs, work.lockHeldNs);
}

Nanoseconds shared(Nanoseconds sum, int among) {
    return sum / std::max(among, 1);
}

Candidate candidate(std::string model, int workers, Nanoseconds bound, Nanoseconds extra,
                    std::string limit, const Workload& work) {
    const Nanoseconds serial = serialBound(work);
    return {std::move(model), workers, std::max(bound, serial) + extra,
            serial > bound ? "what has to come one after the other" : std::move(limit)};
}

struct StartCost {
    Nanoseconds eachNs = 0;
    bool isMeasured = false;
};

StartCost threadStart(const Workload& work) {
    return {work.threadStartNs.value_or(kThreadStartNs), work.threadStartNs.has_value()};
}

StartCost processStart(const Workload& work) {
    return {work.processStartNs.value_or(work.isPython ? kInterpreterForkNs : kForkNs),
            work.processStartNs.has_value()};
}

Candidate eventLoop(const Workload& work) {
    return candidate(work.isPython ? "python-asyncio" : "event-loop", 1, work.computeNs, 0,
                     "all that is computed, in one thread", work);
}

Candidate threadsWithGil(const Workload& work) {
    const int workers = workersFor(work, false);
    return candidate(work.isPython ? "python-threads" : "gil-threads", workers,
                     std::max(work.computeNs, shared(work.computeNs + work.waitNs, workers)),
                     threadStart(work).eachNs * workers,
                     "all that is computed, under one interpreter lock", work);
}

Candidate plainThreads(const Workload& work) {
    const int workers = workersFor(work, true);
    return candidate(
        "threads", workers,
        std::max(shared(work.computeNs, work.cores), shared(work.computeNs + work.waitNs, workers)),
        threadStart(work).eachNs * workers, "all that is computed, on all cores", work);
}

Candidate processes(const Workload& work) {
    const int workers = workersFor(work, true);
    const StartCost start = processStart(work);
    return candidate(
        work.isPython ? "python-processes" : "processes", workers,
        std::max(shared(work.computeNs, work.cores), shared(work.computeNs + work.waitNs, workers)),
        start.eachNs * workers + work.transferNs.value_or(0),
        fmt::format("all that is computed, on all cores, and starting the processes ({} each, {})",
                    formatDuration(start.eachNs), start.isMeasured ? "measured" : "estimated"),
        work);
}

Candidate sequential(const Workload& work) {
    return candidate(work.isPython ? "python-sequential" : "sequential", 1,
                     work.computeNs + work.waitNs, 0, "everything, one after the other", work);
}

/// In the order of what they need: one thread, threads, processes.
std::vector<Candidate> candidatesFor(const Workload& work) {
    std::vector<Candidate> all{sequential(work), eventLoop(work)};
    if (work.isPython) {
        all.push_back(threadsWithGil(work));
    } else {
        all.push_back(plainThreads(work));
        all.push_back(threadsWithGil(work));
    }
    all.push_back(processes(work));
    return all;
}

bool isAboutAsFast(const Candidate& candidate, Nanoseconds best) {
    return static_cast<double>(candidate.estimatedNs) <= kTie * static_cast<double>(best);
}

void rank(std::vector<Candidate>& candidates) {
    const Nanoseconds best = std::ranges::min(candidates, {}, &Candidate::estimatedNs).estimatedNs;
    const auto tied = std::ranges::stable_partition(
        candidates, [&](const Candidate& each) { return isAboutAsFast(each, best); });
    std::ranges::stable_sort(tied, {}, &Candidate::estimatedNs);
}

std::string workReason(const Workload& work) {
    return fmt::format(
        "{} {}: on average {} on a core and {} of waiting for I/O and timers, {} computing.",
        work.tasks, work.tasks == 1 ? "task" : "tasks", formatDuration(work.computePerTaskNs()),
        formatDuration(work.waitPerTaskNs()), shareText(work.computeShare()));
}

void addReasons(Recommendation& result) {
    const Workload& work = result.workload;
    std::vector<std::string>& reasons = result.reasons;
    reasons.push_back(workReason(work));
    if (work.tasks <= 1) {
        reasons.emplace_back("There is one task: no model makes it faster before it is divided.");
        return;
    }
    const Candidate& best = result.best();
    reasons.push_back(fmt::format("{} is estimated at {}, limited by {}.", best.model,
                                  formatDuration(best.estimatedNs), best.limit));
    for (std::size_t i = 1; i < result.candidates.size(); ++i) {
        const Candidate& other = result.candidates[i];
        reasons.push_back(
            isAboutAsFast(other, best.estimatedNs)
                ? fmt::format("{} would be about as fast ({}) and needs more.", other.model,
                              formatDuration(other.estimatedNs))
                : fmt::format("{}: {}, {:.1f} times as long, limited by {}.", other.model,
                              formatDuration(other.estimatedNs),
                              static_cast<double>(other.estimatedNs) /
                                  static_cast<double>(std::max<Nanoseconds>(best.estimatedNs, 1)),
                              other.limit));
    }
    if (work.lockHeldNs > work.criticalPathNs && work.lockHeldNs * 2 > best.estimatedNs) {
        reasons.push_back(fmt::format("A lock is held {} in all: under every model that is the "
                                      "least it takes.",
                                      formatDuration(work.lockHeldNs)));
    }
}

void judge(Recommendation& result) {
    const Workload& work = result.workload;
    const bool wantsProcesses = result.best().model.ends_with("processes");
    if (work.tasks <= 1) {
        result.sureness = Sureness::High;
        result.doubt = "How well the work can be divided is not in the recording.";
        return;
    }
    const double gap = static_cast<double>(result.candidates[1].estimatedNs) /
                       static_cast<double>(std::max<Nanoseconds>(result.best().estimatedNs, 1));
    result.sureness = gap >= kClear ? Sureness::High
                      : gap >= kTie ? Sureness::Medium
                                    : Sureness::Low;
    result.doubt =
        gap < kTie ? fmt::format("The first two are less than {:.0f} % apart.", (kTie - 1) * 100)
                   : "";
    const auto lower = [&](std::string why) {
        result.sureness = std::min(result.sureness, Sureness::Medium);
        result.doubt += (result.doubt.empty() ? "" : " ") + std::move(why);
    };
    if (wantsProcesses && !work.transferNs) {
        lower("What processes would have to send each other is not known from this run.");
    }
    if (work.disturbedShare > kDisturbed) {
        lower(fmt::format("Other programs had a core for {} of the workers' time.",
                          shareText(work.disturbedShare)));
    }
    if (!work.knowsCores) {
        lower("The kernel's switches were not seen: waiting for a core may count as computing.");
    }
}

} // namespace

std::string_view nameOf(Sureness sureness) {
    constexpr std::string_view kNames[] = {"low", "medium", "high"};
    return kNames[static_cast<std::size_t>(sureness)];
}

Recommendation recommend(const Workload& workload) {
    Recommendation result;
    result.workload = workload;
    result.candidates = candidatesFor(workload);
    rank(result.candidates);
    addReasons(result);
    judge(result);
    return result;
}

std::optional<Recommendation> recommend(const recording::Recording& recording) {
    const auto workload = workloadOf(recording);
    return workload ? std::optional(recommend(*workload)) : std::nullopt;
}

} // namespace interleave::recommendation
