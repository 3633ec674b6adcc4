// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/sync/wait_graph.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace interleave::models {

using scenario::Action;

namespace {

constexpr std::size_t kMostNamed = 8; // waiting tasks that a message names one by one

/// Depth-first search with an explicit stack: a chain of ten thousand waiters is no problem.
class CycleSearch {
public:
    explicit CycleSearch(const WaitGraph& graph)
        : m_graph(graph) {
        for (std::size_t i = 0; i < graph.waiters.size(); ++i) {
            m_indexOf.emplace(graph.waiters[i].task, i);
        }
        m_marks.resize(graph.waiters.size(), Mark::New);
    }

    /// Indices of the waiters of a cycle in order, or nothing.
    std::vector<std::size_t> find() {
        for (std::size_t start = 0; start < m_graph.waiters.size(); ++start) {
            if (m_marks[start] != Mark::New) {
                continue;
            }
            if (auto cycle = searchFrom(start); !cycle.empty()) {
                return cycle;
            }
        }
        return {};
    }

private:
    enum class Mark : std::uint8_t { New, OnPath, Finished };
    struct Step {
        std::size_t waiter;
        std::size_t nextBlocker = 0;
    };

    std::vector<std::size_t> searchFrom(std::size_t start) {
        std::vector<Step> path{{start}};
        m_marks[start] = Mark::OnPath;
        while (!path.empty()) {
            Step& step = path.back();
            const auto& blockers = m_graph.waiters[step.waiter].blockers;
            if (step.nextBlocker == blockers.size()) {
                m_marks[step.waiter] = Mark::Finished;
                path.pop_back();
                continue;
            }
            const auto next = m_indexOf.find(blockers[step.nextBlocker++]);
            if (next == m_indexOf.end()) {
                continue; // that one does not wait
            }
            if (m_marks[next->second] == Mark::OnPath) {
                return tailFrom(path, next->second);
            }
            if (m_marks[next->second] == Mark::New) {
                m_marks[next->second] = Mark::OnPath;
                path.push_back({next->second});
            }
        }
        return {};
    }

    static std::vector<std::size_t> tailFrom(const std::vector<Step>& path, std::size_t first) {
        std::vector<std::size_t> cycle;
        auto at = std::ranges::find(path, first, &Step::waiter);
        for (; at != path.end(); ++at) {
            cycle.push_back(at->waiter);
        }
        return cycle;
    }

    const WaitGraph& m_graph;
    std::unordered_map<TaskId, std::size_t> m_indexOf;
    std::vector<Mark> m_marks;
};

std::string taskName(const scenario::Program& program, TaskId task) {
    return fmt::format("\"{}\"", program.task(task).name);
}

std::string describeAwait(const Waiter& waiter, const scenario::Program& program) {
    if (waiter.blockers.empty()) {
        return "awaits a task";
    }
    std::string text = "awaits " + taskName(program, waiter.blockers.front());
    if (waiter.blockers.size() > 1) {
        text += fmt::format(" and {} more", waiter.blockers.size() - 1);
    }
    return text;
}

std::string describeWait(const Waiter& waiter, const scenario::Program& program) {
    if (waiter.waitsFor == nullptr) {
        return "can't go on before " + taskName(program, waiter.blockers.front()) +
               ", which runs on top of it on the same thread";
    }
    const Action& action = *waiter.waitsFor;
    if (action.kind == Action::Kind::Await) {
        return describeAwait(waiter, program);
    }
    const scenario::Object& object = program.object(action.object);
    switch (action.kind) {
    case Action::Kind::Barrier:
        return fmt::format("waits at the barrier \"{}\", where {} of {} have arrived", object.name,
                           waiter.level, object.capacity);
    case Action::Kind::Put:
        return fmt::format("waits for a place in the queue \"{}\", which is full", object.name);
    case Action::Kind::Get:
        return fmt::format("waits for an item in the queue \"{}\", which is empty", object.name);
    default:
        break;
    }
    if (object.kind == scenario::ObjectKind::Semaphore || waiter.blockers.empty()) {
        return fmt::format("waits for \"{}\", which nobody will release", object.name);
    }
    return fmt::format("waits for \"{}\", held by {}", object.name,
                       waiter.blockers.front() == waiter.task
                           ? std::string("itself")
                           : taskName(program, waiter.blockers.front()));
}

} // namespace

std::optional<Deadlock> findDeadlock(const WaitGraph& graph) {
    if (const auto cycle = CycleSearch(graph).find(); !cycle.empty()) {
        Deadlock deadlock{{}, true, graph.starved};
        for (const std::size_t index : cycle) {
            deadlock.waiters.push_back(graph.waiters[index]);
        }
        return deadlock;
    }
    if (!graph.waiters.empty() && !graph.somebodyCanAct) {
        return Deadlock{graph.waiters, false, graph.starved};
    }
    return std::nullopt;
}

std::string describe(const Deadlock& deadlock, const scenario::Program& program) {
    std::string text;
    const std::size_t named = std::min(deadlock.waiters.size(), kMostNamed);
    for (std::size_t i = 0; i < named; ++i) {
        const Waiter& waiter = deadlock.waiters[i];
        text += fmt::format("{}{} {}", i == 0 ? "" : "; ", taskName(program, waiter.task),
                            describeWait(waiter, program));
    }
    if (named < deadlock.waiters.size()) {
        text += fmt::format("; and {} more tasks wait", deadlock.waiters.size() - named);
    }
    if (!deadlock.isCycle) {
        text += deadlock.starved == 0
                    ? "; no task is left that could wake them"
                    : fmt::format("; {} more can't start, since waiting tasks take every worker",
                                  deadlock.starved);
    }
    return text;
}

} // namespace interleave::models
