// SPDX-License-Identifier: GPL-3.0-or-later
// Celery: what the model task-queue does natively, by the real library.
#include "engine/models/parameters.h"
#include "engine/models/python/library_model.h"
#include "engine/models/task_queue/settings.h"

#include <fmt/format.h>

namespace interleave::models {

namespace {

using scenario::Action;

/// What Celery can't do of a task; empty: it can.
std::string missingInCelery(const scenario::TaskTemplate& task, bool isPrefork) {
    if (task.handles) {
        return "the model celery can't do that: it handles tasks, not messages of others; take "
               "pika or pubsub";
    }
    if (task.delivery.chunk > 1) {
        return "the model celery can't do that: it sends each task by itself, not in chunks; take "
               "task-queue";
    }
    if ((task.delivery.softLimitNs > 0 || task.delivery.hardLimitNs > 0) && !isPrefork) {
        return "Celery has time limits in a prefork pool only; take --set pool=prefork";
    }
    return {};
}

class CeleryModel final : public LibraryModel {
public:
    using LibraryModel::LibraryModel;

protected:
    std::optional<std::string> objection(const scenario::Program& program,
                                         const Parameters& parameters,
                                         const Action& action) const override {
        if (action.kind == Action::Kind::Publish) {
            return "the model celery sends tasks only; for messages take the models pika or pubsub";
        }
        if (isShared(action.kind) && program.scenario->taskWorkers.size() > 1) {
            return "the model celery has no locks, queues or barriers between several workers; "
                   "declare one worker";
        }
        if (action.kind == Action::Kind::Crash && textParameter(parameters, "pool") != "prefork") {
            return "a crash would end the whole worker of Celery; take --set pool=prefork";
        }
        return releasedPrimes(action);
    }
    Result<void> refuseProgram(const scenario::Program& program,
                               const Parameters& parameters) const override {
        const bool isPrefork = textParameter(parameters, "pool") == "prefork";
        for (const auto& task : program.scenario->tasks) {
            if (const std::string what = missingInCelery(task, isPrefork); !what.empty()) {
                return fail(
                    fmt::format("{}:{}: {}.", program.scenario->file.string(), task.line, what));
            }
        }
        return {};
    }
};

} // namespace

std::unique_ptr<const Model> makeCelery() {
    ModelInfo info{
        .id = "celery",
        .title = "Celery",
        .about = "The real Celery: the scenario's tasks are published to RabbitMQ, and real Celery "
                 "workers execute them. What the model task-queue does natively.",
        .kitchen = "The order rail of a real restaurant, with the cooks that work there.",
        .parameters =
            {pythonParameter("Celery"),
             {"pool", "prefork", "choice", "prefork, threads, solo",
              "what executes tasks in a worker: processes, threads, or the worker itself"},
             prefetchParameter(),
             acksParameter(),
             {"results", "auto", "choice", "auto, rpc, file, none",
              "the result backend: messages, or files (a chord needs these); auto: rpc, "
              "and file where the scenario has a chord"}},
        .usesWorkers = true,
        .usesWorkerTables = true,
        .usesBroker = true,
        .brokerScheme = "amqp",
        .namesOwnGil = true};
    return std::make_unique<CeleryModel>(std::move(info), "celery", "apt-get install celery");
}

} // namespace interleave::models
