// SPDX-License-Identifier: GPL-3.0-or-later
// What the comparison shows of each run: the numbers from engine/analysis, put in the chosen order
// and set against the chosen baseline, and the difference in words.
#pragma once

#include "engine/analysis/comparison.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace interleave::ui {

using Recordings = std::vector<std::shared_ptr<const recording::Recording>>;

enum class CompareSort : std::uint8_t {
    AsGiven,
    Total,
    SpeedUp,
    Parallelism,
    Cpu,
    Memory,
    Switches
};
QString titleOf(CompareSort sort);

struct CompareRun {
    std::size_t index = 0; // in the order given
    std::shared_ptr<const recording::Recording> recording;
    analysis::ComparisonRow row; // its speed-up is against the chosen baseline
    Nanoseconds endNs = 0;       // of the last task
    bool isBaseline = false;
    QString difference; // to the baseline, in words
};

struct CompareModel {
    std::vector<CompareRun> runs; // in the order to show
    TimeRange extent;             // from zero to the end of the longest

    bool isEmpty() const { return runs.empty(); }
};

/// Without a baseline (index in the order given): the run under `sequential`, else the first.
CompareModel compareModelOf(const Recordings& recordings, CompareSort sort = CompareSort::AsGiven,
                            std::optional<std::size_t> baseline = {});

} // namespace interleave::ui
