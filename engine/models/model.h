// SPDX-License-Identifier: GPL-3.0-or-later
// Model: a concurrency model that executes a program. One folder each; adding one touches that
// folder, the registry and its tests. A model never knows a particular scenario.
#pragma once

#include "engine/base/result.h"
#include "engine/record/session.h"
#include "engine/scenario/compute.h"
#include "engine/scenario/loopback.h"
#include "engine/scenario/program.h"

#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace interleave::models {

/// A key of --set that a model knows.
struct ParameterInfo {
    std::string key;          // "switch_interval"
    std::string defaultValue; // "5 ms"
    std::string unit;         // "duration", "count", "choice", "bool", "command"
    std::string range;        // "10 µs to 10 s", "fork, spawn"
    std::string meaning;
};

struct ModelInfo {
    std::string id;      // "gil-threads"
    std::string title;   // "Threads with a GIL"
    std::string about;   // one or two sentences: what it is, who decides a switch
    std::string kitchen; // the metaphor: "one crowded kitchen, ten chefs, one knife"
    std::vector<ParameterInfo> parameters;
    bool usesWorkers = true;       // false: --workers means nothing (sequential, event-loop)
    bool usesWorkerTables = false; // [[worker]] of a scenario means something
    bool usesBroker = false;       // --broker means something
    bool makesFaults = false;      // --fault means something
    /// "amqp", "redis": a real broker, which its processes reach by themselves. Empty: memory will
    /// do.
    std::string brokerScheme{};
    bool namesOwnGil = false; // an agent in an interpreter records the real one, under its own name
};

/// Values of all the model's parameters, checked against ParameterInfo; every key is present.
using Parameters = std::map<std::string, std::string>;

/// What the run found out about itself; lands in the recording's diagnostics.
struct RunOutcome {
    /// "dish 1 waits for "fork", held by dish 2; ...": the cycle, or the set of tasks that nobody
    /// can wake any more. Empty: none.
    std::string deadlock;
};

/// Counters of a run; their number in Level events is index + 1. Those of its hosts follow.
inline constexpr const char* kCounterNames[] = {"ready queue", "pool queue"};
/// Whether a host, by its number, is connected to the broker.
inline std::uint32_t hostCounter(std::uint32_t host) {
    return static_cast<std::uint32_t>(std::size(kCounterNames)) + host;
}

/// Moments worth a mark, as Marked events number them.
enum class RunMark : std::uint32_t {
    CutOff = 1,
    Back,
    WorkerKilled,
    BrokerStopped,
    ConsumerSlowed,
    ConnectionCut
};
inline constexpr const char* kMarkNames[] = {
    "cut off from the broker",      "back at the broker",          "fault: a worker is killed",
    "fault: the broker is stopped", "fault: a consumer is slowed", "fault: a connection is cut"};

/// A worker on another host that has joined a run.
struct HostFacts {
    std::string name;
    std::uint32_t cores = 1;
};

struct RunContext {
    const scenario::Program& program;
    int workers = 1; // >= 1
    const Parameters& parameters;
    const scenario::ComputeSpeed& speed;
    scenario::Endpoint loopback;
    record::SessionWriter& session;
    /// Stream of the calling (control) thread; opened by the runner.
    record::Writer& control;
    /// The id under which the model's own lock (the GIL) is recorded: one past the program's.
    ObjectId gil;
    /// Of models with a broker: queue ids past the GIL's, see ExtraQueue.
    ObjectId firstExtraQueue{};
    /// Step ids past the program's, for what every model may show: see kExtraSteps.
    StepId firstExtraStep;
    std::stop_token stop;
    /// A path that a spawned worker process executes: this very program.
    std::string programPath;
    std::string broker = "memory"; // as broker::open() takes it
    /// A command that stops (argument "stop") and starts ("start") a broker that isn't ours; empty:
    /// none, such faults are refused.
    std::string brokerControl{};
    std::vector<scenario::Fault> faults{}; // the scenario's and those of --fault, by time
    /// Called with all of them whenever another host has joined; empty: nobody wants to know.
    std::function<void(const std::vector<HostFacts>&)> tellHosts{};
};

/// Queues of a broker that no scenario names; ObjectId = firstExtraQueue + index.
enum class ExtraQueue : std::uint8_t { Tasks, Results, Replies };
inline constexpr const char* kExtraQueueNames[] = {"tasks", "results", "replies"};
inline ObjectId extraQueue(const RunContext& context, ExtraQueue queue) {
    return {context.firstExtraQueue.value + static_cast<std::uint32_t>(queue)};
}

/// Names of what models do that no scenario names; StepId = firstExtraStep + index.
enum class ExtraStep : std::uint8_t {
    Arguments,
    Result,
    Start,
    Task,
    Retry,
    Publish,
    Confirm,
    Countdown,
    RateLimit,
    Acknowledge,
};
inline constexpr const char* kExtraStepNames[] = {
    "arguments", "result",  "start",     "task",       "retry",
    "publish",   "confirm", "countdown", "rate limit", "acknowledge"};
inline StepId extraStep(const RunContext& context, ExtraStep step) {
    return {context.firstExtraStep.value + static_cast<std::uint32_t>(step)};
}

class Model {
public:
    virtual ~Model() = default;
    virtual const ModelInfo& info() const = 0;
    /// An error names the step that this model can't express (file:line:column) or the bad value.
    virtual Result<void> canRun(const scenario::Program& program,
                                const Parameters& parameters) const = 0;
    /// Executes every task; returns when all have ended, the run is deadlocked, or stop was asked
    /// for. When it returns no thread or process of it is left. A task that was not ended by then
    /// has got its end mark (Cancelled).
    virtual Result<RunOutcome> run(const RunContext& context) const = 0;
};

} // namespace interleave::models
