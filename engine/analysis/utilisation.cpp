// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/utilisation.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace interleave::analysis {

using recording::Counter;
using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

const Counter* otherLoadOf(const Recording& recording, std::uint32_t core) {
    const auto found = std::ranges::find_if(recording.counters, [&](const Counter& counter) {
        return counter.name == "other load" && counter.subject == core;
    });
    return found == recording.counters.end() ? nullptr : &*found;
}

std::string processName(const Recording& recording, std::uint32_t pid) {
    const auto found = std::ranges::find(recording.processes, pid, &recording::ProcessInfo::pid);
    return found == recording.processes.end() || found->name.empty()
               ? fmt::format("process {}", pid)
               : found->name;
}

} // namespace

std::vector<CoreUtilisation> coreUtilisation(const Recording& recording, const Buckets& buckets) {
    std::vector<CoreUtilisation> cores;
    for (const TrackId id : recording.tracksOf(TrackKind::Core)) {
        const Track& track = recording.track(id);
        CoreUtilisation core{track.subject, {}, {}, {}};
        core.busy = coveredShare(rangesInState(track, State::Running, buckets.range), buckets);
        const Counter* const load = otherLoadOf(recording, track.subject);
        core.other = load != nullptr
                         ? meanPerBucket(stepsOf(*load), buckets)
                         : coveredShare(rangesInState(track, State::Other, buckets.range), buckets);
        for (std::size_t i = 0; i < buckets.count; ++i) {
            // Sampled load is an average over its period and may claim time that was ours.
            core.busy[i] = std::clamp(core.busy[i], 0.0, 1.0);
            core.other[i] = std::clamp(core.other[i], 0.0, 1.0 - core.busy[i]);
            core.idle.push_back(1.0 - core.busy[i] - core.other[i]);
        }
        cores.push_back(std::move(core));
    }
    return cores;
}

std::vector<ProcessUtilisation> processUtilisation(const Recording& recording,
                                                   const Buckets& buckets) {
    std::map<std::uint32_t, ProcessUtilisation> byPid;
    for (const TrackId id : recording.tracksOf(TrackKind::Worker)) {
        const Track& track = recording.track(id);
        const std::uint32_t pid = recording.worker(WorkerId{track.subject}).pid;
        ProcessUtilisation& process = byPid[pid];
        process.pid = pid;
        process.cores.resize(buckets.count, 0.0);
        const std::vector<double> share =
            coveredShare(rangesInState(track, State::Running, buckets.range), buckets);
        for (std::size_t i = 0; i < buckets.count; ++i) {
            process.cores[i] += share[i];
        }
    }
    std::vector<ProcessUtilisation> processes;
    for (auto& [pid, process] : byPid) {
        process.name = processName(recording, pid);
        processes.push_back(std::move(process));
    }
    return processes;
}

StepFunction tasksInState(const Recording& recording, State state) {
    return spansAtOnce(tracksOfKind(recording, TrackKind::Task), state);
}

std::optional<SwitchRates> switchRates(const Recording& recording, const Buckets& buckets) {
    if (recording.info.kernelTruth != "switches") {
        return std::nullopt;
    }
    SwitchRates rates{std::vector<double>(buckets.count, 0.0),
                      std::vector<double>(buckets.count, 0.0)};
    std::size_t bucket = 0;
    for (const recording::Switch& leave : recording.switches) {
        if (!buckets.range.contains(leave.timeNs)) {
            continue;
        }
        while (buckets.at(bucket).endNs <= leave.timeNs) {
            ++bucket;
        }
        (leave.isPreempted ? rates.involuntary : rates.voluntary)[bucket] += 1;
    }
    for (std::size_t i = 0; i < buckets.count; ++i) {
        const double seconds = toSeconds(buckets.at(i).durationNs());
        rates.voluntary[i] = seconds > 0 ? rates.voluntary[i] / seconds : 0;
        rates.involuntary[i] = seconds > 0 ? rates.involuntary[i] / seconds : 0;
    }
    return rates;
}

std::vector<MemoryCurve> memoryCurves(const Recording& recording) {
    std::vector<MemoryCurve> curves;
    for (const Counter& counter : recording.counters) {
        if (counter.name == "rss" || counter.name == "pss") {
            curves.push_back({counter.subject, processName(recording, counter.subject),
                              counter.name == "pss", stepsOf(counter)});
        }
    }
    return curves;
}

StepFunction totalRss(const Recording& recording) {
    std::vector<std::pair<Nanoseconds, double>> changes;
    for (const Counter& counter : recording.counters) {
        double previous = 0;
        for (std::size_t i = 0; counter.name == "rss" && i < counter.time.size(); ++i) {
            changes.emplace_back(counter.time[i], counter.value[i] - previous);
            previous = counter.value[i];
        }
    }
    std::ranges::sort(changes, {}, &std::pair<Nanoseconds, double>::first);
    StepFunction total;
    double sum = 0;
    for (const auto& [time, change] : changes) {
        sum += change;
        if (!total.time.empty() && total.time.back() == time) {
            total.value.back() = sum;
        } else {
            total.time.push_back(time);
            total.value.push_back(sum);
        }
    }
    return total;
}

} // namespace interleave::analysis
