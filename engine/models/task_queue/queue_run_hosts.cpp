// SPDX-License-Identifier: GPL-3.0-or-later
// Of QueueRun: workers on other hosts in place of its own.
#include "engine/models/task_queue/queue_run.h"

#include <fmt/format.h>

namespace interleave::models {

std::optional<HostsWanted> hostsWanted(const std::vector<NodePlan>& plans,
                                       const QueueSettings& settings) {
    if (settings.hosts == 0) {
        return std::nullopt;
    }
    HostsWanted wanted;
    for (const NodePlan& plan : plans) {
        HostedNode node{plan.name, {}, plan.slotCount, plan.prefetch};
        for (const ObjectId queue : plan.queues) {
            node.queues.push_back(queue.value);
        }
        wanted.nodes.push_back(std::move(node));
    }
    wanted.count = settings.hosts;
    wanted.waitNs = settings.hostWaitNs;
    wanted.silenceNs = settings.hostSilenceNs;
    return wanted;
}

void QueueRun::serveHosts() {
    if (m_hosts == nullptr) {
        return;
    }
    m_hosts->serve();
    for (const TaskEnded& task : m_hosts->takeEnded()) {
        if (m_origin.objects.phase(task.task) != TaskPhase::Ended) {
            m_origin.objects.markEnded(task.task); // the host has recorded it
            ended(task.task, task.state);
        }
    }
    m_error = m_error ? m_error : m_hosts->error();
    if (m_hosts->isSomethingLost()) {
        endLostWithHosts();
    }
}

/// Tasks that are neither in a queue nor in anybody's hand had been acknowledged by a host that is
/// gone for good.
void QueueRun::endLostWithHosts() {
    receive(); // results that it had published are not lost
    for (const PlacedQueue& queue : m_origin.layout.queues()) {
        const auto state = m_link.isUp() ? m_link.connection()->inspect(queue.spec.name)
                                         : Result<broker::QueueState>(fail(""));
        if (!state || state->ready > 0) {
            return; // somebody will come for them
        }
    }
    std::uint64_t lost = 0;
    for (const scenario::Task& task : m_context.program.tasks) {
        if (m_origin.objects.phase(task.id) == TaskPhase::Submitted) {
            ++lost;
            end(task.id, State::Failed);
        }
    }
    if (lost > 0) {
        m_context.session.diagnose(
            "lost-early-ack", "data-loss", lost,
            fmt::format("{} tasks were lost with a host: their messages had been acknowledged "
                        "before their work was done. With acks=late they would have come back.",
                        lost));
    }
}

void QueueRun::endHosts() {
    if (m_hosts == nullptr) {
        return;
    }
    m_hosts->end(m_stop.isRung() || m_error);
    const auto counts = m_hosts->counts();
    m_areAllHostsCounted = counts.has_value();
    if (!counts) {
        return;
    }
    QueueBoard::Counters& counters = m_origin.board.counters();
    const auto add = [&](const char* name, std::atomic<std::uint64_t>& counter) {
        const auto found = counts->find(name);
        counter += found == counts->end() ? 0 : found->second;
    };
    add("published", counters.published);
    add("acked", counters.acked);
    add("rejected", counters.rejected);
    add("lost", counters.lost);
    add("requeued", counters.requeued);
    add("duplicates", counters.duplicates);
    add("foreign", counters.foreign);
    add("revoked", counters.revoked);
}

} // namespace interleave::models
