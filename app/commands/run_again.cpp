// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/run_again.h"

#include "engine/models/registry.h"
#include "engine/scenario/scenario.h"

#include <cstdlib>
#include <fmt/format.h>

namespace interleave::app {

namespace {

Result<std::string> knownScenario(const recording::RunInfo& info, const std::string& given) {
    if (!isOfScenario(info)) {
        return fail(fmt::format("\"{}\" is not a scenario of ours: change the program and record "
                                "it again.",
                                info.scenario));
    }
    if (given.empty()) {
        const std::string id = shippedScenarioOf(info);
        return id.empty() ? fail(fmt::format("The scenario \"{}\" of this recording doesn't come "
                                             "with the program; name its file with --scenario.",
                                             info.scenario))
                          : Result<std::string>(id);
    }
    const auto scenario = scenario::findScenario(given);
    if (!scenario) {
        return std::unexpected(scenario.error());
    }
    if (scenario->name != info.scenario) {
        return fail(fmt::format("--scenario {}: this is \"{}\", the recording is of \"{}\".", given,
                                scenario->name, info.scenario));
    }
    return given;
}

} // namespace

bool isOfScenario(const recording::RunInfo& info) {
    return info.source != recording::Source::Imported && models::findModel(info.model).has_value();
}

std::string shippedScenarioOf(const recording::RunInfo& info) {
    if (const auto shipped = scenario::shippedScenarios()) {
        for (const scenario::Scenario& scenario : *shipped) {
            if (scenario.name == info.scenario) {
                return scenario.id;
            }
        }
    }
    return {};
}

models::RunChoice choiceOf(const recording::RunInfo& info) {
    const auto workers = info.workers > 0 ? std::optional(info.workers) : std::nullopt;
    return models::changed({info.model, workers, info.parameters}, {});
}

Result<RunOptions> runAgain(const recording::RunInfo& info, const std::string& scenario,
                            const models::RunChoice& choice) {
    const auto known = knownScenario(info, scenario);
    if (!known) {
        return std::unexpected(known.error());
    }
    const auto model = models::findModel(choice.model);
    if (!model) {
        return std::unexpected(model.error());
    }
    RunOptions options;
    options.scenario = *known;
    options.models = {choice.model};
    options.workers = choice.workers;
    options.seed = info.seed;
    for (const auto& [key, value] : choice.settings) {
        options.settings.push_back(fmt::format("{}={}", key, value));
    }
    for (const auto& [key, value] : info.parameters) {
        if (key == "fault" && (*model)->info().makesFaults) {
            options.faults.push_back(value);
        }
        // Its password is not recorded: who has one says it in the environment.
        if (key == "broker" && (*model)->info().usesBroker &&
            std::getenv("INTERLEAVE_BROKER") == nullptr) {
            options.broker = value;
        }
    }
    return options;
}

} // namespace interleave::app
