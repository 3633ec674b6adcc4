// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/refusal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace interleave::models {

using scenario::Action;

namespace {

std::optional<std::string> publishReason(const Action& action, const std::string& model) {
    if (action.kind != Action::Kind::Publish) {
        return std::nullopt;
    }
    return fmt::format("a publish step sends a message to an exchange, which the model {} has not; "
                       "use the model pubsub or remove the step",
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

std::string fileOf(const scenario::Program& program) {
    return program.scenario ? program.scenario->file.string() : std::string();
}

std::string place(const scenario::Program& program, const Action& action) {
    if (action.source == nullptr) {
        return fileOf(program);
    }
    return fmt::format("{}:{}:{}", fileOf(program), action.source->line, action.source->column);
}

/// As a scenario writes it; null: none is set.
const char* keyThatChangesEnds(const scenario::DeliveryOptions& delivery) {
    return delivery.hardLimitNs > 0   ? "time_limit"
           : delivery.softLimitNs > 0 ? "soft_time_limit"
           : delivery.expiresNs > 0   ? "expires"
                                      : nullptr;
}

void addIgnoredKeys(const scenario::DeliveryOptions& delivery, std::set<std::string>& keys) {
    const auto add = [&](const char* key, bool isSet) {
        if (isSet) {
            keys.insert(key);
        }
    };
    add("queue", delivery.queue.has_value());
    add("priority", delivery.priority > 0);
    add("countdown", delivery.countdownNs > 0);
    add("rate_limit", delivery.ratePerSecond > 0);
    add("acks", delivery.isAckedLate.has_value());
    add("reject_on_worker_lost", delivery.isRejectedOnWorkerLost.has_value());
    add("chunk", delivery.chunk > 1);
    add("ignore_result", delivery.ignoresResult);
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

Result<void> refusePublish(const scenario::Program& program, const std::string& model) {
    return refuseActions(program,
                         [&](const Action& action) { return publishReason(action, model); });
}

Result<void> refuseLimits(const scenario::Program& program, const std::string& model) {
    if (program.scenario == nullptr) {
        return {};
    }
    for (const scenario::TaskTemplate& task : program.scenario->tasks) {
        if (const char* key = keyThatChangesEnds(task.delivery)) {
            return fail(
                fmt::format("{}:{}:1: {} of \"{}\" ends a task that takes too long, and the "
                            "model {} lets it take its time; use a task queue or remove "
                            "it.",
                            fileOf(program), task.line, key, task.name, model));
        }
    }
    return {};
}

Result<void> refuseMessaging(const scenario::Program& program, const std::string& model) {
    if (auto refused = refusePublish(program, model); !refused) {
        return refused;
    }
    if (auto refused = refuseLimits(program, model); !refused || program.scenario == nullptr) {
        return refused;
    }
    if (!program.scenario->faults.empty()) {
        const scenario::Fault& fault = program.scenario->faults.front();
        return fail(
            fmt::format("{}:{}:1: the fault {} strikes a broker or a worker that takes from "
                        "one, and the model {} has none; use a task queue or remove it.",
                        fileOf(program), fault.line, textOf(fault), model));
    }
    return {};
}

Result<void> refuseCrashAndMessaging(const scenario::Program& program, const std::string& model) {
    const auto refused = refuseCrash(program, model);
    return refused ? refuseMessaging(program, model) : refused;
}

std::optional<std::string> ignoredDelivery(const scenario::Program& program,
                                           const std::string& model) {
    if (program.scenario == nullptr) {
        return std::nullopt;
    }
    std::set<std::string> keys;
    for (const scenario::TaskTemplate& task : program.scenario->tasks) {
        addIgnoredKeys(task.delivery, keys);
    }
    if (!program.scenario->taskWorkers.empty()) {
        keys.insert("[[worker]]");
    }
    if (keys.empty()) {
        return std::nullopt;
    }
    return fmt::format("The model {} has no broker, so this of the scenario has no effect: {}.",
                       model, fmt::join(keys, ", "));
}

} // namespace interleave::models
