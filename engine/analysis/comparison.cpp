// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/comparison.h"

#include "engine/analysis/aligned_table.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

namespace interleave::analysis {

using Json = nlohmann::ordered_json;
using recording::Recording;

namespace {

constexpr State kWaits[] = {State::Ready,     State::WaitingGil, State::WaitingLock,
                            State::WaitingIo, State::Suspended,  State::Blocked};

double shareOf(const StateTotals& states, std::span<const State> which) {
    const auto total = static_cast<double>(states.total());
    double sum = 0;
    for (const State state : which) {
        sum += static_cast<double>(states.ns[static_cast<std::size_t>(state)]);
    }
    return total > 0 ? sum / total : 0;
}

std::string details(const recording::RunInfo& info) {
    std::string text = fmt::format("{} workers", info.workers);
    for (const auto& [key, value] : info.parameters) {
        text += fmt::format(", {}={}", key, value);
    }
    return text;
}

/// The model names a row; where that isn't enough, the scenario and the parameters do.
void makeLabels(std::vector<ComparisonRow>& rows) {
    const bool sameScenario = std::ranges::all_of(
        rows, [&](const ComparisonRow& row) { return row.info.scenario == rows[0].info.scenario; });
    for (ComparisonRow& row : rows) {
        row.label = sameScenario ? row.info.model
                                 : fmt::format("{}: {}", row.info.scenario, row.info.model);
    }
    std::map<std::string, int> uses;
    for (const ComparisonRow& row : rows) {
        ++uses[row.label];
    }
    std::map<std::string, int> again;
    for (ComparisonRow& row : rows) {
        if (uses[row.label] > 1) {
            row.label += fmt::format(" ({})", details(row.info));
        }
        if (const int number = ++again[row.label]; number > 1) {
            row.label += fmt::format(" #{}", number);
        }
    }
}

std::string bytesText(std::uint64_t bytes) {
    const auto value = static_cast<double>(bytes);
    return value < 1e9 ? fmt::format("{:.1f} MB", value / 1e6)
                       : fmt::format("{:.2f} GB", value / 1e9);
}

template <class T, class Format>
std::string known(const std::optional<T>& value, Format&& format) {
    return value ? format(*value) : "-";
}

std::vector<std::string> cellsOf(const ComparisonRow& row) {
    const Statistics& s = row.statistics;
    const auto number = [](auto value) { return fmt::format("{}", value); };
    const auto twoDigits = [](double value) { return fmt::format("{:.2f}", value); };
    return {row.label,
            formatDuration(s.makespanNs),
            known(row.speedUp, [](double v) { return fmt::format("{:.2f}x", v); }),
            known(s.cpuNs, [](Nanoseconds v) { return formatDuration(v); }),
            known(s.parallelismMean, twoDigits),
            known(s.peakRssBytes, bytesText),
            known(s.voluntarySwitches, number),
            known(s.involuntarySwitches, number),
            fmt::format("{:.0f} %", row.runningShare * 100),
            fmt::format("{:.0f} %", row.waitingShare * 100),
            fmt::format("{}/{}", s.tasksDone, s.tasksTotal)};
}

/// Of runs with a broker: how long the messages of tasks lay in queues, and what came twice or not
/// at all.
std::vector<std::string> messageCellsOf(const ComparisonRow& row) {
    const std::optional<MessageReport>& messages = row.statistics.messages;
    if (!messages) {
        return {"-", "-", "-"};
    }
    const auto time = [](Nanoseconds v) { return formatDuration(v); };
    return {known(messages->taskQueueTime.p50Ns, time),
            fmt::format("{}", messages->totals.redelivered),
            fmt::format("{}", messages->totals.ends.of(recording::CopyEnd::Lost))};
}

void append(std::vector<std::string>& line, std::vector<std::string> cells) {
    line.insert(line.end(), std::make_move_iterator(cells.begin()),
                std::make_move_iterator(cells.end()));
}

} // namespace

Comparison compare(std::span<const std::shared_ptr<const Recording>> recordings) {
    Comparison comparison;
    for (const auto& recording : recordings) {
        ComparisonRow row;
        row.info = recording->info;
        row.statistics = statisticsOf(*recording);
        const State running[] = {State::Running};
        row.runningShare = shareOf(row.statistics.states, running);
        row.waitingShare = shareOf(row.statistics.states, kWaits);
        comparison.rows.push_back(std::move(row));
    }
    if (comparison.rows.empty()) {
        return comparison;
    }
    const auto sequential = std::ranges::find_if(
        comparison.rows, [](const ComparisonRow& row) { return row.info.model == "sequential"; });
    if (sequential != comparison.rows.end()) {
        comparison.reference = static_cast<std::size_t>(sequential - comparison.rows.begin());
    }
    const ComparisonRow& reference = comparison.rows[comparison.reference];
    const auto base = static_cast<double>(reference.statistics.makespanNs);
    const std::string scenario = reference.info.scenario;
    for (ComparisonRow& row : comparison.rows) {
        // Of another scenario it would compare different work.
        if (row.statistics.makespanNs > 0 && base > 0 && row.info.scenario == scenario) {
            row.speedUp = base / static_cast<double>(row.statistics.makespanNs);
        }
    }
    makeLabels(comparison.rows);
    return comparison;
}

std::string comparisonTable(const Comparison& comparison) {
    TableLines lines{{"run", "makespan", "speed-up", "cpu", "parallelism", "peak rss", "voluntary",
                      "involuntary", "running", "waiting", "done"}};
    const bool hasMessages = std::ranges::any_of(comparison.rows, [](const ComparisonRow& row) {
        return row.statistics.messages.has_value();
    });
    if (hasMessages) {
        append(lines[0], {"queue time", "redelivered", "lost"});
    }
    for (const ComparisonRow& row : comparison.rows) {
        lines.push_back(cellsOf(row));
        if (hasMessages) {
            append(lines.back(), messageCellsOf(row));
        }
    }
    return alignedTable(lines);
}

std::string comparisonJson(const Comparison& comparison) {
    Json rows = Json::array();
    for (const ComparisonRow& row : comparison.rows) {
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
        json["running_share"] = row.runningShare;
        json["waiting_share"] = row.waitingShare;
        json["tasks"] = {{"total", s.tasksTotal},
                         {"done", s.tasksDone},
                         {"failed", s.tasksFailed},
                         {"cancelled", s.tasksCancelled}};
        rows.push_back(std::move(json));
    }
    return rows.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace interleave::analysis
