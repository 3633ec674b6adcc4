// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/settings.h"

#include "engine/models/parameters.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace interleave::models {

namespace {

std::uint32_t count(const Parameters& parameters, const std::string& key) {
    const std::string& text = textParameter(parameters, key);
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value); // checked before
    return value;
}

/// Every queue that tasks go to, each once.
std::vector<ObjectId> usedQueues(const RunContext& context) {
    std::vector<ObjectId> queues;
    for (const scenario::Task& task : context.program.tasks) {
        const ObjectId queue = queueOf(context, task.id);
        if (std::ranges::find(queues, queue) == queues.end()) {
            queues.push_back(queue);
        }
    }
    return queues;
}

} // namespace

QueueSettings settingsOf(const Parameters& parameters) {
    return {
        .usesThreads = textParameter(parameters, "pool") == "threads",
        .prefetch = count(parameters, "prefetch"),
        .isAckedLate = textParameter(parameters, "acks") == "late",
        .isRejectedOnWorkerLost = textParameter(parameters, "reject_on_worker_lost") == "true",
        .maxTasksPerChild = count(parameters, "max_tasks_per_child"),
        .leastSlots = count(parameters, "autoscale"),
        .deliveryLimit = count(parameters, "delivery_limit"),
        .hosts = count(parameters, "hosts"),
        .hostWaitNs = durationParameter(parameters, "host_wait"),
        .hostSilenceNs = durationParameter(parameters, "host_silence"),
    };
}

ParameterInfo prefetchParameter() {
    return {"prefetch", "4", "count", "0 to 1000",
            "multiplier: each worker reserves that many messages for each of its slots; 0: any "
            "number"};
}

ParameterInfo acksParameter() {
    return {"acks", "early", "choice", "early, late",
            "when a message is acknowledged: as its task starts, or when it has ended"};
}

std::vector<ParameterInfo> queueParameters() {
    return {
        {"pool", "processes", "choice", "processes, threads",
         "what a worker executes tasks in: processes that it forks, or threads of the run (faster "
         "to hand over to, but they can't be killed)"},
        prefetchParameter(),
        acksParameter(),
        {"reject_on_worker_lost", "true", "bool", "true, false",
         "a late acknowledged task whose process was killed goes back to its queue, which is what "
         "acknowledging late is for; false: it has failed. Celery's own default is false"},
        {"max_tasks_per_child", "0", "count", "0 to 1000000",
         "a process is replaced after that many tasks, its memory comes back; 0: never"},
        {"autoscale", "0", "count", "0 to 1024",
         "slots that a worker keeps when there is little to do; it grows to all of them as tasks "
         "wait; 0: always all"},
        {"delivery_limit", "5", "count", "1 to 1000",
         "times that one task may kill its process and come back; then it has failed"},
        {"hosts", "0", "count", "0 to 63",
         "workers on other hosts (`interleave worker --broker URL` there) that execute the tasks "
         "in "
         "place of the run's own; it begins when so many are there. 0: none. Needs RabbitMQ"},
        {"host_wait", "60 s", "duration", "100 ms to 86400 s", "how long they are waited for"},
        {"host_silence", "30 s", "duration", "1 s to 3600 s",
         "a host that was not heard of for so long is given up; until then it may come back"},
    };
}

std::vector<NodePlan> nodesOf(const RunContext& context, const QueueSettings& settings) {
    std::vector<NodePlan> nodes;
    const auto workers = static_cast<std::uint32_t>(context.workers);
    const auto& declared = context.program.scenario->taskWorkers;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        NodePlan node{.number = static_cast<int>(i) + 1,
                      .name = declared[i].name.empty() ? fmt::format("node {}", i + 1)
                                                       : declared[i].name,
                      .queues = {},
                      .slotCount = declared[i].slotCount.value_or(workers),
                      .prefetch = declared[i].prefetch.value_or(settings.prefetch)};
        for (const std::size_t queue : declared[i].queues) {
            node.queues.push_back(context.program.messageQueueId(queue));
        }
        nodes.push_back(std::move(node));
    }
    if (nodes.empty()) {
        nodes.push_back({.number = 1,
                         .name = "node 1",
                         .queues = {},
                         .slotCount = workers,
                         .prefetch = settings.prefetch});
    }
    int nextWorker = 1;
    for (NodePlan& node : nodes) {
        if (node.queues.empty()) {
            node.queues = usedQueues(context);
        }
        node.firstWorker = nextWorker;
        nextWorker += static_cast<int>(node.slotCount);
    }
    return nodes;
}

const scenario::DeliveryOptions& deliveryOf(const scenario::Program& program, TaskId task) {
    return program.scenario->tasks[program.task(task).templateIndex].delivery;
}

bool isAckedLate(const scenario::Program& program, const QueueSettings& settings, TaskId task) {
    return deliveryOf(program, task).isAckedLate.value_or(settings.isAckedLate);
}

bool comesBack(const scenario::Program& program, const QueueSettings& settings, TaskId task) {
    return isAckedLate(program, settings, task) &&
           deliveryOf(program, task)
               .isRejectedOnWorkerLost.value_or(settings.isRejectedOnWorkerLost);
}

ObjectId queueOf(const RunContext& context, TaskId task) {
    const ObjectId queue = context.program.task(task).queue;
    return queue ? queue : extraQueue(context, ExtraQueue::Tasks);
}

} // namespace interleave::models
