// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/comparison.h"

#include <nlohmann/json.hpp>

namespace interleave::analysis {

using Json = nlohmann::ordered_json;

namespace {

Json linesJson(const FinishLines& lines) {
    return {{"work_over_cores_s", toSeconds(lines.workOverCoresNs)},
            {"critical_path_s", toSeconds(lines.criticalPathNs)},
            {"amdahl_s", toSeconds(lines.amdahlNs)},
            {"serial_s", toSeconds(lines.serialNs)},
            {"work_s", toSeconds(lines.workNs)}};
}

void addFacts(Json& json, const ComparisonRow& row) {
    json["processes"] = row.facts.processes;
    json["threads"] = row.facts.threads;
    json["who_switches"] = row.facts.whoSwitches;
    if (row.facts.coresUsed) {
        json["processors_used"] = *row.facts.coresUsed;
    }
    if (row.facts.overheadPerTaskNs) {
        json["overhead_per_task_s"] = toSeconds(*row.facts.overheadPerTaskNs);
    }
    if (row.waterfall) {
        Json parts = Json::object();
        for (std::size_t i = 0; i < kParts; ++i) {
            const auto part = static_cast<Part>(i);
            parts[std::string(nameOf(part))] = row.waterfall->of(part);
        }
        json["waterfall"] = {{"places", row.waterfall->places},
                             {"makespan_ns", row.waterfall->makespanNs},
                             {"parts_ns", std::move(parts)}};
    }
}

/// How far the runs of the same kind lie apart; nothing of a single one.
void addGroup(Json& json, const Comparison& comparison, const RunGroup& group) {
    json["runs"] = group.rows.size();
    if (group.rows.size() < 2) {
        return;
    }
    const auto add = [&](const char* key, auto&& value, double unit) {
        if (const std::optional<Spread> spread = spreadIn(comparison, group, value)) {
            json[key] = {{"min", spread->minimum * unit},
                         {"median", spread->median * unit},
                         {"max", spread->maximum * unit}};
        }
    };
    add(
        "makespan_spread_s",
        [](const ComparisonRow& row) {
            return std::optional<double>(static_cast<double>(row.statistics.makespanNs));
        },
        1e-9);
    add(
        "speed_up_spread", [](const ComparisonRow& row) { return row.speedUp; }, 1);
    add(
        "cpu_spread_s",
        [](const ComparisonRow& row) -> std::optional<double> { return row.statistics.cpuNs; },
        1e-9);
}

} // namespace

std::string comparisonJson(const Comparison& comparison) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
        const ComparisonRow& row = comparison.rows[i];
        const Statistics& s = row.statistics;
        Json json{{"label", row.label},          {"scenario", row.info.scenario},
                  {"model", row.info.model},     {"source", std::string(nameOf(row.info.source))},
                  {"workers", row.info.workers}, {"cores", row.info.cores},
                  {"seed", row.info.seed},       {"makespan_s", toSeconds(s.makespanNs)}};
        const auto set = [&json](const char* key, const auto& value) {
            if (value) {
                json[key] = *value;
            }
        };
        set("speed_up", row.speedUp);
        set("cpu_s", s.cpuNs ? std::optional(toSeconds(*s.cpuNs)) : std::nullopt);
        set("parallelism_max", s.parallelismMax);
        set("parallelism_mean", s.parallelismMean);
        set("peak_rss_bytes", s.peakRssBytes);
        set("switches_voluntary", s.voluntarySwitches);
        set("switches_involuntary", s.involuntarySwitches);
        if (s.messages) {
            const auto seconds = [](Nanoseconds ns) { return toSeconds(ns); };
            set("task_queue_time_mean_s", s.messages->taskQueueTime.meanNs.transform(seconds));
            set("task_queue_time_p50_s", s.messages->taskQueueTime.p50Ns.transform(seconds));
            set("task_queue_time_p99_s", s.messages->taskQueueTime.p99Ns.transform(seconds));
            json["redelivered"] = s.messages->totals.redelivered;
            json["lost"] = s.messages->totals.ends.of(recording::CopyEnd::Lost);
            json["idle_while_reserved_elsewhere_s"] = toSeconds(s.backlog.starvedNs);
        }
        set("efficiency", row.efficiency);
        addFacts(json, row);
        addGroup(json, comparison, comparison.groups[row.group]);
        json["running_share"] = row.runningShare;
        json["waiting_share"] = row.waitingShare;
        json["tasks"] = {{"total", s.tasksTotal},
                         {"done", s.tasksDone},
                         {"failed", s.tasksFailed},
                         {"cancelled", s.tasksCancelled}};
        if (i == comparison.reference && comparison.lines) {
            json["finish_lines"] = linesJson(*comparison.lines);
        }
        rows.push_back(std::move(json));
    }
    return rows.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace interleave::analysis
