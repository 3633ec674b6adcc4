// SPDX-License-Identifier: GPL-3.0-or-later
// `recommend`: which model suits what a recording measured, and the command that proves it.
#include "app/commands/commands.h"
#include "app/exit_code.h"
#include "app/load_recording.h"
#include "engine/recommendation/recommendation.h"
#include "engine/scenario/scenario.h"

#include <fmt/format.h>

namespace interleave::app {

namespace {

/// What `run` is to be given for the same work: the id of a shipped scenario, else a place for the
/// file, whose path a recording does not keep. Nothing for a program that was recorded.
std::string runnableName(const recording::RunInfo& info) {
    const auto shipped = scenario::shippedScenarios();
    if (shipped) {
        for (const scenario::Scenario& scenario : *shipped) {
            if (scenario.name == info.scenario) {
                return scenario.id;
            }
        }
    }
    const bool isProgram = info.model == "python" || info.model == "program" ||
                           info.source == recording::Source::Imported;
    return isProgram ? "" : "SCENARIO.toml";
}

} // namespace

int recommendModel(const RecommendOptions& options) {
    const auto recording = loadRecording(options.recording);
    if (!recording) {
        return report(recording.error());
    }
    const auto recommended = recommendation::recommend(**recording);
    if (!recommended) {
        return report({fmt::format("{}: nothing ran in this recording, so nothing can be said of "
                                   "its work.",
                                   options.recording)});
    }
    const std::string scenario = runnableName((*recording)->info);
    fmt::print("{}", options.json ? recommendation::recommendationJson(*recommended, scenario)
                                  : recommendation::recommendationText(*recommended, scenario));
    return kDone;
}

} // namespace interleave::app
