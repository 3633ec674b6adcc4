// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/planned_runs.h"

#include "engine/models/registry.h"
#include "engine/storage/atomic_file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace interleave::app {

namespace {

Result<std::pair<std::string, std::string>> splitSetting(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return fail(fmt::format(
            "--set {}: write it as KEY=VALUE; `interleave models` lists the keys.", text));
    }
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Result<run::RunRequest> requestOf(const RunOptions& options) {
    auto scenario = scenario::findScenario(options.scenario);
    if (!scenario) {
        return std::unexpected(scenario.error());
    }
    run::RunRequest request{.scenario = std::move(*scenario),
                            .model = {},
                            .workers = options.workers,
                            .settings = {},
                            .seed = options.seed,
                            .sessionFolder = options.session,
                            .recordsEvents = options.recordsEvents,
                            .programPath =
                                std::filesystem::read_symlink("/proc/self/exe").string()};
    if (!options.broker.empty()) {
        request.broker = options.broker;
    } else if (const char* const known = std::getenv("INTERLEAVE_BROKER")) {
        request.broker = known;
    }
    for (const std::string& text : options.settings) {
        auto setting = splitSetting(text);
        if (!setting) {
            return std::unexpected(setting.error());
        }
        request.settings.push_back(std::move(*setting));
    }
    request.brokerControl = options.brokerControl;
    for (const std::string& text : options.faults) {
        auto fault = scenario::parseFault(text);
        if (!fault) {
            return std::unexpected(fault.error());
        }
        request.faults.push_back(*fault);
    }
    return request;
}

/// What only models with a broker know: each of several takes it if it has one, but if none has
/// it is a mistake.
Result<void> checkBrokerOptions(const RunOptions& options,
                                const std::vector<const models::Model*>& chosen) {
    const char* const given = !options.broker.empty()          ? "--broker"
                              : !options.brokerControl.empty() ? "--broker-control"
                              : !options.faults.empty()        ? "--fault"
                                                               : nullptr;
    const auto hasBroker = [](const models::Model* model) { return model->info().usesBroker; };
    if (given == nullptr || std::ranges::any_of(chosen, hasBroker)) {
        return {};
    }
    std::vector<std::string> able;
    for (const auto& model : models::allModels()) {
        if (hasBroker(model.get())) {
            able.push_back(model->info().id);
        }
    }
    return fail(fmt::format("{}: the model {} has no broker; those that have one are {}.", given,
                            chosen.front()->info().id, fmt::join(able, ", ")));
}

/// The settings that a model knows; with several models each takes its own keys, but a key that
/// none of them knows is a mistake.
Result<std::vector<std::pair<std::string, std::string>>>
settingsFor(const models::ModelInfo& info,
            const std::vector<std::pair<std::string, std::string>>& all,
            const std::vector<const models::Model*>& chosen) {
    if (chosen.size() == 1) {
        return all;
    }
    const auto knows = [](const models::ModelInfo& model, const std::string& key) {
        return std::ranges::any_of(model.parameters,
                                   [&](const auto& parameter) { return parameter.key == key; });
    };
    std::vector<std::pair<std::string, std::string>> own;
    for (const auto& setting : all) {
        if (knows(info, setting.first)) {
            own.push_back(setting);
        } else if (std::ranges::none_of(chosen, [&](const models::Model* model) {
                       return knows(model->info(), setting.first);
                   })) {
            return fail(fmt::format("--set {}: none of the chosen models has this key; `interleave "
                                    "models` lists the keys of each.",
                                    setting.first));
        }
    }
    return own;
}

Result<std::vector<const models::Model*>> chosenModels(const std::vector<std::string>& ids) {
    std::vector<const models::Model*> chosen;
    for (const std::string& id : ids) {
        if (id == "all") {
            for (const auto& model : models::allModels()) {
                chosen.push_back(model.get());
            }
            continue;
        }
        const auto model = models::findModel(id);
        if (!model) {
            return std::unexpected(model.error());
        }
        chosen.push_back(*model);
    }
    return chosen;
}

/// "-workers-4", "-switch_interval-5ms": what a sweep adds to a file's name.
std::string fileSuffixOf(const SweptValue& swept) {
    std::string value = swept.value.text;
    std::erase(value, ' ');
    std::ranges::replace(value, '/', '_');
    std::ranges::replace(value, '%', 'p');
    return fmt::format("-{}-{}", swept.plan.key, value);
}

} // namespace

void noteLeftOut(const std::string& model, const Error& error) {
    // Not fmt::print, which throws if nobody reads.
    std::fprintf(stderr, "interleave: %s is left out: %s\n", model.c_str(), error.message.c_str());
}

Result<std::vector<PlannedRun>> planRuns(const RunOptions& options, const SweptValue* swept) {
    auto request = requestOf(options);
    if (!request) {
        return std::unexpected(request.error());
    }
    const auto chosen = chosenModels(options.models);
    if (!chosen) {
        return std::unexpected(chosen.error());
    }
    if (auto checked = checkBrokerOptions(options, *chosen); !checked) {
        return std::unexpected(checked.error());
    }
    if (swept != nullptr) {
        request = run::requestAt(std::move(*request), swept->plan, swept->value);
        if (!request) {
            return std::unexpected(request.error());
        }
    }
    const bool isAll = std::ranges::find(options.models, "all") != options.models.end();
    const bool isFolder = chosen->size() > 1 || options.repeat > 1 || swept != nullptr;
    const std::string suffix = swept != nullptr ? fileSuffixOf(*swept) : std::string();
    std::vector<PlannedRun> plans;
    for (const models::Model* model : *chosen) {
        run::RunRequest one = *request;
        one.model = model->info().id;
        auto settings = settingsFor(model->info(), request->settings, *chosen);
        if (!settings) {
            return std::unexpected(settings.error());
        }
        one.settings = std::move(*settings);
        if (const auto able = run::check(one); !able) {
            if (!isAll || one.workers.value_or(1) < 1) {
                return std::unexpected(able.error());
            }
            noteLeftOut(one.model, able.error());
            continue;
        }
        for (int i = 1; i <= options.repeat; ++i) {
            std::filesystem::path output = options.output;
            if (!output.empty() && isFolder) {
                output /= i == 1 ? fmt::format("{}{}.ilv", one.model, suffix)
                                 : fmt::format("{}{}-{}.ilv", one.model, suffix, i);
            }
            plans.push_back({one, output, isAll && model->info().namesOwnGil, isFolder});
        }
    }
    if (plans.empty()) {
        return fail("None of the models can run this scenario.");
    }
    return plans;
}

Result<void> prepareOutputs(std::span<const PlannedRun> plans) {
    for (const PlannedRun& plan : plans) {
        if (plan.output.empty()) {
            continue;
        }
        std::error_code error;
        if (plan.isInFolder) {
            std::filesystem::create_directories(plan.output.parent_path(), error);
        }
        if (error) {
            return fail(fmt::format("{}: the folder can't be made ({}); choose another one.",
                                    plan.output.parent_path().string(), error.message()));
        }
        if (const auto file = storage::AtomicFile::create(plan.output); !file) {
            return std::unexpected(file.error());
        }
    }
    return {};
}

} // namespace interleave::app
