// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/library_models.h"

#include "engine/models/broker_need.h"
#include "engine/models/parameters.h"
#include "engine/models/python/interpreter.h"
#include "engine/models/python/library_text.h"
#include "engine/models/python/python_run.h"
#include "engine/models/refusal.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

namespace {

using scenario::Action;

class LibraryModel : public Model {
public:
    LibraryModel(ModelInfo info, std::string package, std::string install)
        : m_info(std::move(info))
        , m_package(std::move(package))
        , m_install(std::move(install)) {}

    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program,
                        const Parameters& parameters) const override {
        if (auto refused = refuseActions(
                program,
                [&](const Action& action) { return objection(program, parameters, action); });
            !refused) {
            return refused;
        }
        if (auto refused = refuseProgram(program, parameters); !refused) {
            return refused;
        }
        const auto python = findInterpreter(textParameter(parameters, "python"));
        return python ? Result<void>() : std::unexpected(python.error());
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        if (!context.faults.empty()) {
            return fail(fmt::format("The model {} makes no faults on purpose; leave out --fault, "
                                    "or take task-queue or pubsub.",
                                    m_info.id));
        }
        std::string settings;
        for (const ParameterInfo& parameter : m_info.parameters) {
            if (parameter.key != "python") {
                const std::string& value = textParameter(context.parameters, parameter.key);
                settings += parameter.unit == "choice"
                                ? fmt::format(",\"{}\":\"{}\"", parameter.key, value)
                                : fmt::format(",\"{}\":{}", parameter.key, value);
            }
        }
        return runInPython(context, {.model = m_info.id,
                                     .settings = "{" + settings.substr(1) + "}",
                                     .workersAtOnce = 0,
                                     .library = libraryText(context),
                                     .package = m_package,
                                     .install = m_install});
    }

protected:
    virtual std::optional<std::string> objection(const scenario::Program& program,
                                                 const Parameters& parameters,
                                                 const Action& action) const = 0;
    virtual Result<void> refuseProgram(const scenario::Program& /*program*/,
                                       const Parameters& /*parameters*/) const {
        return {};
    }

private:
    ModelInfo m_info;
    std::string m_package, m_install;
};

/// Steps that need objects which processes share, or another way to wait.
bool isShared(Action::Kind kind) {
    return kind == Action::Kind::Acquire || kind == Action::Kind::Release ||
           kind == Action::Kind::Barrier || kind == Action::Kind::Put || kind == Action::Kind::Get;
}

std::optional<std::string> releasedPrimes(const Action& action) {
    if (action.kind == Action::Kind::Compute && action.releasesGil &&
        action.kernel == scenario::Kernel::Primes) {
        return "no library call of Python looks for primes without the interpreter lock; use the "
               "kernel sha256 or memory with releases_gil";
    }
    return std::nullopt;
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
        for (const auto& task : program.scenario->tasks) {
            const auto& delivery = task.delivery;
            if (delivery.chunk > 1 || task.handles) {
                return fail(fmt::format("{}:{}: the model celery can't do that: {}.",
                                        program.scenario->file.string(), task.line,
                                        task.handles ? "it handles tasks, not messages of others"
                                                     : "it sends each task by itself, not in "
                                                       "chunks"));
            }
            if ((delivery.softLimitNs > 0 || delivery.hardLimitNs > 0) &&
                textParameter(parameters, "pool") != "prefork") {
                return fail(fmt::format("{}:{}: Celery has time limits in a prefork pool only; "
                                        "take --set pool=prefork.",
                                        program.scenario->file.string(), task.line));
            }
        }
        return {};
    }
};

class RqModel final : public LibraryModel {
public:
    using LibraryModel::LibraryModel;

protected:
    std::optional<std::string> objection(const scenario::Program& /*program*/,
                                         const Parameters& parameters,
                                         const Action& action) const override {
        using Kind = Action::Kind;
        if (action.kind == Kind::Publish) {
            return "the model rq runs jobs only; for messages take the model pubsub";
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
            const auto& delivery = task.delivery;
            const char* const what = task.handles                 ? "messages of others"
                                     : task.then                  ? "chains"
                                     : delivery.priority > 0      ? "priorities"
                                     : delivery.expiresNs > 0     ? "tasks that expire"
                                     : delivery.countdownNs > 0   ? "countdowns"
                                     : delivery.softLimitNs > 0   ? "soft time limits"
                                     : delivery.hardLimitNs > 0   ? "time limits below a second"
                                     : delivery.ratePerSecond > 0 ? "rate limits"
                                     : delivery.chunk > 1         ? "chunks"
                                                                  : nullptr;
            if (what != nullptr) {
                return fail(fmt::format("{}:{}: the model rq has no {}; take celery or task-queue.",
                                        program.scenario->file.string(), task.line, what));
            }
        }
        return {};
    }
};

ParameterInfo pythonParameter(const char* library) {
    return {"python", "/usr/bin/python3", "command", "a path, or a name in PATH",
            fmt::format("the interpreter that executes the scenario; it must have {}", library)};
}

} // namespace

std::string brokerSchemeOf(const ModelInfo& model) {
    return model.id == "celery" ? "amqp" : model.id == "rq" ? "redis" : "";
}

std::vector<std::unique_ptr<const Model>> makeLibraryModels() {
    std::vector<std::unique_ptr<const Model>> models;
    ModelInfo celery{
        .id = "celery",
        .title = "Celery",
        .about = "The real Celery: the scenario's tasks are published to RabbitMQ, and real Celery "
                 "workers execute them. What the model task-queue does natively.",
        .kitchen = "The order rail of a real restaurant, with the cooks that work there.",
        .parameters =
            {pythonParameter("Celery"),
             {"pool", "prefork", "choice", "prefork, threads, solo",
              "what executes tasks in a worker: processes, threads, or the worker itself"},
             {"prefetch", "4", "count", "0 to 1000",
              "worker_prefetch_multiplier: how many tasks a worker reserves for each "
              "slot; 0: any number"},
             {"acks", "early", "choice", "early, late",
              "when a task's message is acknowledged: before it begins or after its end"},
             {"results", "auto", "choice", "auto, rpc, file, none",
              "the result backend: messages, or files (a chord needs these); auto: rpc, "
              "and file where the scenario has a chord"}},
        .usesWorkers = true,
        .usesBroker = true,
        .namesOwnGil = true};
    models.push_back(
        std::make_unique<CeleryModel>(std::move(celery), "celery", "apt-get install celery"));
    ModelInfo rq{
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
        .usesBroker = true,
        .namesOwnGil = true};
    models.push_back(std::make_unique<RqModel>(std::move(rq), "rq", "apt-get install python3-rq"));
    return models;
}

} // namespace interleave::models
