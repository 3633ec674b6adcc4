// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/chain_checks.h"

#include "engine/scenario/cycle_search.h"

#include <fmt/format.h>
#include <optional>

namespace interleave::scenario {

namespace {

bool checkCycles(const Scenario& scenario, const Origins& origins, Problems& problems) {
    Graph graph(scenario.tasks.size());
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        if (const auto then = scenario.tasks[i].then) {
            graph[i].push_back({*then, placeOf(*origins.tasks[i], "then")});
        }
    }
    CycleSearch search(graph);
    const auto cycle = search.run();
    if (!cycle.empty()) {
        problems.report(search.closing().at,
                        fmt::format("tasks follow each other without end ({}), a chain has to end",
                                    wayRound(scenario, cycle, "then")));
    }
    return cycle.empty();
}

/// Why others than the one before it would begin a task that follows in a chain.
void checkFollower(const TaskTemplate& follower, const TaskTemplate& before, const Value& table,
                   bool isSpawned, Position then, Problems& problems) {
    const std::string name = inQuotes(follower.name);
    const std::string begins =
        fmt::format("{} begins when its {} has ended", name, inQuotes(before.name));
    for (const char* key : {"after", "every", "arrival"}) {
        if (table.find(key) != nullptr) {
            problems.report(placeOf(table, key), fmt::format("{}, leave {} out", begins, key));
        }
    }
    if (follower.handles) {
        problems.report(placeOf(table, "on"),
                        fmt::format("{}, leave on or the other's then out", begins));
    } else if (isSpawned) {
        problems.report(then, fmt::format("{} is spawned, it can't follow in a chain too", name));
    } else if (follower.count != before.count) {
        problems.report(placeOf(table, "count"),
                        fmt::format("{} follows {}, of which there are {}: leave count out", name,
                                    inQuotes(before.name), before.count));
    }
}

} // namespace

bool checkChains(const Scenario& scenario, const Origins& origins, Problems& problems) {
    if (!checkCycles(scenario, origins, problems)) {
        return false;
    }
    const std::vector<bool> isSpawned = spawnedTemplates(scenario);
    std::vector<std::optional<std::size_t>> before(scenario.tasks.size());
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        const TaskTemplate& task = scenario.tasks[i];
        if (!task.then) {
            continue;
        }
        const Position place = placeOf(*origins.tasks[i], "then");
        if (task.handles) {
            problems.report(place, fmt::format("{} handles messages, let it publish one instead of "
                                               "then",
                                               inQuotes(task.name)));
            continue;
        }
        if (isSpawned[i]) {
            problems.report(place, fmt::format("{} is spawned, let who spawns it await it instead "
                                               "of then",
                                               inQuotes(task.name)));
            continue;
        }
        if (const auto other = before[*task.then]) {
            problems.report(place, fmt::format("{} follows {} already, a task follows one other",
                                               inQuotes(scenario.tasks[*task.then].name),
                                               inQuotes(scenario.tasks[*other].name)));
            continue;
        }
        before[*task.then] = i;
        checkFollower(scenario.tasks[*task.then], task, *origins.tasks[*task.then],
                      isSpawned[*task.then], place, problems);
    }
    return true;
}

} // namespace interleave::scenario
