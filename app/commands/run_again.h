// SPDX-License-Identifier: GPL-3.0-or-later
// From a recording to the options of `run` that do the same work again.
#pragma once

#include "app/commands/commands.h"
#include "engine/base/result.h"
#include "engine/models/run_choice.h"
#include "engine/recording/run_info.h"

#include <string>

namespace interleave::app {

/// A run of ours; false for a program that was recorded, a cluster, a foreign trace.
bool isOfScenario(const recording::RunInfo& info);
/// The id of the shipped scenario of that name; empty: there is none.
std::string shippedScenarioOf(const recording::RunInfo& info);
/// Model, workers and parameters, as the recording has them.
models::RunChoice choiceOf(const recording::RunInfo& info);

/// `scenario`: its file, which a recording does not keep; empty: the shipped one of that name. An
/// error where there is none such, or where it is another one.
Result<RunOptions> runAgain(const recording::RunInfo& info, const std::string& scenario,
                            const models::RunChoice& choice);

} // namespace interleave::app
