// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/run_choice.h"

#include "engine/models/registry.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace interleave::models {

namespace {

const ModelInfo* infoOf(const std::string& id) {
    const auto model = findModel(id);
    return model ? &(*model)->info() : nullptr;
}

const ParameterInfo* parameterOf(const ModelInfo* info, const std::string& key) {
    if (info == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(info->parameters, key, &ParameterInfo::key);
    return found == info->parameters.end() ? nullptr : &*found;
}

void set(RunChoice& choice, const std::string& key, const std::string& value) {
    if (key == "model") {
        choice.model = value;
    } else if (key == "workers") {
        int workers = 0;
        std::from_chars(value.data(), value.data() + value.size(), workers);
        choice.workers = workers;
    } else {
        std::erase_if(choice.settings, [&](const auto& setting) { return setting.first == key; });
        choice.settings.emplace_back(key, value);
    }
}

/// As set, or the default; empty where the model has no such key.
std::string valueOf(const RunChoice& choice, const std::string& key) {
    for (const auto& [name, value] : choice.settings) {
        if (name == key) {
            return value;
        }
    }
    const ParameterInfo* parameter = parameterOf(infoOf(choice.model), key);
    return parameter != nullptr ? parameter->defaultValue : std::string();
}

std::string quantityText(std::optional<int> count) {
    return count ? std::to_string(*count) : "as many as usual";
}

} // namespace

RunChoice changed(RunChoice choice, const Changes& changes) {
    for (const auto& [key, value] : changes) {
        set(choice, key, value);
    }
    const ModelInfo* info = infoOf(choice.model);
    std::erase_if(choice.settings,
                  [&](const auto& setting) { return parameterOf(info, setting.first) == nullptr; });
    return choice;
}

std::string changesText(const RunChoice& before, const RunChoice& after) {
    std::vector<std::string> changes;
    const auto add = [&](std::string_view what, const std::string& from, const std::string& to) {
        changes.push_back(fmt::format("{} {} → {}", what, from, to));
    };
    if (before.model != after.model) {
        add("model", before.model, after.model);
    }
    if (before.workers != after.workers) {
        add("workers", quantityText(before.workers), quantityText(after.workers));
    }
    for (const auto& [key, value] : after.settings) {
        const std::string earlier = valueOf(before, key);
        if (earlier.empty()) { // of a model that has no such key
            changes.push_back(fmt::format("{} {}", key, value));
        } else if (earlier != value) {
            add(key, earlier, value);
        }
    }
    return fmt::format("{}", fmt::join(changes, ", "));
}

} // namespace interleave::models
