// SPDX-License-Identifier: GPL-3.0-or-later
// Several runs side by side: one row each, the same totals for all.
#pragma once

#include "engine/analysis/statistics.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interleave::analysis {

struct ComparisonRow {
    std::string label; // the model; with what else differs, if two rows have the same
    recording::RunInfo info;
    Statistics statistics;
    std::optional<double> speedUp; // makespan of the reference / makespan of this
    double runningShare = 0;       // of the tasks' time
    double waitingShare = 0;       // for the GIL, a lock, I/O, a full queue, another task, a core
};

struct Comparison {
    std::size_t reference = 0; // the row of model "sequential", else the first
    std::vector<ComparisonRow> rows;
};

Comparison compare(std::span<const std::shared_ptr<const recording::Recording>> recordings);

/// A table for the terminal, columns aligned; unknown values are "-".
std::string comparisonTable(const Comparison& comparison);

/// An array of objects with the keys of `stats --json` plus label and speed_up.
std::string comparisonJson(const Comparison& comparison);

} // namespace interleave::analysis
