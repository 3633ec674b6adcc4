// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/lesson/lesson_runs.h"

#include "engine/models/registry.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace interleave::lesson {

namespace {

Result<int> workersFrom(const std::string& text) {
    int workers = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), workers);
    if (error != std::errc{} || end != text.data() + text.size() || workers < 1) {
        return fail(fmt::format("workers is {}, a whole number from 1 is wanted.",
                                scenario::inQuotes(text)));
    }
    return workers;
}

/// Under another model, what the lesson set for its own may mean nothing; what the student sets
/// must.
void changeModel(LessonRun& run, const std::string& id) {
    run.model = id;
    const auto model = models::findModel(id);
    if (!model) {
        return; // checkRun() says so
    }
    const auto& known = (*model)->info().parameters;
    std::erase_if(run.settings, [&](const auto& setting) {
        return std::ranges::find(known, setting.first, &models::ParameterInfo::key) == known.end();
    });
}

} // namespace

Result<LessonRun> changedRun(LessonRun run, std::span<const Change> changes) {
    if (!changes.empty() && !run.programName.empty()) {
        return fail(fmt::format("The run {} is of a program, which has no parameters.", run.name));
    }
    for (const auto& [key, value] : changes) {
        if (key == "model") {
            changeModel(run, value);
        }
    }
    for (const auto& [key, value] : changes) {
        if (key == "model") {
            continue;
        }
        if (key == "workers") {
            const auto workers = workersFrom(value);
            if (!workers) {
                return std::unexpected(workers.error());
            }
            run.workers = *workers;
            continue;
        }
        const auto known =
            std::ranges::find(run.settings, key, &std::pair<std::string, std::string>::first);
        if (known != run.settings.end()) {
            known->second = value;
        } else {
            run.settings.emplace_back(key, value);
        }
    }
    if (run.programName.empty()) {
        if (const auto able = checkRun(run); !able) {
            return std::unexpected(able.error());
        }
    }
    return run;
}

run::RunRequest requestOf(const LessonRun& run) {
    return {.scenario = run.scenario,
            .model = run.model,
            .workers = run.workers,
            .settings = run.settings,
            .seed = std::nullopt,
            .sessionFolder = {},
            .recordsEvents = true,
            .programPath = {},
            .broker = "memory",
            .brokerControl = {},
            .faults = run.faults};
}

Result<void> checkRun(const LessonRun& run) {
    return run::check(requestOf(run));
}

} // namespace interleave::lesson
