// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/statistics_json.h"

#include <nlohmann/json.hpp>

namespace interleave::analysis {

using Json = nlohmann::ordered_json;
using recording::Recording;

namespace {

template <class T>
void setIfKnown(Json& object, const char* key, const std::optional<T>& value) {
    if (value) {
        object[key] = *value;
    }
}

void setSeconds(Json& object, const char* key, const std::optional<Nanoseconds>& value) {
    if (value) {
        object[key] = toSeconds(*value);
    }
}

bool isTaskState(State state) {
    return !isEnd(state) && state < State::Held;
}

void addStates(Json& json, const StateTotals& states) {
    Json seconds = Json::object();
    Json shares = Json::object();
    const auto total = static_cast<double>(states.total());
    for (int i = 0; i < kStateCount; ++i) {
        const auto state = static_cast<State>(i);
        if (!isTaskState(state)) {
            continue;
        }
        const Nanoseconds ns = states.ns[static_cast<std::size_t>(i)];
        const std::string name(nameOf(state));
        seconds[name] = toSeconds(ns);
        if (total > 0) {
            shares[name] = static_cast<double>(ns) / total;
        }
    }
    json["states_s"] = std::move(seconds);
    json["states_share"] = std::move(shares);
}

Json lockJson(const LockStatistics& lock) {
    Json json;
    json["name"] = lock.name;
    json["kind"] = lock.kind;
    json["holds"] = lock.holds;
    json["hold_s"] = toSeconds(lock.holdNs);
    setSeconds(json, "hold_p50_s", lock.holdP50Ns);
    json["waits"] = lock.waits;
    json["wait_s"] = toSeconds(lock.waitNs);
    setSeconds(json, "wait_p50_s", lock.waitP50Ns);
    setSeconds(json, "wait_p99_s", lock.waitP99Ns);
    json["handoffs"] = lock.handoffs;
    json["forced_handoffs"] = lock.forcedHandoffs;
    json["max_waiters"] = lock.maxWaiters;
    setIfKnown(json, "fairness_jain", lock.fairnessJain);
    return json;
}

Json locksJson(const Recording& recording, const Statistics& statistics) {
    Json locks = Json::array();
    for (const LockStatistics& lock : statistics.locks) {
        locks.push_back(lockJson(lock));
        if (recording.info.kernelTruth == "switches") {
            locks.back()["held_off_core_s"] = toSeconds(lock.heldOffCoreNs);
        }
    }
    return locks;
}

Json queuesJson(const Statistics& statistics) {
    Json queues = Json::array();
    for (const QueueStatistics& queue : statistics.queues) {
        queues.push_back({{"name", queue.name},
                          {"max_depth", queue.maxDepth},
                          {"published", queue.published},
                          {"delivered", queue.delivered}});
    }
    return queues;
}

Json processesJson(const Recording& recording) {
    Json processes = Json::array();
    for (const recording::ProcessInfo& process : recording.processes) {
        Json json{{"pid", process.pid}, {"name", process.name}};
        if (process.peakRssBytes != 0) { // 0: it ended before it was sampled
            json["peak_rss_bytes"] = process.peakRssBytes;
        }
        processes.push_back(std::move(json));
    }
    return processes;
}

/// The threads whose CPU time the kernel has accounted; what it was is checked against the spans.
Json threadsJson(const Recording& recording) {
    Json threads = Json::array();
    for (const recording::WorkerInfo& worker : recording.workers) {
        if (worker.cpuTimeNs && !worker.isControl) {
            threads.push_back({{"name", worker.name},
                               {"pid", worker.pid},
                               {"tid", worker.tid},
                               {"cpu_s", toSeconds(*worker.cpuTimeNs)}});
        }
    }
    return threads;
}

Json diagnosticsJson(const Recording& recording) {
    Json diagnostics = Json::array();
    for (const recording::Diagnostic& diagnostic : recording.diagnostics) {
        diagnostics.push_back({{"kind", diagnostic.kind},
                               {"severity", std::string(nameOf(diagnostic.severity))},
                               {"count", diagnostic.count},
                               {"message", diagnostic.message}});
    }
    return diagnostics;
}

} // namespace

std::string statisticsJson(const Recording& recording, const Statistics& statistics) {
    const recording::RunInfo& info = recording.info;
    Json json;
    json["scenario"] = info.scenario;
    json["model"] = info.model;
    json["source"] = std::string(nameOf(info.source));
    json["workers"] = info.workers;
    json["cores"] = info.cores;
    json["seed"] = info.seed;
    if (!info.kernelTruth.empty()) {
        json["kernel_truth"] = info.kernelTruth;
    }
    json["makespan_s"] = toSeconds(statistics.makespanNs);
    setSeconds(json, "cpu_s", statistics.cpuNs);
    setIfKnown(json, "parallelism_max", statistics.parallelismMax);
    setIfKnown(json, "parallelism_mean", statistics.parallelismMean);
    setIfKnown(json, "peak_rss_bytes", statistics.peakRssBytes);
    json["tasks"] = {{"total", statistics.tasksTotal},
                     {"done", statistics.tasksDone},
                     {"failed", statistics.tasksFailed},
                     {"cancelled", statistics.tasksCancelled}};
    addStates(json, statistics.states);
    if (statistics.voluntarySwitches) {
        Json switches{{"voluntary", *statistics.voluntarySwitches}};
        setIfKnown(switches, "involuntary", statistics.involuntarySwitches);
        setIfKnown(switches, "migrations", statistics.migrations);
        json["switches"] = std::move(switches);
    }
    json["locks"] = locksJson(recording, statistics);
    json["queues"] = queuesJson(statistics);
    json["processes"] = processesJson(recording);
    json["threads"] = threadsJson(recording);
    json["diagnostics"] = diagnosticsJson(recording);
    // Names may come from foreign programs: bytes that are no UTF-8 become U+FFFD.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace interleave::analysis
