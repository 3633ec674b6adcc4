// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/statistics_json.h"

#include <algorithm>
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

void addDurations(Json& json, const std::string& name, const DurationSummary& summary) {
    setSeconds(json, (name + "_mean_s").c_str(), summary.meanNs);
    setSeconds(json, (name + "_p50_s").c_str(), summary.p50Ns);
    setSeconds(json, (name + "_p99_s").c_str(), summary.p99Ns);
    setSeconds(json, (name + "_max_s").c_str(), summary.maximumNs);
}

/// "dead-lettered" -> "dead_lettered"
std::string keyOf(recording::CopyEnd end) {
    std::string key(nameOf(end));
    std::ranges::replace_if(
        key, [](char c) { return c == '-' || c == ' '; }, '_');
    return key;
}

void addTotals(Json& json, const MessageTotals& totals) {
    json["acked"] = totals.acked;
    json["redelivered"] = totals.redelivered;
    json["routed"] = totals.routed;
    json["dead_letters_in"] = totals.deadLettersIn;
    json["requeued"] = totals.requeued;
    json["rejected"] = totals.rejected;
    json["expired"] = totals.expired;
    json["overflowed"] = totals.overflowed;
    json["lost_after_ack"] = totals.lostAfterAck;
    Json ends = Json::object();
    for (std::size_t i = 0; i < kCopyEnds; ++i) {
        ends[keyOf(static_cast<recording::CopyEnd>(i))] = totals.ends.count[i];
    }
    json["ends"] = std::move(ends);
    addDurations(json, "queue_time", totals.queueTime);
    addDurations(json, "unacked_time", totals.unackedTime);
}

Json queuesJson(const Statistics& statistics) {
    Json queues = Json::array();
    for (const QueueStatistics& queue : statistics.queues) {
        Json json{{"name", queue.name},
                  {"kind", queue.kind},
                  {"max_depth", queue.maxDepth},
                  {"published", queue.published},
                  {"delivered", queue.delivered}};
        if (queue.messages) {
            addTotals(json, queue.messages->totals);
            json["max_unacked"] = queue.messages->maxUnacked;
            json["consumers"] = queue.messages->consumers;
        }
        queues.push_back(std::move(json));
    }
    return queues;
}

Json messagesJson(const MessageReport& report) {
    Json json{{"published", report.published}, {"unroutable", report.unroutable},
              {"returned", report.returned},   {"confirmed", report.confirmed},
              {"refused", report.refused},     {"delivered", report.totals.delivered}};
    addTotals(json, report.totals);
    addDurations(json, "task_queue_time", report.taskQueueTime);
    json["unaccounted"] = report.unaccounted;
    json["unpaired_steps"] = report.unpairedSteps;
    json["repeated_steps"] = report.repeatedSteps;
    return json;
}

/// Who had nothing to do while others had reserved tasks.
Json backlogJson(const Recording& recording, const ReservedBacklog& backlog) {
    Json workers = Json::array();
    for (const WorkerBacklog& each : backlog.workers) {
        workers.push_back({{"worker", recording.worker(each.worker).name},
                           {"consumer", recording.worker(each.consumer).name},
                           {"idle_s", toSeconds(each.idleNs)},
                           {"idle_while_reserved_elsewhere_s", toSeconds(each.starvedNs)}});
    }
    Json consumers = Json::array();
    for (const ConsumerBacklog& each : backlog.consumers) {
        consumers.push_back({{"consumer", recording.worker(each.consumer).name},
                             {"delivered", each.delivered},
                             {"max_reserved", each.mostReserved},
                             {"reserved_s", toSeconds(each.reservedNs)}});
    }
    return {{"idle_while_reserved_elsewhere_s", toSeconds(backlog.starvedNs)},
            {"workers", std::move(workers)},
            {"consumers", std::move(consumers)}};
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
    if (statistics.messages) {
        json["messages"] = messagesJson(*statistics.messages);
        json["prefetch"] = backlogJson(recording, statistics.backlog);
    }
    json["processes"] = processesJson(recording);
    json["threads"] = threadsJson(recording);
    json["diagnostics"] = diagnosticsJson(recording);
    // Names may come from foreign programs: bytes that are no UTF-8 become U+FFFD.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace interleave::analysis
