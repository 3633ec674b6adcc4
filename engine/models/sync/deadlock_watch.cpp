// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/sync/deadlock_watch.h"

namespace interleave::models {

DeadlockWatch::DeadlockWatch(const scenario::Program& program, const SharedObjects& objects,
                             Staffing staffing)
    : m_program(program)
    , m_objects(objects)
    , m_staffing(staffing) {}

WaitGraph DeadlockWatch::snapshot(bool moreToCome, Signature& versions) const {
    WaitGraph graph;
    std::size_t queued = 0;
    std::size_t takenWorkers = 0;
    for (const scenario::Task& task : m_program.tasks) {
        SharedObjects::TaskLook look = m_objects.look(task.id);
        if (look.phase == TaskPhase::Submitted) {
            ++queued;
        }
        if (look.phase != TaskPhase::Started) {
            continue;
        }
        const bool awaits =
            look.waitsFor != nullptr && look.waitsFor->kind == scenario::Action::Kind::Await;
        const bool leavesWorker = look.isCovered || (m_staffing.awaitFreesWorker && awaits);
        takenWorkers += leavesWorker ? 0 : 1;
        if (look.waitsFor == nullptr && look.blockers.empty()) {
            graph.somebodyCanAct = true;
            continue;
        }
        versions.emplace_back(task.id, look.version);
        graph.waiters.push_back({task.id, look.waitsFor, std::move(look.blockers), look.level});
    }
    const bool hasFreeWorker =
        m_staffing.workers == 0 || takenWorkers < static_cast<std::size_t>(m_staffing.workers);
    graph.somebodyCanAct |= hasFreeWorker && (queued > 0 || moreToCome);
    graph.starved = queued;
    return graph;
}

std::optional<std::string> DeadlockWatch::look(bool moreToCome) {
    Signature versions;
    const WaitGraph graph = snapshot(moreToCome, versions);
    const auto deadlock = findDeadlock(graph);
    if (!deadlock) {
        m_suspects.clear();
        return std::nullopt;
    }
    if (deadlock->isCycle) {
        // Whoever else runs can't change it: only the tasks of the cycle must have stayed put.
        Signature ofCycle;
        for (const auto& entry : versions) {
            for (const Waiter& waiter : deadlock->waiters) {
                if (waiter.task == entry.first) {
                    ofCycle.push_back(entry);
                }
            }
        }
        versions = std::move(ofCycle);
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
