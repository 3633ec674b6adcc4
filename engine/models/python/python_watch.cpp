// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/python_watch.h"

#include "engine/models/sync/futex.h"
#include "engine/models/sync/wait_graph.h"

#include <algorithm>
#include <iterator>

namespace interleave::models {

using scenario::Action;
using Phase = PythonBlock::Phase;

namespace {

constexpr Nanoseconds kConfirmNs = 20'000'000; // least time between two looks that agree

} // namespace

PythonWatch::PythonWatch(const scenario::Program& program, const PythonBlock& block, int workers,
                         std::function<bool()> isAsleep)
    : m_program(program)
    , m_block(block)
    , m_workers(workers)
    , m_isAsleep(std::move(isAsleep)) {}

std::vector<TaskId> PythonWatch::unended() const {
    std::vector<TaskId> tasks;
    for (const scenario::Task& task : m_program.tasks) {
        if (m_block.look(task.id).phase != Phase::Ended) {
            tasks.push_back(task.id);
        }
    }
    return tasks;
}

/// A task that comes by itself, later: all that it follows have ended.
bool PythonWatch::willBeSubmitted(const scenario::Task& task) const {
    return !task.parent && std::ranges::all_of(task.after, [this](TaskId predecessor) {
        return m_block.look(predecessor).phase == Phase::Ended;
    });
}

WaitGraph PythonWatch::snapshot(Signature& versions) const {
    WaitGraph graph;
    std::size_t queued = 0;
    std::size_t takenWorkers = 0;
    bool isMoreToCome = false;
    std::size_t lastTemplate = m_program.tasks.size(); // its tasks follow the same ones: asked once
    for (const scenario::Task& task : m_program.tasks) {
        const PythonBlock::TaskLook look = m_block.look(task.id);
        if (look.phase == Phase::Unborn && !isMoreToCome && task.templateIndex != lastTemplate) {
            isMoreToCome = willBeSubmitted(task);
            lastTemplate = task.templateIndex;
        }
        queued += look.phase == Phase::Submitted ? 1u : 0u;
        if (look.phase != Phase::Started) {
            continue;
        }
        Waiter waiter{task.id, nullptr, {}, 0};
        if (look.waitsFor != 0 && look.waitsFor <= task.actions.size()) {
            const Action& action = task.actions[look.waitsFor - 1];
            waiter.waitsFor = &action;
            if (action.kind == Action::Kind::Await) {
                std::ranges::copy_if(
                    action.tasks, std::back_inserter(waiter.blockers),
                    [this](TaskId child) { return m_block.look(child).phase != Phase::Ended; });
                waiter.waitsFor = waiter.blockers.empty() ? nullptr : &action;
            } else if (action.kind == Action::Kind::Acquire &&
                       m_program.object(action.object).kind == scenario::ObjectKind::Lock) {
                if (const TaskId holder = m_block.holder(action.object)) {
                    waiter.blockers.push_back(holder);
                }
            }
        }
        if (look.cover) {
            waiter.blockers.push_back(look.cover);
        }
        takenWorkers += look.cover ? 0u : 1u;
        if (waiter.waitsFor == nullptr && waiter.blockers.empty()) {
            graph.somebodyCanAct = true;
            continue;
        }
        versions.emplace_back(task.id, look.version);
        graph.waiters.push_back(std::move(waiter));
    }
    for (Waiter& waiter : graph.waiters) {
        if (waiter.waitsFor != nullptr && waiter.waitsFor->kind == Action::Kind::Barrier) {
            waiter.level = static_cast<std::uint32_t>(
                std::ranges::count_if(graph.waiters, [&](const Waiter& other) {
                    return other.waitsFor != nullptr &&
                           other.waitsFor->object == waiter.waitsFor->object;
                }));
        }
    }
    const bool hasFreeWorker = m_workers == 0 || takenWorkers < static_cast<std::size_t>(m_workers);
    graph.somebodyCanAct |= hasFreeWorker && (queued > 0 || isMoreToCome);
    graph.starved = queued;
    return graph;
}

std::optional<std::string> PythonWatch::look() {
    Signature versions;
    const auto deadlock = findDeadlock(snapshot(versions));
    if (!deadlock || (!deadlock->isCycle && !m_isAsleep())) {
        m_suspects.clear();
        return std::nullopt;
    }
    if (deadlock->isCycle) {
        // Whoever else runs can't change it: only the tasks of the cycle must have stayed put.
        std::erase_if(versions, [&](const auto& entry) {
            return std::ranges::none_of(deadlock->waiters, [&](const Waiter& waiter) {
                return waiter.task == entry.first;
            });
        });
    }
    const Nanoseconds now = monotonicNow();
    if (versions != m_suspects) {
        m_suspects = std::move(versions);
        m_suspectedNs = now;
        return std::nullopt;
    }
    if (now - m_suspectedNs < kConfirmNs) {
        return std::nullopt;
    }
    return describe(*deadlock, m_program);
}

} // namespace interleave::models
