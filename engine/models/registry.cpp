// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/registry.h"

#include "engine/models/event_loop/event_loop.h"
#include "engine/models/event_loop_pool/event_loop_pool.h"
#include "engine/models/gil_threads/gil_threads.h"
#include "engine/models/parameters.h"
#include "engine/models/processes/processes.h"
#include "engine/models/pubsub/pubsub.h"
#include "engine/models/python/library_models.h"
#include "engine/models/python/python_models.h"
#include "engine/models/sequential/sequential.h"
#include "engine/models/task_queue/task_queue.h"
#include "engine/models/threads/threads.h"
#include "engine/models/work_stealing/work_stealing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace interleave::models {

namespace {

std::vector<std::unique_ptr<const Model>> makeAll() {
    std::vector<std::unique_ptr<const Model>> models;
    models.push_back(makeSequential());
    models.push_back(makeThreads());
    models.push_back(makeGilThreads());
    models.push_back(makeProcesses());
    models.push_back(makeEventLoop());
    models.push_back(makeEventLoopPool());
    models.push_back(makeWorkStealing());
    models.push_back(makeTaskQueue());
    models.push_back(makePubsub());
    for (auto& model : makePythonModels()) {
        models.push_back(std::move(model));
    }
    for (auto& model : makeLibraryModels()) {
        models.push_back(std::move(model));
    }
    return models;
}

} // namespace

const std::vector<std::unique_ptr<const Model>>& allModels() {
    static const std::vector<std::unique_ptr<const Model>> models = makeAll(); // immutable
    return models;
}

Result<const Model*> findModel(const std::string& id) {
    std::vector<std::string> known;
    for (const auto& model : allModels()) {
        if (model->info().id == id) {
            return model.get();
        }
        known.push_back(model->info().id);
    }
    return fail(
        fmt::format("There is no model \"{}\"; the models are {}.", id, fmt::join(known, ", ")));
}

Result<Parameters>
resolveParameters(const ModelInfo& info,
                  const std::vector<std::pair<std::string, std::string>>& settings) {
    Parameters parameters;
    std::vector<std::string> known;
    for (const ParameterInfo& parameter : info.parameters) {
        parameters[parameter.key] = parameter.defaultValue;
        known.push_back(parameter.key);
    }
    for (const auto& [key, value] : settings) {
        const auto parameter = std::ranges::find(info.parameters, key, &ParameterInfo::key);
        if (parameter == info.parameters.end()) {
            return fail(known.empty()
                            ? fmt::format("--set {}: the model {} has no parameters.", key, info.id)
                            : fmt::format("--set {}: the model {} has no such key; it has {}.", key,
                                          info.id, fmt::join(known, ", ")));
        }
        if (auto checked = checkValue(*parameter, value); !checked) {
            return std::unexpected(checked.error());
        }
        parameters[key] = value;
    }
    return parameters;
}

} // namespace interleave::models
