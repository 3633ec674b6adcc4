// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks arrive faster than they are served: each waits longer than the one before.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace interleave::findings {

namespace {

constexpr std::size_t kFewestArrivals = 6;
constexpr double kOverTime = 0.3; // of the makespan, from the first arrival to the last
constexpr double kGrowth = 2;     // of the wait, from the first third to the last
constexpr Nanoseconds kFeltWaitInQueueNs = 5'000'000;

struct Arrival {
    TaskId task;
    Nanoseconds ns = 0;
    Nanoseconds waitedNs = 0;
};

using Groups = std::map<std::string, std::vector<Arrival>>;

/// Of each group those whose time had come, not those that other tasks brought about.
Groups arrivalsByGroup(const Evidence& evidence) {
    Groups groups;
    for (const analysis::Submission& submission : evidence.submissions.all()) {
        if (submission.isSpawn) {
            continue;
        }
        const Nanoseconds waited = evidence.inState(submission.task, State::Queued) +
                                   evidence.inState(submission.task, State::Reserved);
        groups[evidence.recording.task(submission.task).group].push_back(
            {submission.task, submission.ns, waited});
    }
    return groups;
}

Nanoseconds meanWait(const std::vector<Arrival>& arrivals, std::size_t from, std::size_t to) {
    Nanoseconds sum = 0;
    for (std::size_t i = from; i < to; ++i) {
        sum += arrivals[i].waitedNs;
    }
    return sum / static_cast<Nanoseconds>(std::max<std::size_t>(to - from, 1));
}

} // namespace

Findings queueUnstable(const Evidence& evidence) {
    Findings found;
    for (const auto& [group, arrivals] : arrivalsByGroup(evidence)) {
        const std::size_t count = arrivals.size();
        if (count < kFewestArrivals ||
            ratio(arrivals.back().ns - arrivals.front().ns, evidence.makespanNs()) < kOverTime) {
            continue;
        }
        const std::size_t third = count / 3;
        const Nanoseconds early = meanWait(arrivals, 0, third);
        const Nanoseconds middle = meanWait(arrivals, third, count - third);
        const Nanoseconds late = meanWait(arrivals, count - third, count);
        // By chance waits go up and down; they have to exceed the time between two arrivals, too.
        const Nanoseconds between =
            (arrivals.back().ns - arrivals.front().ns) / static_cast<Nanoseconds>(count - 1);
        if (static_cast<double>(late) < kGrowth * static_cast<double>(early) || middle <= early ||
            late <= middle || late < std::max(kFeltWaitInQueueNs, between)) {
            continue;
        }
        std::vector<Proof> proofs;
        for (const Arrival& arrival : arrivals) {
            if (arrival.waitedNs > 0) {
                proofs.push_back(
                    evidence.onTask(arrival.task, {arrival.ns, arrival.ns + arrival.waitedNs}));
            }
        }
        found.push_back(
            {.kind = "queue-unstable",
             .severity = Severity::Problem,
             .message = fmt::format(
                 "{} arrived every {} and waited longer and longer: {} in the first "
                 "third, {} in the last.",
                 group, formatDuration(between), formatDuration(early), formatDuration(late)),
             .cause =
                 "More arrives than is served: a queue evens out peaks, it can't make up for too "
                 "little capacity, and grows without end.",
             .cure = "More workers, shorter tasks, or a bounded queue that pushes back.",
             .value = milliseconds(late),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = {{"workers", std::to_string(2 * std::max(evidence.places(), 1))}}});
    }
    return found;
}

} // namespace interleave::findings
