// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/refusal.h"

#include <fmt/format.h>

namespace interleave::models {

using scenario::Action;

namespace {

std::optional<std::string> publishReason(const Action& action, const std::string& model) {
    if (action.kind != Action::Kind::Publish) {
        return std::nullopt;
    }
    return fmt::format("a publish step needs a message broker, and the model {} has none; remove "
                       "the step",
                       model);
}

std::optional<std::string> crashReason(const Action& action, const std::string& model) {
    if (action.kind != Action::Kind::Crash) {
        return std::nullopt;
    }
    return fmt::format("a crash step kills its worker process, and the workers of the model {} are "
                       "threads of the run itself; use the model processes",
                       model);
}

std::string place(const scenario::Program& program, const Action& action) {
    const std::string file = program.scenario ? program.scenario->file.string() : std::string();
    if (action.source == nullptr) {
        return file;
    }
    return fmt::format("{}:{}:{}", file, action.source->line, action.source->column);
}

} // namespace

Result<void> refuseActions(const scenario::Program& program, const Objection& objection) {
    for (const scenario::Task& task : program.tasks) {
        for (const Action& action : task.actions) {
            if (const auto reason = objection(action)) {
                return fail(fmt::format("{}: {}.", place(program, action), *reason));
            }
        }
    }
    return {};
}

Result<void> refuseCrash(const scenario::Program& program, const std::string& model) {
    return refuseActions(program, [&](const Action& action) { return crashReason(action, model); });
}

Result<void> refuseCrashAndPublish(const scenario::Program& program, const std::string& model) {
    return refuseActions(program, [&](const Action& action) {
        const auto reason = crashReason(action, model);
        return reason ? reason : publishReason(action, model);
    });
}

Result<void> refusePublish(const scenario::Program& program, const std::string& model) {
    return refuseActions(program,
                         [&](const Action& action) { return publishReason(action, model); });
}

} // namespace interleave::models
