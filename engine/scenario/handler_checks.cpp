// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/handler_checks.h"

#include <fmt/format.h>
#include <optional>

namespace interleave::scenario {

namespace {

/// Keys that say when and how a task is submitted, which nobody does with a handler.
constexpr const char* kKeysOfSubmitted[] = {
    "count",         "every",      "arrival",    "after",           "payload",
    "queue",         "priority",   "expires",    "countdown",       "chunk",
    "ignore_result", "rate_limit", "time_limit", "soft_time_limit", "reject_on_worker_lost"};

void checkKeys(const TaskTemplate& task, const Value& table, bool isSpawned, Problems& problems) {
    if (!task.handles) {
        if (table.find("consumers") != nullptr) {
            problems.report(placeOf(table, "consumers"),
                            "consumers without on does nothing, add on = \"name of a "
                            "message_queue\"");
        }
        return;
    }
    for (const char* key : kKeysOfSubmitted) {
        if (table.find(key) != nullptr) {
            problems.report(placeOf(table, key),
                            fmt::format("{} begins whenever a message comes, leave {} out",
                                        inQuotes(task.name), key));
        }
    }
    if (isSpawned) {
        problems.report(
            placeOf(table, "on"),
            fmt::format("{} is spawned, it can't handle messages too", inQuotes(task.name)));
    }
}

} // namespace

std::vector<bool> queuesOfTasks(const Scenario& scenario) {
    std::vector<bool> carriesTasks(scenario.messageQueues.size(), false);
    for (const TaskTemplate& task : scenario.tasks) {
        if (task.delivery.queue) {
            carriesTasks[*task.delivery.queue] = true;
        }
    }
    return carriesTasks;
}

void checkHandlers(const Scenario& scenario, const Origins& origins,
                   const std::vector<bool>& getsMessages, Problems& problems) {
    const std::vector<bool> isSpawned = spawnedTemplates(scenario);
    std::vector<std::optional<std::size_t>> handlers(scenario.messageQueues.size());
    const std::vector<bool> carriesTasks = queuesOfTasks(scenario);
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        const TaskTemplate& task = scenario.tasks[i];
        const Value& table = *origins.tasks[i];
        checkKeys(task, table, isSpawned[i], problems);
        if (task.after && scenario.tasks[*task.after].handles) {
            problems.report(placeOf(table, "after"),
                            fmt::format("{} handles messages, and nobody knows which is the last: "
                                        "name another task",
                                        inQuotes(scenario.tasks[*task.after].name)));
        }
        if (!task.handles) {
            continue;
        }
        const std::string queue = inQuotes(scenario.messageQueues[*task.handles].name);
        auto& handler = handlers[*task.handles];
        if (handler) {
            problems.report(placeOf(table, "on"),
                            fmt::format("{} handles the messages of {} already, give each task a "
                                        "queue of its own, or this queue more consumers",
                                        inQuotes(scenario.tasks[*handler].name), queue));
        } else if (carriesTasks[*task.handles]) {
            problems.report(
                placeOf(table, "on"),
                fmt::format("{} is for tasks, which workers take: name another queue", queue));
        } else if (!getsMessages[*task.handles]) {
            problems.report(placeOf(table, "on"),
                            fmt::format("no message ever comes to {}, add a publish step whose "
                                        "message is routed there",
                                        queue));
        }
        handler = i;
    }
}

} // namespace interleave::scenario
