// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/comparison.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace interleave::analysis {

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
    std::string text = info.workers == 1 ? "1 worker" : fmt::format("{} workers", info.workers);
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

/// So much of what the reference's tasks do by themselves may be waits before an efficiency would
/// speak of those rather than of processors.
constexpr double kFewWaits = 0.05;

/// One worker that computes.
bool isBoundByOneProcessor(const ComparisonRow& reference) {
    const auto in = [&](State state) {
        return reference.statistics.states.ns[static_cast<std::size_t>(state)];
    };
    const Nanoseconds waits = in(State::WaitingIo) + in(State::Sleeping);
    return reference.facts.threads <= 1 &&
           static_cast<double>(waits) <=
               kFewWaits * static_cast<double>(waits + in(State::Running));
}

/// Against the median of the reference's runs.
void addSpeedUps(Comparison& comparison) {
    const std::string scenario = comparison.rows[comparison.reference].info.scenario;
    std::vector<double> makespans;
    for (const RunGroup& group : comparison.groups) {
        if (std::ranges::find(group.rows, comparison.reference) != group.rows.end()) {
            for (const std::size_t row : group.rows) {
                makespans.push_back(
                    static_cast<double>(comparison.rows[row].statistics.makespanNs));
            }
        }
    }
    const std::optional<Spread> base = spreadOf(std::move(makespans));
    const bool hasEfficiency = isBoundByOneProcessor(comparison.rows[comparison.reference]);
    for (ComparisonRow& row : comparison.rows) {
        // Of another scenario it would compare different work.
        if (base && row.statistics.makespanNs > 0 && base->median > 0 &&
            row.info.scenario == scenario) {
            row.speedUp = base->median / static_cast<double>(row.statistics.makespanNs);
            const int processors = std::min(row.facts.threads, std::max(row.info.cores, 1));
            if (hasEfficiency) {
                row.efficiency = *row.speedUp / std::max(processors, 1);
            }
        }
    }
}

} // namespace

Comparison compare(std::span<const std::shared_ptr<const Recording>> recordings,
                   std::optional<std::size_t> reference) {
    Comparison comparison;
    for (const auto& recording : recordings) {
        ComparisonRow row;
        row.info = recording->info;
        row.statistics = statisticsOf(*recording);
        const State running[] = {State::Running};
        row.runningShare = shareOf(row.statistics.states, running);
        row.waitingShare = shareOf(row.statistics.states, kWaits);
        row.facts = modelFacts(*recording);
        row.waterfall = waterfallOf(*recording);
        comparison.rows.push_back(std::move(row));
    }
    if (comparison.rows.empty()) {
        return comparison;
    }
    const auto sequential = std::ranges::find_if(
        comparison.rows, [](const ComparisonRow& row) { return row.info.model == "sequential"; });
    if (reference && *reference < comparison.rows.size()) {
        comparison.reference = *reference;
    } else if (sequential != comparison.rows.end()) {
        comparison.reference = static_cast<std::size_t>(sequential - comparison.rows.begin());
    }
    comparison.groups = runGroups(comparison.rows);
    comparison.lines = finishLinesOf(*recordings[comparison.reference]);
    addSpeedUps(comparison);
    makeLabels(comparison.rows);
    return comparison;
}

} // namespace interleave::analysis
