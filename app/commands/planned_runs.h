// SPDX-License-Identifier: GPL-3.0-or-later
// From the options of `run` to the runs that are made: models, settings, outputs. Everything that
// can be wrong is found before the first one starts.
#pragma once

#include "app/commands/commands.h"
#include "engine/run/run.h"
#include "engine/run/sweep_plan.h"

#include <filesystem>
#include <span>
#include <vector>

namespace interleave::app {

/// A run that is going to be made, and where its recording goes (empty: nowhere).
struct PlannedRun {
    run::RunRequest request;
    std::filesystem::path output;
    bool mayBeLeftOut = false; // with a note, if the interpreter that it needs does not work
    bool isInFolder = false;   // the output is one of several
};

/// One value of a sweep.
struct SweptValue {
    const run::SweepPlan& plan;
    const run::SweepValue& value;
};

/// Every run in order; a model that can't run the scenario is refused with its reason, and left out
/// with a note when "all" were asked for. `swept` may be null.
Result<std::vector<PlannedRun>> planRuns(const RunOptions& options, const SweptValue* swept);

/// Makes the folder for several recordings and tries every output, so that a bad place is found
/// before the first run and not after the last.
Result<void> prepareOutputs(std::span<const PlannedRun> plans);

/// To stderr: why a model is not among the runs.
void noteLeftOut(const std::string& model, const Error& error);

} // namespace interleave::app
