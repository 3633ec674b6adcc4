// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the utilisation view shows: what the cores did, how many tasks ran and how many could
// have, how often threads left their core and why, what memory it took.
#pragma once

#include "engine/analysis/step_function.h"
#include "engine/recording/recording.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::analysis {

/// Shares of each bucket, 0 to 1; busy + other + idle = 1.
struct CoreUtilisation {
    std::uint32_t core = 0;
    std::vector<double> busy;  // our workers
    std::vector<double> other; // other programs, as sampled
    std::vector<double> idle;
};
std::vector<CoreUtilisation> coreUtilisation(const recording::Recording& recording,
                                             const Buckets& buckets);

/// How many cores each process kept busy in each bucket, for a stacked area.
struct ProcessUtilisation {
    std::uint32_t pid = 0;
    std::string name;
    std::vector<double> cores;
};
std::vector<ProcessUtilisation> processUtilisation(const recording::Recording& recording,
                                                   const Buckets& buckets);

/// How many tasks are in a state at each moment.
StepFunction tasksInState(const recording::Recording& recording, State state);
/// Tasks on a core, doing their own work.
inline StepFunction parallelism(const recording::Recording& recording) {
    return tasksInState(recording, State::Running);
}
/// Tasks that could run but have no core (or wait for the event loop).
inline StepFunction readyTasks(const recording::Recording& recording) {
    return tasksInState(recording, State::Ready);
}

/// Departures of workers from their core, per second; absent without the kernel's switches.
struct SwitchRates {
    std::vector<double> voluntary;
    std::vector<double> involuntary;
};
std::optional<SwitchRates> switchRates(const recording::Recording& recording,
                                       const Buckets& buckets);

struct MemoryCurve {
    std::uint32_t pid = 0;
    std::string name;   // of the process
    bool isPss = false; // shared pages divided among their users; else resident
    StepFunction bytes;
};
std::vector<MemoryCurve> memoryCurves(const recording::Recording& recording);
/// Sum of the resident memory of all processes over time.
StepFunction totalRss(const recording::Recording& recording);

} // namespace interleave::analysis
