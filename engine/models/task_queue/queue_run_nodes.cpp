// SPDX-License-Identifier: GPL-3.0-or-later
// Of QueueRun: how the nodes begin, end, and are replaced.
#include "engine/models/task_queue/queue_run.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

namespace interleave::models {

using record::EventKind;

namespace {

constexpr int kMostDeaths = 10;
// For nodes to end by themselves. After the last task there is time for that; a run that is
// stopped has 200 ms for everything.
constexpr Nanoseconds kGraceAtTheEndNs = 3'000'000'000;
constexpr Nanoseconds kGraceWhenStoppedNs = 80'000'000;
constexpr Nanoseconds kGraceStepNs = 1'000'000;

} // namespace

void QueueRun::startNodes() {
    for (std::size_t i = 0; i < m_plans.size() && !m_error; ++i) {
        if (m_nodes[i] != nullptr) {
            continue;
        }
        auto node = NodeHost::start(m_origin, m_plans[i]);
        if (!node) {
            m_error = node.error();
            return;
        }
        m_nodes[i] = std::move(*node);
    }
}

void QueueRun::serveNodes() {
    for (std::size_t i = 0; i < m_nodes.size() && !isOver(); ++i) {
        for (const Message& message : m_nodes[i]->receive()) {
            if (message.kind == MessageKind::Ready) {
                m_nodes[i]->isReady = true;
            } else {
                ended(message.task, static_cast<State>(message.number));
            }
        }
        if (m_nodes[i]->isGone()) {
            bury(i);
        }
    }
}

void QueueRun::bury(std::size_t index) {
    const std::unique_ptr<NodeHost> dead = std::move(m_nodes[index]);
    const pid_t pid = dead->pid();
    dead->killAndReap();
    if (!dead->trouble().empty()) {
        m_error = Error{dead->trouble(), ErrorKind::MissingPart};
        return;
    }
    if (++m_deaths >= kMostDeaths) {
        m_error = Error{fmt::format("Workers don't stay up: {} in a row have died without having "
                                    "ended a task.",
                                    m_deaths),
                        ErrorKind::MissingPart};
        return;
    }
    m_context.session.diagnose("worker-died", "warning", 1,
                               fmt::format("Worker {} (pid {}) was killed with all its processes; "
                                           "another one takes its place.",
                                           dead->plan().name, pid));
    receive(); // results that it had published are not lost
    recover(dead->plan());
    startNodes();
}

/// What a node that was killed had in hand: what it had acknowledged is lost, the rest lies in its
/// queue again.
void QueueRun::recover(const NodePlan& dead) {
    std::uint64_t lost = 0;
    for (const scenario::Task& task : m_context.program.tasks) {
        QueueBoard::TaskEntry& entry = m_origin.board.task(task.id);
        if (entry.node != static_cast<std::uint32_t>(dead.number)) {
            continue;
        }
        const ObjectId queue = queueOf(m_context, task.id);
        if (m_origin.objects.phase(task.id) == TaskPhase::Ended) {
            entry.node = 0;
            continue;
        }
        m_origin.objects.abandon(task.id);
        if (entry.isAcked != 0) {
            ++lost;
            ++m_origin.board.counters().lost;
            m_context.control.emit(EventKind::MessageLost, entry.message, queue.value);
            entry.isOver = 1;
            end(task.id, State::Failed);
        } else {
            ++m_origin.board.counters().requeued;
            m_context.control.emit(EventKind::MessageRequeued, entry.message, queue.value);
            m_origin.objects.markSubmitted(task.id);
            m_context.control.state(task.id, State::Queued, {{}, {}, true});
            entry.isOver = 0; // its result may have died with the node
        }
        entry.node = 0;
    }
    if (lost > 0) {
        m_context.session.diagnose("lost-early-ack", "data-loss", lost,
                                   fmt::format("{} tasks were lost with worker {}: their messages "
                                               "had been acknowledged before their work was done.",
                                               lost, dead.name));
    }
}

/// Nodes end by themselves when their port is closed or the run is stopped; who takes longer than
/// the grace is killed. None is left afterwards, nor any of their children.
void QueueRun::endNodes() {
    if (m_error) {
        m_stop.ring();
    }
    std::erase(m_nodes, nullptr);
    for (const auto& node : m_nodes) {
        node->closePort();
    }
    const Nanoseconds graceEndsNs =
        monotonicNow() + (m_stop.isRung() ? kGraceWhenStoppedNs : kGraceAtTheEndNs);
    while (!m_nodes.empty() && monotonicNow() < graceEndsNs) {
        std::erase_if(m_nodes, [](const auto& node) { return node->tryReap(); });
        if (!m_nodes.empty()) {
            const timespec pause{0, kGraceStepNs};
            nanosleep(&pause, nullptr);
        }
    }
    m_nodes.clear(); // kills and reaps the rest
}

} // namespace interleave::models
