// SPDX-License-Identifier: GPL-3.0-or-later
// `models` and `scenarios`: what there is to run, and how.
#include "app/commands/commands.h"
#include "app/commands/print_json.h"
#include "app/exit_code.h"
#include "engine/models/registry.h"
#include "engine/scenario/scenario.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace interleave::app {

namespace {

using nlohmann::ordered_json;

ordered_json modelJson(const models::ModelInfo& info) {
    ordered_json parameters = ordered_json::array();
    for (const models::ParameterInfo& parameter : info.parameters) {
        parameters.push_back({{"key", parameter.key},
                              {"default", parameter.defaultValue},
                              {"unit", parameter.unit},
                              {"range", parameter.range},
                              {"meaning", parameter.meaning}});
    }
    return {{"id", info.id},
            {"title", info.title},
            {"about", info.about},
            {"kitchen", info.kitchen},
            {"uses_workers", info.usesWorkers},
            {"parameters", parameters}};
}

ordered_json scenarioJson(const scenario::Scenario& scenario) {
    std::uint64_t tasks = 0;
    for (const scenario::TaskTemplate& task : scenario.tasks) {
        tasks += task.count;
    }
    ordered_json json{{"id", scenario.id},       {"name", scenario.name},
                      {"about", scenario.about}, {"file", scenario.file.string()},
                      {"tasks", tasks},          {"seed", scenario.seed}};
    if (scenario.workers) {
        json["workers"] = *scenario.workers;
    }
    return json;
}

} // namespace

int listModels(const ListOptions& options) {
    if (options.json) {
        ordered_json list = ordered_json::array();
        for (const auto& model : models::allModels()) {
            list.push_back(modelJson(model->info()));
        }
        printJson(list);
        return kDone;
    }
    for (const auto& model : models::allModels()) {
        const models::ModelInfo& info = model->info();
        fmt::print("{:<16} {}: {}\n", info.id, info.title, info.about);
        for (const models::ParameterInfo& parameter : info.parameters) {
            fmt::print("{:<16}   --set {}={}   {} ({})\n", "", parameter.key,
                       parameter.defaultValue, parameter.meaning, parameter.range);
        }
    }
    return kDone;
}

int listScenarios(const ListOptions& options) {
    const auto scenarios = scenario::shippedScenarios();
    if (!scenarios) {
        return report(scenarios.error());
    }
    if (options.json) {
        ordered_json list = ordered_json::array();
        for (const scenario::Scenario& scenario : *scenarios) {
            list.push_back(scenarioJson(scenario));
        }
        printJson(list);
        return kDone;
    }
    for (const scenario::Scenario& scenario : *scenarios) {
        fmt::print("{:<20} {}: {}\n", scenario.id, scenario.name, scenario.about);
    }
    return kDone;
}

} // namespace interleave::app
