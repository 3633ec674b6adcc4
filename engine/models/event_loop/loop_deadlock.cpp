// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/loop_deadlock.h"

#include "engine/models/sync/wait_graph.h"

#include <unordered_set>

namespace interleave::models {

namespace {

using scenario::Action;

/// The tasks each of which has to go on before this one can.
std::vector<TaskId> blockersOf(std::span<const LoopTask> tasks, const LoopObjects& objects,
                               const LoopTask& task) {
    std::vector<TaskId> blockers;
    if (task.waitsFor->kind == Action::Kind::Await) {
        for (const TaskId id : task.waitsFor->tasks) {
            if (!tasks[id.value - 1].isEnded) {
                blockers.push_back(id);
            }
        }
    } else if (task.waitsFor->kind == Action::Kind::Acquire) {
        const LoopObject& object = objects.object(task.waitsFor->object);
        if (object.declaration->kind == scenario::ObjectKind::Lock) {
            for (const LoopTask* holder : object.holders) {
                blockers.push_back(holder->id());
            }
        }
    }
    return blockers;
}

std::uint32_t levelOf(const LoopObjects& objects, const LoopTask& task) {
    if (task.waitsFor->object.isNone()) {
        return 0;
    }
    const LoopObject& object = objects.object(task.waitsFor->object);
    switch (object.declaration->kind) {
    case scenario::ObjectKind::Queue:
        return static_cast<std::uint32_t>(object.items.size());
    case scenario::ObjectKind::Barrier:
        return static_cast<std::uint32_t>(object.waiting.size());
    default:
        return object.free;
    }
}

} // namespace

bool closesCycle(std::span<const LoopTask> tasks, const LoopObjects& objects,
                 const LoopTask& task) {
    if (task.held.empty() && task.awaiter == nullptr) {
        return false; // nobody waits for this one: no cycle can lead through it
    }
    std::vector<TaskId> toVisit = blockersOf(tasks, objects, task);
    std::unordered_set<TaskId> seen;
    while (!toVisit.empty()) {
        const TaskId id = toVisit.back();
        toVisit.pop_back();
        if (id == task.id()) {
            return true;
        }
        const LoopTask& next = tasks[id.value - 1];
        if (next.waitsFor == nullptr || !seen.insert(id).second) {
            continue;
        }
        const std::vector<TaskId> blockers = blockersOf(tasks, objects, next);
        toVisit.insert(toVisit.end(), blockers.begin(), blockers.end());
    }
    return false;
}

std::string describeStuck(const scenario::Program& program, std::span<const LoopTask> tasks,
                          const LoopObjects& objects) {
    WaitGraph graph;
    for (const LoopTask& task : tasks) {
        if (task.waitsFor != nullptr) {
            graph.waiters.push_back({task.id(), task.waitsFor, blockersOf(tasks, objects, task),
                                     levelOf(objects, task)});
        }
    }
    const auto deadlock = findDeadlock(graph);
    return deadlock ? describe(*deadlock, program) : std::string();
}

} // namespace interleave::models
