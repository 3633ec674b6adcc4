// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep: the same scenario under one or more models while one parameter takes several values.
// Medians with their spread, the least time that theory allows, and where the winner changes. Pure.
#pragma once

#include "engine/analysis/spread.h"
#include "engine/recording/recording.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace interleave::analysis {

/// What a sweep keeps of a run.
struct SweepSample {
    double makespanS = 0;
    /// No run with this work, as many workers and cores can be shorter: max(work / min(cores,
    /// workers), the longest task without any wait for others).
    double boundS = 0;
    double parallelismMean = 0; // 0: not known
};
SweepSample sweepSampleOf(const recording::Recording& recording);

/// One model at one value of the parameter.
struct SweepCell {
    std::size_t runs = 0; // 0: the model was left out there
    Spread makespanS{};
    double boundS = 0; // the least of its runs
    double parallelismMean = 0;
};

struct SweepPoint {
    std::string text; // "4", "5 ms", "30 %"
    double x = 0;
    std::vector<SweepCell> cells;      // one for each model
    std::optional<std::size_t> winner; // index of the model with the least median
};

/// Between two points another model begins to win; x is where their lines cross.
struct SweepCrossing {
    double x = 0;
    std::size_t after = 0; // index of the point before it
    std::size_t from = 0;  // models
    std::size_t to = 0;
    /// On either side the winner's slowest run beats the other's fastest by more than 2 %.
    bool isClear = false;
};

struct Sweep {
    std::string scenario;
    std::string key;
    std::string unit; // of x: "", "s", "%"
    std::vector<std::string> models;
    std::vector<SweepPoint> points;
    std::vector<SweepCrossing> crossings;
};

/// A sweep whose points still have no cells: text and x are given, samples[point][model] the runs.
Sweep finishedSweep(Sweep plan, const std::vector<std::vector<std::vector<SweepSample>>>& samples);

/// A value of the parameter with its unit: "2.4", "3.00 ms", "30 %".
std::string valueText(const Sweep& sweep, double x);
/// For the terminal, columns aligned.
std::string sweepTable(const Sweep& sweep);
std::string sweepJson(const Sweep& sweep);

} // namespace interleave::analysis
