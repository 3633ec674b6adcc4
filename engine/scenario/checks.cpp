// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/checks.h"

#include "engine/scenario/chain_checks.h"
#include "engine/scenario/cycle_search.h"
#include "engine/scenario/message_checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace interleave::scenario {

namespace {

bool checkSpawnCycles(const Scenario& scenario, Problems& problems) {
    Graph graph(scenario.tasks.size());
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        forEachStep(scenario.tasks[i].steps, [&](const Step& step) {
            if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
                graph[i].push_back({spawn->task, positionOf(step)});
            }
        });
    }
    CycleSearch search(graph);
    const auto cycle = search.run();
    if (!cycle.empty()) {
        problems.report(search.closing().at,
                        fmt::format("tasks spawn each other without end ({}), a task may not spawn "
                                    "itself, directly or not",
                                    wayRound(scenario, cycle, "spawns")));
    }
    return cycle.empty();
}

/// What each task needs to begin: the one that it comes `after` or follows in a chain, and those
/// that spawn it.
Graph needs(const Scenario& scenario, const Origins& origins) {
    Graph graph(scenario.tasks.size());
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        const TaskTemplate& task = scenario.tasks[i];
        if (task.after) {
            graph[i].push_back({*task.after, placeOf(*origins.tasks[i], "after")});
        }
        if (task.then) {
            graph[*task.then].push_back({i, placeOf(*origins.tasks[i], "then")});
        }
        forEachStep(task.steps, [&](const Step& step) {
            if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
                graph[spawn->task].push_back({i, positionOf(step)});
            }
        });
    }
    return graph;
}

void checkAfterCycles(const Scenario& scenario, const Origins& origins, Problems& problems) {
    const Graph graph = needs(scenario, origins);
    CycleSearch search(graph);
    const auto cycle = search.run();
    if (cycle.empty()) {
        return;
    }
    // Report it at an `after`: without one there is no cycle here, those of spawns and of chains
    // were found before.
    for (const std::size_t node : cycle) {
        if (const auto after = scenario.tasks[node].after;
            after && std::find(cycle.begin(), cycle.end(), *after) != cycle.end()) {
            problems.report(placeOf(*origins.tasks[node], "after"),
                            fmt::format("{} would never begin, it waits for itself ({}), name a "
                                        "task that does not depend on it",
                                        inQuotes(scenario.tasks[node].name),
                                        wayRound(scenario, cycle, "needs")));
            return;
        }
    }
}

void checkOnlySpawned(const TaskTemplate& task, const Value& table, Problems& problems) {
    if (task.after) {
        problems.report(placeOf(table, "after"),
                        fmt::format("{} begins when it is spawned, leave after out or give it a "
                                    "count of its own",
                                    inQuotes(task.name)));
    }
    for (const char* key : {"every", "arrival"}) {
        if (table.find(key) != nullptr) {
            problems.report(placeOf(table, key),
                            fmt::format("{} arrives when it is spawned, leave every and arrival "
                                        "out or give it a count of its own",
                                        inQuotes(task.name)));
            return;
        }
    }
}

void checkSpawns(const Scenario& scenario, const TaskTemplate& task, Problems& problems) {
    std::set<std::size_t> spawnedSoFar;
    forEachStep(task.steps, [&](const Step& step) {
        if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
            spawnedSoFar.insert(spawn->task);
            if (task.retries > 0) {
                problems.report(positionOf(step),
                                fmt::format("{} may be tried again and would spawn twice, leave "
                                            "retries or this step out",
                                            inQuotes(task.name)));
            }
        } else if (const auto* await = std::get_if<AwaitStep>(&step.what);
                   await != nullptr && !spawnedSoFar.contains(await->task)) {
            const std::string awaited = inQuotes(scenario.tasks[await->task].name);
            problems.report(positionOf(step),
                            fmt::format("{} has not spawned any {} before this step, put "
                                        "{{ spawn = {} }} before it",
                                        inQuotes(task.name), awaited, awaited));
        }
    });
}

} // namespace

Position placeOf(const Value& table, std::string_view key) {
    const Value* value = table.find(key);
    return value == nullptr ? table.position : value->position;
}

void completeCounts(Scenario& scenario, const Origins& origins) {
    const std::vector<bool> isSpawned = spawnedTemplates(scenario);
    const auto hasCount = [&](std::size_t i) { return origins.tasks[i]->find("count") != nullptr; };
    std::vector<bool> isChained(scenario.tasks.size(), false);
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        if ((isSpawned[i] || scenario.tasks[i].handles) && !hasCount(i)) {
            scenario.tasks[i].count = 0;
        }
        if (scenario.tasks[i].then) {
            isChained[*scenario.tasks[i].then] = true;
        }
    }
    for (std::size_t head = 0; head < scenario.tasks.size(); ++head) {
        // A chain that has no head is a circle, which checkScenario() reports.
        std::size_t at = head;
        for (std::size_t step = 0;
             !isChained[head] && scenario.tasks[at].then && step < scenario.tasks.size(); ++step) {
            const std::size_t next = *scenario.tasks[at].then;
            if (!hasCount(next)) {
                scenario.tasks[next].count = scenario.tasks[at].count;
            }
            at = next;
        }
    }
}

void checkScenario(const Scenario& scenario, const Origins& origins, Problems& problems) {
    const std::vector<bool> isSpawned = spawnedTemplates(scenario);
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        const TaskTemplate& task = scenario.tasks[i];
        if (isSpawned[i] && task.count == 0) {
            checkOnlySpawned(task, *origins.tasks[i], problems);
        }
        checkSpawns(scenario, task, problems);
    }
    const bool areChainsFine = checkChains(scenario, origins, problems);
    if (checkSpawnCycles(scenario, problems) && areChainsFine) {
        checkAfterCycles(scenario, origins, problems);
        checkMessaging(scenario, origins, problems);
    }
}

std::vector<bool> spawnedTemplates(const Scenario& scenario) {
    std::vector<bool> isSpawned(scenario.tasks.size(), false);
    for (const TaskTemplate& task : scenario.tasks) {
        forEachStep(task.steps, [&](const Step& step) {
            if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
                isSpawned[spawn->task] = true;
            }
        });
    }
    return isSpawned;
}

} // namespace interleave::scenario
