// SPDX-License-Identifier: GPL-3.0-or-later
// Of QueueRun: what went with a queue that did not survive its broker. Nobody tells what lay in it;
// it is what was published to it and nobody has done, or has in hand.
#include "engine/models/task_queue/queue_run.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

using record::EventKind;

namespace {

// For the workers to notice the end of their connections and let go of what they had reserved, and
// for what was unconfirmed to come again.
constexpr Nanoseconds kBeforeJudgementNs = 250'000'000;
constexpr Nanoseconds kBetweenJudgementsNs = 50'000'000;

} // namespace

void QueueRun::noteVanished(const PlacedQueue& queue) {
    Vanished vanished{.queue = queue.id,
                      .lastMessage = m_origin.board.lastMessageNumber(),
                      .publishedAgain = m_link.unconfirmed(),
                      .judgeNs = monotonicNow() + kBeforeJudgementNs};
    std::ranges::sort(vanished.publishedAgain);
    m_vanished.push_back(std::move(vanished));
}

void QueueRun::judgeVanished() {
    const Nanoseconds now = monotonicNow();
    std::erase_if(m_vanished, [&](Vanished& vanished) {
        if (vanished.judgeNs > now) {
            return false;
        }
        std::uint64_t lost = 0;
        bool isDecided = true;
        for (const scenario::Task& task : m_context.program.tasks) {
            isDecided = !isUndecided(vanished, task.id, lost) && isDecided;
        }
        if (lost > 0) {
            m_context.session.diagnose(
                "lost-with-queue", "data-loss", lost,
                fmt::format("{} tasks were lost with the queue \"{}\", which is not durable and "
                            "went with its broker; with durable = true they would still be there.",
                            lost, m_context.program.object(vanished.queue).name));
        }
        vanished.judgeNs = now + kBetweenJudgementsNs;
        return isDecided;
    });
}

/// True: a worker has the task in hand still, and may end it without its message.
bool QueueRun::isUndecided(const Vanished& vanished, TaskId task, std::uint64_t& lost) {
    QueueBoard::TaskEntry& entry = m_origin.board.task(task);
    const std::uint32_t number = entry.published;
    const bool isMeant = queueOf(m_context, task) == vanished.queue && number != 0 &&
                         number <= vanished.lastMessage &&
                         !std::ranges::binary_search(vanished.publishedAgain, number);
    const bool wasAcked = entry.message == number && entry.isAcked != 0;
    if (!isMeant || (wasAcked && entry.node == 0)) {
        return false;
    }
    if (entry.node != 0) {
        return true;
    }
    // Should it come all the same, it is a duplicate.
    entry.message = number;
    entry.isAcked = 1;
    if (m_lastVanished != number) { // one message may carry several tasks, which follow each other
        m_lastVanished = number;
        ++m_origin.board.counters().vanished;
        m_context.control.emit(EventKind::MessageLost, number, vanished.queue.value);
    }
    if (entry.isOver == 0 && m_origin.objects.phase(task) != TaskPhase::Ended) {
        ++lost;
        entry.isOver = 1;
        m_origin.objects.abandon(task);
        end(task, State::Failed);
    }
    return false;
}

} // namespace interleave::models
