// SPDX-License-Identifier: GPL-3.0-or-later
// RQ: jobs in Redis, one at a time for each worker, and no broker between them.
#include "engine/models/parameters.h"
#include "engine/models/python/library_model.h"

#include <fmt/format.h>

namespace interleave::models {

namespace {

using scenario::Action;

/// What RQ hasn't got; null: nothing of it is asked for.
const char* missingInRq(const scenario::TaskTemplate& task) {
    const auto& delivery = task.delivery;
    return task.handles                 ? "messages of others"
           : task.then                  ? "chains"
           : delivery.priority > 0      ? "priorities"
           : delivery.expiresNs > 0     ? "tasks that expire"
           : delivery.countdownNs > 0   ? "countdowns"
           : delivery.softLimitNs > 0   ? "soft time limits"
           : delivery.hardLimitNs > 0   ? "time limits below a second"
           : delivery.ratePerSecond > 0 ? "rate limits"
           : delivery.chunk > 1         ? "chunks"
                                        : nullptr;
}

class RqModel final : public LibraryModel {
public:
    using LibraryModel::LibraryModel;

protected:
    std::optional<std::string> objection(const scenario::Program& /*program*/,
                                         const Parameters& parameters,
                                         const Action& action) const override {
        using Kind = Action::Kind;
        if (action.kind == Kind::Publish) {
            return "the model rq runs jobs only; for messages take the model pika or pubsub";
        }
        if (isShared(action.kind)) {
            return "workers of RQ share no locks, queues or barriers";
        }
        if (action.kind == Kind::Spawn || action.kind == Kind::Await) {
            return "a job of the model rq spawns no others; use 'after', or the model celery";
        }
        if (action.kind == Kind::Crash && textParameter(parameters, "worker") != "forking") {
            return "a crash would end the whole worker of RQ; take --set worker=forking";
        }
        return releasedPrimes(action);
    }
    Result<void> refuseProgram(const scenario::Program& program,
                               const Parameters& /*parameters*/) const override {
        for (const auto& task : program.scenario->tasks) {
            if (const char* const what = missingInRq(task)) {
                return fail(fmt::format("{}:{}: the model rq has no {}; take celery or task-queue.",
                                        program.scenario->file.string(), task.line, what));
            }
        }
        return {};
    }
};

} // namespace

std::unique_ptr<const Model> makeRq() {
    ModelInfo info{
        .id = "rq",
        .title = "RQ",
        .about = "The real RQ: the scenario's tasks are jobs in Redis, and real RQ workers execute "
                 "them, each in a process that is forked for it. A worker takes one at a time.",
        .kitchen =
            "A pile of orders on the counter; each cook takes the top one, and nothing more.",
        .parameters = {pythonParameter("RQ"),
                       {"worker", "forking", "choice", "forking, simple",
                        "whether a worker forks a process for each job or executes it itself"}},
        .usesWorkers = true,
        .usesWorkerTables = true,
        .usesBroker = true,
        .brokerScheme = "redis",
        .namesOwnGil = true};
    return std::make_unique<RqModel>(std::move(info), "rq", "apt-get install python3-rq");
}

} // namespace interleave::models
