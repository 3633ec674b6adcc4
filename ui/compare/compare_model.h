// SPDX-License-Identifier: GPL-3.0-or-later
// What the comparison shows: the numbers from engine/analysis set against the chosen baseline, in
// the chosen order, the difference of each run in words, and repeated runs as one group.
#pragma once

#include "engine/analysis/comparison.h"

#include <QString>

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace interleave::ui {

using Recordings = std::vector<std::shared_ptr<const recording::Recording>>;

/// From the bottom of a stack to its top: work first, then what is in its way, then what has not
/// begun.
inline constexpr std::array kStackOrder{
    State::Running,     State::Transfer,  State::Starting, State::Ready,     State::WaitingGil,
    State::WaitingLock, State::WaitingIo, State::Blocked,  State::Suspended, State::Retrying,
    State::Sleeping,    State::Reserved,  State::Queued};

enum class CompareSort : std::uint8_t {
    AsGiven,
    Total,
    SpeedUp,
    Efficiency,
    Parallelism,
    Cpu,
    Switches,
    Memory,
    Threads,
    Processes,
};
inline constexpr int kCompareSorts = static_cast<int>(CompareSort::Processes) + 1;
QString titleOf(CompareSort sort);
/// What it counts, for a tool tip.
QString meaningOf(CompareSort sort);

/// The number that is sorted by; none where it is not known, and of the order as given.
std::optional<double> valueOf(const analysis::ComparisonRow& row, CompareSort sort);

struct CompareRun {
    std::size_t index = 0; // in the order given
    std::shared_ptr<const recording::Recording> recording;
    analysis::ComparisonRow row; // its speed-up is against the chosen baseline
    Nanoseconds endNs = 0;       // of the last task
    bool isBaseline = false;
    QString difference; // to the baseline, in words
};

/// Runs of the same under the same: what they come to is a spread, not a number.
struct CompareGroup {
    std::size_t index = 0;         // in Comparison::groups
    std::vector<std::size_t> runs; // indices in the order given
    analysis::Spread makespanNs;
    std::size_t typical = 0; // the run in the middle, or the shorter of both there
    bool isBaseline = false;
};

struct CompareModel {
    analysis::Comparison comparison; // rows in the order given
    std::vector<CompareRun> runs;    // in the order to show
    std::vector<CompareGroup> groups;
    std::vector<State> states;         // that occur, as they are stacked
    std::vector<analysis::Part> parts; // that occur in the waterfalls
    TimeRange extent;                  // from zero to the end of the longest

    bool isEmpty() const { return runs.empty(); }
    bool hasRepeats() const { return groups.size() < runs.size(); }
    const analysis::ComparisonRow& typicalRow(const CompareGroup& group) const {
        return comparison.rows[group.typical];
    }
    const CompareRun& run(std::size_t index) const; // by its index in the order given
    bool isTypical(const CompareRun& run) const;    // of its group
};

/// Puts runs and groups into another order, which is cheap.
void sortBy(CompareModel& model, CompareSort sort);

/// Without a baseline (index in the order given): the run under `sequential`, else the first.
CompareModel compareModelOf(const Recordings& recordings, CompareSort sort = CompareSort::AsGiven,
                            std::optional<std::size_t> baseline = {});

} // namespace interleave::ui
