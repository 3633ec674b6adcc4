// SPDX-License-Identifier: GPL-3.0-or-later
// What `--sweep KEY=VALUES` means: which parameter takes which values, and what a run's request is
// like at each of them.
#pragma once

#include "engine/base/result.h"
#include "engine/run/run.h"

#include <string>
#include <string_view>
#include <vector>

namespace interleave::run {

inline constexpr std::size_t kMostSweepPoints = 100;

struct SweepValue {
    std::string text; // as --set would have it: "4", "5 ms", "30 %", "fork"
    double x = 0;     // in the plan's unit; its place for values that are no numbers
};

struct SweepPlan {
    std::string key;  // "workers", "io_share", "task_size" or a parameter of the model
    std::string unit; // of x: "", "s" or "%"
    std::vector<SweepValue> values;
};

/// "workers=1..16", "workers=1..16 step 5", "workers=1,2,4,8", "switch_interval=1ms..16ms"
/// (doubling) or with a step, "io_share=0..100" (per cent, by tens), "task_size=25,100,400" (per
/// cent of the scenario's), "start=fork,spawn". An error says what is wrong and how it is written.
Result<SweepPlan> parseSweep(std::string_view text);

/// The request with the parameter at one of its values.
Result<RunRequest> requestAt(RunRequest request, const SweepPlan& plan, const SweepValue& value);

} // namespace interleave::run
