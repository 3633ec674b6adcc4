// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace interleave::scenario {

namespace {

/// "to begin, `from` needs `to`", and where the file says so.
struct Edge {
    std::size_t to;
    Position at;
};
using Graph = std::vector<std::vector<Edge>>;

/// Finds a cycle by depth-first search; recursion is bounded by the number of templates.
class CycleSearch {
public:
    explicit CycleSearch(const Graph& graph)
        : m_graph(graph)
        , m_colors(graph.size(), Color::White) {}

    /// The nodes of a cycle in order, empty if there is none; closing() is its last edge.
    std::vector<std::size_t> run() {
        for (std::size_t node = 0; node < m_graph.size(); ++node) {
            if (m_colors[node] == Color::White && visit(node)) {
                return m_path;
            }
        }
        return {};
    }
    const Edge& closing() const { return m_closing; }

private:
    enum class Color : std::uint8_t { White, OnPath, Finished };

    bool visit(std::size_t node) {
        m_colors[node] = Color::OnPath;
        m_path.push_back(node);
        for (const Edge& edge : m_graph[node]) {
            if (m_colors[edge.to] == Color::OnPath) {
                m_path.erase(m_path.begin(), std::find(m_path.begin(), m_path.end(), edge.to));
                m_closing = edge;
                return true;
            }
            if (m_colors[edge.to] == Color::White && visit(edge.to)) {
                return true;
            }
        }
        m_path.pop_back();
        m_colors[node] = Color::Finished;
        return false;
    }

    const Graph& m_graph;
    std::vector<Color> m_colors;
    std::vector<std::size_t> m_path;
    Edge m_closing{};
};

Position positionOf(const Step& step) {
    return {step.line, step.column};
}

/// "a", "b", "a": the way round.
std::string wayRound(const Scenario& scenario, const std::vector<std::size_t>& cycle,
                     std::string_view arrow) {
    std::string text;
    const std::size_t shown = std::min<std::size_t>(cycle.size(), 8);
    for (std::size_t i = 0; i < shown; ++i) {
        text += fmt::format("{} {} ", inQuotes(scenario.tasks[cycle[i]].name), arrow);
    }
    return text + (shown < cycle.size() ? "... " : "") + inQuotes(scenario.tasks[cycle[0]].name);
}

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

/// A template begins after another's end (`after`), which needs that one's spawners to begin.
void checkAfterCycles(const Scenario& scenario, const std::vector<TemplateOrigin>& origins,
                      Problems& problems) {
    Graph graph(scenario.tasks.size());
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        if (scenario.tasks[i].after) {
            graph[i].push_back({*scenario.tasks[i].after, origins[i].after});
        }
        forEachStep(scenario.tasks[i].steps, [&](const Step& step) {
            if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
                graph[spawn->task].push_back({i, positionOf(step)});
            }
        });
    }
    CycleSearch search(graph);
    const auto cycle = search.run();
    if (cycle.empty()) {
        return;
    }
    // Report it at an `after`: without one there is no cycle here, spawn cycles were found before.
    for (const std::size_t node : cycle) {
        if (const auto after = scenario.tasks[node].after;
            after && std::find(cycle.begin(), cycle.end(), *after) != cycle.end()) {
            problems.report(origins[node].after,
                            fmt::format("{} would never begin, it waits for itself ({}), name a "
                                        "task that does not depend on it",
                                        inQuotes(scenario.tasks[node].name),
                                        wayRound(scenario, cycle, "needs")));
            return;
        }
    }
}

void checkTemplate(const Scenario& scenario, std::size_t index, bool isSpawned,
                   const TemplateOrigin& origin, Problems& problems) {
    const TaskTemplate& task = scenario.tasks[index];
    const bool isOnlySpawned = isSpawned && task.count == 0;
    if (isOnlySpawned && task.after) {
        problems.report(origin.after,
                        fmt::format("{} begins when it is spawned, leave after out or give it a "
                                    "count of its own",
                                    inQuotes(task.name)));
    }
    if (isOnlySpawned && origin.hasArrival) {
        problems.report(origin.arrival,
                        fmt::format("{} arrives when it is spawned, leave every and arrival out or "
                                    "give it a count of its own",
                                    inQuotes(task.name)));
    }
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

void checkScenario(const Scenario& scenario, const std::vector<TemplateOrigin>& origins,
                   Problems& problems) {
    const std::vector<bool> isSpawned = spawnedTemplates(scenario);
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        checkTemplate(scenario, i, isSpawned[i], origins[i], problems);
    }
    if (checkSpawnCycles(scenario, problems)) {
        checkAfterCycles(scenario, origins, problems);
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
