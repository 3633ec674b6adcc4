// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/refusals.h"

#include "engine/models/refusal.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

using scenario::MessageQueueDeclaration;
using scenario::TaskTemplate;

namespace {

std::string place(const scenario::Program& program, const TaskTemplate& task) {
    return fmt::format("{}:{}:1", program.scenario->file.string(), task.line);
}

bool losesMessages(const MessageQueueDeclaration& queue) {
    return queue.ttlNs > 0 || queue.maxLength > 0;
}

/// Whether some worker takes from a queue; none: the model's own.
bool isTakenFrom(const scenario::Scenario& scenario, std::optional<std::size_t> queue) {
    if (scenario.taskWorkers.empty()) {
        return true;
    }
    return std::ranges::any_of(scenario.taskWorkers, [&](const auto& worker) {
        return worker.queues.empty() ||
               (queue && std::ranges::find(worker.queues, *queue) != worker.queues.end());
    });
}

std::optional<std::string> reasonAgainst(const scenario::Scenario& scenario,
                                         const TaskTemplate& task, const QueueSettings& settings) {
    if (task.handles) {
        return fmt::format("\"{}\" handles the messages of a queue, which tasks of a task queue "
                           "don't; use the model pubsub",
                           task.name);
    }
    if (const auto queue = task.delivery.queue;
        queue && losesMessages(scenario.messageQueues[*queue])) {
        return fmt::format("the queue \"{}\" of \"{}\" may drop messages (ttl, max_length), and a "
                           "task that was dropped would never end; give the task expires instead",
                           scenario.messageQueues[*queue].name, task.name);
    }
    if (!isTakenFrom(scenario, task.delivery.queue)) {
        return fmt::format("no [[worker]] takes from the queue of \"{}\", so it would never end; "
                           "add the queue to one, or leave its queues out for all",
                           task.name);
    }
    if (settings.usesThreads && task.delivery.hardLimitNs > 0) {
        return fmt::format("time_limit of \"{}\" kills the process that executes it, and with "
                           "pool=threads there is none; use pool=processes or soft_time_limit",
                           task.name);
    }
    return std::nullopt;
}

/// What tasks on several hosts can't do: share memory, and submit each other unseen by the run.
Result<void> refuseForHosts(const scenario::Program& program, const QueueSettings& settings) {
    using Kind = scenario::Action::Kind;
    if (settings.hosts == 0) {
        return {};
    }
    if (program.scenario->text.empty()) {
        return fail("Workers on other hosts expand the scenario by themselves, and this one has no "
                    "text that could be sent to them; give it as a file.");
    }
    if (settings.hosts < program.scenario->taskWorkers.size()) {
        return fail(fmt::format("The scenario has {} workers, and with hosts={} some would be "
                                "nowhere; give each a host.",
                                program.scenario->taskWorkers.size(), settings.hosts));
    }
    return refuseActions(program, [](const scenario::Action& action) -> std::optional<std::string> {
        switch (action.kind) {
        case Kind::Acquire:
        case Kind::Release:
        case Kind::Barrier:
        case Kind::Put:
        case Kind::Get:
            return "tasks on several hosts share no memory, so they have no common locks, "
                   "semaphores, barriers and queues; leave hosts out";
        case Kind::Spawn:
        case Kind::Await:
            return "a task on another host can't submit tasks or wait for them; chain them with "
                   "after or then, or leave hosts out";
        default:
            return std::nullopt;
        }
    });
}

} // namespace

Result<void> refuseForQueue(const scenario::Program& program, const QueueSettings& settings) {
    for (const TaskTemplate& task : program.scenario->tasks) {
        if (const auto reason = reasonAgainst(*program.scenario, task, settings)) {
            return fail(fmt::format("{}: {}.", place(program, task), *reason));
        }
    }
    if (auto refused = refuseFaults(program.scenario->faults, settings); !refused) {
        return refused;
    }
    if (auto refused = refuseForHosts(program, settings); !refused) {
        return refused;
    }
    if (!settings.usesThreads) {
        return {};
    }
    return refuseActions(program, [](const scenario::Action& action) -> std::optional<std::string> {
        if (action.kind != scenario::Action::Kind::Crash) {
            return std::nullopt;
        }
        return "a crash step kills its worker process, and with pool=threads "
               "the workers are threads of the run itself; use pool=processes";
    });
}

Result<void> refuseFaults(const std::vector<scenario::Fault>& faults,
                          const QueueSettings& settings) {
    for (const scenario::Fault& fault : faults) {
        if (settings.hosts > 0 && fault.kind != scenario::Fault::Kind::StopBroker) {
            return fail(fmt::format("The fault {} can't be had with hosts={}: their processes and "
                                    "connections are not the run's; do it there.",
                                    scenario::textOf(fault), settings.hosts));
        }
        if (settings.usesThreads && fault.kind == scenario::Fault::Kind::KillWorker) {
            return fail(fmt::format("The fault {} can't be had with pool=threads: the workers are "
                                    "threads of the run itself; use pool=processes.",
                                    scenario::textOf(fault)));
        }
    }
    return {};
}

} // namespace interleave::models
