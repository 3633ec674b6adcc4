// SPDX-License-Identifier: GPL-3.0-or-later
// pika: what the model pubsub does natively, by the real client library.
#include "engine/models/parameters.h"
#include "engine/models/pubsub/pubsub_options.h"
#include "engine/models/python/library_model.h"
#include "engine/models/refusal.h"

#include <algorithm>

namespace interleave::models {

namespace {

using scenario::Action;

class PikaModel final : public LibraryModel {
public:
    using LibraryModel::LibraryModel;

protected:
    std::optional<std::string> objection(const scenario::Program& /*program*/,
                                         const Parameters& /*parameters*/,
                                         const Action& action) const override {
        using Kind = Action::Kind;
        if (isShared(action.kind)) {
            return "publishers and consumers of the model pika are processes, which share no "
                   "locks, queues or barriers; take the model pubsub";
        }
        if (action.kind == Kind::Spawn || action.kind == Kind::Await) {
            return "a task of the model pika spawns no others: it publishes messages; take the "
                   "model pubsub";
        }
        if (action.kind == Kind::Crash) {
            return "a crash would end a whole publisher or consumer of the model pika; take "
                   "task-queue or celery";
        }
        return releasedPrimes(action);
    }
    Result<void> refuseProgram(const scenario::Program& program,
                               const Parameters& parameters) const override {
        if (textParameter(parameters, "connection") == "blocking" &&
            textParameter(parameters, "confirms") == "async") {
            return fail("--set confirms=async: a blocking connection of pika waits for the confirm "
                        "of each message; take --set connection=asyncio, or confirms=each.");
        }
        return refuseLimits(program, info().id);
    }
};

/// Those of the model pubsub that mean the same here.
std::vector<ParameterInfo> pikaParameters() {
    std::vector<ParameterInfo> parameters{
        pythonParameter("pika"),
        {"connection", "blocking", "choice", "blocking, asyncio",
         "pika's BlockingConnection, which handles one message after the other, or its "
         "AsyncioConnection, whose coroutines handle as many at once as are prefetched"}};
    for (ParameterInfo& shared : pubsubParameters()) {
        if (shared.key == "publishers") {
            shared.meaning =
                "processes that execute the tasks which no message brings about; 0: as many as "
                "--workers";
        } else if (shared.key == "confirms") {
            shared = {"confirms", "each", "choice", "none, each, async",
                      "when a publisher waits for the broker to have taken its messages over: "
                      "never, after each, or at the end of a step (asyncio only)"};
        } else if (shared.key == "batch") {
            continue; // pika has no batches
        }
        parameters.push_back(std::move(shared));
    }
    return parameters;
}

} // namespace

std::unique_ptr<const Model> makePika() {
    ModelInfo info{
        .id = "pika",
        .title = "pika",
        .about = "The real pika: Python processes publish the scenario's messages to RabbitMQ, and "
                 "others consume them. What the model pubsub does natively.",
        .kitchen = "The boards of a real restaurant: who calls out and who listens are people of "
                   "their own, and the boards hang in the house of somebody else.",
        .parameters = pikaParameters(),
        .usesWorkers = true,
        .usesBroker = true,
        .brokerScheme = "amqp",
        .namesOwnGil = true};
    return std::make_unique<PikaModel>(std::move(info), "pika", "apt-get install python3-pika");
}

} // namespace interleave::models
