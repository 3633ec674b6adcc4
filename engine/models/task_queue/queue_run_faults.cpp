// SPDX-License-Identifier: GPL-3.0-or-later
// Of QueueRun: what goes wrong on purpose.
#include "engine/models/faults/fault_mark.h"
#include "engine/models/task_queue/queue_run.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>

namespace interleave::models {

void QueueRun::strikeDue() {
    const Nanoseconds now = monotonicNow();
    std::vector<std::string> complaints;
    for (const scenario::Fault& fault : m_faults.takeDue(now, complaints)) {
        strike(fault);
    }
    std::erase_if(m_waitingKills,
                  [this](const scenario::Fault& fault) { return killWorker(fault.target); });
    if (const auto failure = m_brokerControl.advance(now)) {
        complaints.push_back(*failure);
    }
    for (const std::string& complaint : complaints) {
        m_context.session.diagnose("fault-refused", "warning", 1, complaint);
    }
}

void QueueRun::strike(const scenario::Fault& fault) {
    switch (fault.kind) {
    case scenario::Fault::Kind::KillWorker:
        if (m_origin.settings.usesThreads) {
            noteFault(fault, "was refused: the workers are threads of the run itself, which can't "
                             "be killed; use pool=processes");
        } else {
            m_waitingKills.push_back(fault);
        }
        break;
    case scenario::Fault::Kind::StopBroker:
        if (const auto objection = m_brokerControl.objection()) {
            noteFault(fault, "was refused: " + *objection);
            break;
        }
        noteFault(fault, "stops the broker");
        markFault(m_context.control, fault.kind);
        m_brokerControl.stop(monotonicNow(), fault.lengthNs);
        break;
    case scenario::Fault::Kind::SlowConsumer:
        tellNode(fault, {.kind = MessageKind::BeSlow,
                         .delayUs = static_cast<std::uint32_t>(
                             std::min<Nanoseconds>(fault.lengthNs / 1'000, 0xffff'ffff))});
        break;
    case scenario::Fault::Kind::CutConnection:
        tellNode(fault, {.kind = MessageKind::CutLine});
        break;
    }
}

/// True: it is dead, or there is none of that number. Of no number: whoever is at work.
bool QueueRun::killWorker(std::uint32_t target) {
    for (QueueBoard::SlotEntry& entry : m_origin.board.slotEntries()) {
        const bool isMeant = target != 0 ? entry.worker == target : entry.task != 0;
        if (const pid_t pid = entry.pid; isMeant && pid > 0) {
            m_context.session.diagnose(
                "fault", "info", 1,
                fmt::format("Worker {} (pid {}) was killed on purpose.", entry.worker.load(), pid));
            markFault(m_context.control, scenario::Fault::Kind::KillWorker);
            kill(pid, SIGKILL);
            return true;
        }
    }
    return false; // it may come
}

void QueueRun::tellNode(const scenario::Fault& fault, const Message& message) {
    const std::size_t index = fault.target == 0 ? 0 : fault.target - 1;
    if (index >= m_nodes.size()) {
        noteFault(fault, fmt::format("was refused: there are {} workers that take messages",
                                     m_nodes.size()));
        return;
    }
    noteFault(fault, fmt::format("strikes {}", m_nodes[index]->plan().name));
    markFault(m_context.control, fault.kind);
    m_nodes[index]->send(message);
}

void QueueRun::noteFault(const scenario::Fault& fault, const std::string& what) {
    m_context.session.diagnose("fault", "info", 1,
                               fmt::format("The fault {} {}.", scenario::textOf(fault), what));
}

} // namespace interleave::models
