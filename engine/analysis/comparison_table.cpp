// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/aligned_table.h"
#include "engine/analysis/comparison.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace interleave::analysis {

namespace {

std::string bytesText(double value) {
    return value < 1e9 ? fmt::format("{:.1f} MB", value / 1e6)
                       : fmt::format("{:.2f} GB", value / 1e9);
}

std::string durationText(double ns) {
    return formatDuration(static_cast<Nanoseconds>(ns));
}

std::string timesText(double value) {
    return fmt::format("{:.2f}x", value);
}

std::string shareText(double value) {
    return fmt::format("{:.0f} %", value * 100);
}

std::string countText(double value) {
    return fmt::format("{:.0f}", value);
}

/// Of the runs of a group: one number where they agree, else the median and from where to where.
template <class Value, class Format>
std::string cell(const Comparison& comparison, const RunGroup& group, Value&& value,
                 Format&& format) {
    const std::optional<Spread> spread = spreadIn(comparison, group, value);
    if (!spread) {
        return "-";
    }
    const SpreadText text = spreadText(*spread, format);
    return text.range.empty() ? text.value : fmt::format("{} ({})", text.value, text.range);
}

std::vector<std::string> cellsOf(const Comparison& comparison, const RunGroup& group) {
    using Row = const ComparisonRow&;
    const auto in = [&](auto&& value, auto&& format) {
        return cell(comparison, group, value, format);
    };
    const auto whole = [](const auto& value) {
        return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
    };
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    for (const std::size_t row : group.rows) {
        done += comparison.rows[row].statistics.tasksDone;
        total += comparison.rows[row].statistics.tasksTotal;
    }
    const auto makespan = [](Row row) {
        return std::optional<double>(static_cast<double>(row.statistics.makespanNs));
    };
    return {nameOf(comparison, group),
            in(makespan, durationText),
            in([](Row row) { return row.speedUp; }, timesText),
            in([](Row row) { return row.efficiency; }, shareText),
            in([&](Row row) { return whole(row.statistics.cpuNs); }, durationText),
            in([](Row row) { return row.statistics.parallelismMean; },
               [](double value) { return fmt::format("{:.2f}", value); }),
            in([](Row row) { return std::optional<double>(row.facts.processes); }, countText),
            in([](Row row) { return std::optional<double>(row.facts.threads); }, countText),
            in([&](Row row) { return whole(row.statistics.peakRssBytes); }, bytesText),
            in([&](Row row) { return whole(row.statistics.voluntarySwitches); }, countText),
            in([&](Row row) { return whole(row.statistics.involuntarySwitches); }, countText),
            in([](Row row) { return std::optional<double>(row.runningShare); }, shareText),
            in([](Row row) { return std::optional<double>(row.waitingShare); }, shareText),
            fmt::format("{}/{}", done, total)};
}

/// Of runs with a broker: how long the messages of tasks lay in queues, and what came twice or not
/// at all.
std::vector<std::string> messageCellsOf(const Comparison& comparison, const RunGroup& group) {
    using Row = const ComparisonRow&;
    const auto in = [&](auto&& value, auto&& format) {
        return cell(
            comparison, group,
            [&](Row row) -> std::optional<double> {
                return row.statistics.messages ? value(*row.statistics.messages) : std::nullopt;
            },
            format);
    };
    using Known = std::optional<double>;
    return {in([](const MessageReport& report) -> Known { return report.taskQueueTime.p50Ns; },
               durationText),
            in([](const MessageReport& report)
                   -> Known { return static_cast<double>(report.totals.redelivered); },
               countText),
            in(
                [](const MessageReport& report) -> Known {
                    return static_cast<double>(report.totals.ends.of(recording::CopyEnd::Lost));
                },
                countText)};
}

void append(std::vector<std::string>& line, std::vector<std::string> cells) {
    line.insert(line.end(), std::make_move_iterator(cells.begin()),
                std::make_move_iterator(cells.end()));
}

} // namespace

std::string nameOf(const Comparison& comparison, const RunGroup& group) {
    const ComparisonRow& first = comparison.rows[group.rows.front()];
    if (group.rows.size() == 1) {
        return first.label;
    }
    const auto sameModel = std::ranges::count_if(comparison.groups, [&](const RunGroup& other) {
        return comparison.rows[other.rows.front()].info.model == first.info.model;
    });
    return fmt::format("{} ({} runs)", sameModel == 1 ? first.info.model : first.label,
                       group.rows.size());
}

SpreadText spreadText(const Spread& spread, const std::function<std::string(double)>& format) {
    const std::string least = format(spread.minimum);
    const std::string most = format(spread.maximum);
    return least == most ? SpreadText{most, {}}
                         : SpreadText{format(spread.median), fmt::format("{} to {}", least, most)};
}

std::string comparisonTable(const Comparison& comparison) {
    std::vector<std::vector<std::string>> lines{
        {"run", "makespan", "speed-up", "efficiency", "cpu", "parallelism", "processes", "threads",
         "peak rss", "voluntary", "involuntary", "running", "waiting", "done"}};
    const bool hasMessages = std::ranges::any_of(comparison.rows, [](const ComparisonRow& row) {
        return row.statistics.messages.has_value();
    });
    if (hasMessages) {
        append(lines[0], {"queue time", "redelivered", "lost"});
    }
    for (const RunGroup& group : comparison.groups) {
        lines.push_back(cellsOf(comparison, group));
        if (hasMessages) {
            append(lines.back(), messageCellsOf(comparison, group));
        }
    }
    return alignedTable(lines);
}

std::string finishLinesText(const Comparison& comparison) {
    if (!comparison.lines) {
        return {};
    }
    const FinishLines& lines = *comparison.lines;
    return fmt::format(
        "finish lines of theory, from what {} measured: all {} cores busy {}; critical "
        "path {}; Amdahl {} (serial part {})\n",
        comparison.rows[comparison.reference].label, lines.cores,
        formatDuration(lines.workOverCoresNs), formatDuration(lines.criticalPathNs),
        formatDuration(lines.amdahlNs), formatDuration(lines.serialNs));
}

TableLines factsLines(const Comparison& comparison) {
    TableLines lines{{"model", "who decides the switch", "processors", "processes", "threads",
                      "memory", "overhead per task"}};
    for (const RunGroup& group : comparison.groups) {
        using Row = const ComparisonRow&;
        const auto in = [&](auto&& value, auto&& format) {
            return cell(comparison, group, value, format);
        };
        const auto whole = [](const auto& value) {
            return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
        };
        lines.push_back(
            {nameOf(comparison, group), comparison.rows[group.rows.front()].facts.whoSwitches,
             in([&](Row row) { return whole(row.facts.coresUsed); }, countText),
             in([](Row row) { return std::optional<double>(row.facts.processes); }, countText),
             in([](Row row) { return std::optional<double>(row.facts.threads); }, countText),
             in([&](Row row) { return whole(row.statistics.peakRssBytes); }, bytesText),
             in([&](Row row) { return whole(row.facts.overheadPerTaskNs); }, durationText)});
    }
    return lines;
}

std::string factsTable(const Comparison& comparison) {
    return alignedTable(factsLines(comparison));
}

std::string waterfallTable(const Comparison& comparison) {
    std::vector<std::vector<std::string>> lines{{"milliseconds of the makespan"}};
    for (const ComparisonRow& row : comparison.rows) {
        lines[0].push_back(row.label);
    }
    const auto line = [&](std::string title, auto&& value) {
        lines.push_back({std::move(title)});
        for (const ComparisonRow& row : comparison.rows) {
            lines.back().push_back(
                row.waterfall ? fmt::format("{:.2f}", value(*row.waterfall) * 1e-6) : "-");
        }
    };
    for (std::size_t i = 0; i < kParts; ++i) {
        const auto part = static_cast<Part>(i);
        const bool occurs = std::ranges::any_of(comparison.rows, [&](const ComparisonRow& row) {
            return row.waterfall && row.waterfall->of(part) > 0;
        });
        if (occurs) {
            line(std::string(titleOf(part)),
                 [&](const Waterfall& waterfall) { return waterfall.makespanShareNs(part); });
        }
    }
    line("makespan",
         [](const Waterfall& waterfall) { return static_cast<double>(waterfall.makespanNs); });
    return alignedTable(lines);
}

} // namespace interleave::analysis
