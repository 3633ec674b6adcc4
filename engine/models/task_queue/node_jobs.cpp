// SPDX-License-Identifier: GPL-3.0-or-later
// Of Node: what becomes of a job once it may start.
#include "engine/models/task_queue/node.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

using record::EventKind;

void Node::dispatch() {
    while (m_pool.hasRoom()) {
        Job* const job = m_reserve.take(monotonicNow());
        if (job == nullptr) {
            break;
        }
        if (job->parcel.expiresNs != 0 && wallClockNow() > job->parcel.expiresNs) {
            revoke(*job);
        } else {
            m_pool.give(*job, *this);
        }
    }
    m_pool.wakeSlots();
}

/// Expired: acknowledged and not executed, as Celery does.
void Node::revoke(Job& job) {
    ++m_work.board.counters().revoked;
    acknowledge(job);
    finishWithoutResult(job, job.nextFrame, State::Cancelled);
    forget(job);
}

void Node::started(Job& job) {
    job.isStarted = true;
    m_running.push_back(&job);
    if (!job.isAckedLate) {
        acknowledge(job);
    }
}

void Node::acknowledge(Job& job) {
    if (job.isAcked || job.connection != m_link.count() || !m_link.isUp()) {
        return; // the broker has taken it back; it comes again
    }
    job.isAcked = true;
    for (const TaskFrame& frame : job.frames) {
        m_work.board.task(frame.task).isAcked = 1;
    }
    ++m_work.board.counters().acked;
    writer().emit(EventKind::MessageAcked, job.parcel.number, job.queue.value);
    m_link.ack(job.tag);
    noteSettled(job);
}

/// It does not count for the limit any more.
void Node::noteSettled(const Job& job) {
    if (job.consumers == m_consumers && m_held > 0) {
        --m_held;
    }
}

void Node::spawned(TaskId task) {
    m_publisher.publish(std::span(&task, 1), false); // recorded and marked by the slot
}

void Node::ended(Job& job, TaskId task, State end, std::vector<std::byte> frame, bool isLast) {
    if (end == State::Failed && job.parcel.retries < m_work.context.program.task(task).retries) {
        retry(job, task);
    } else {
        job.lastResult = finish(task, end, std::move(frame));
    }
    if (isLast) {
        close(job);
    }
}

/// Over a line to another host an acknowledgement may get lost as a result may; so that neither is
/// told of what did not happen, the acknowledgement waits until the broker has the result.
void Node::close(Job& job) {
    if (m_work.settings.hosts > 0 && !job.isAcked && job.lastResult != 0) {
        std::erase(m_running, &job);
        m_unsettled.push_back(&job);
        return;
    }
    acknowledge(job);
    forget(job);
}

void Node::settleConfirmed() {
    for (std::size_t i = 0; i < m_unsettled.size();) {
        Job* const job = m_unsettled[i];
        if (m_link.isConfirmed(job->lastResult)) {
            m_unsettled.erase(m_unsettled.begin() + static_cast<std::ptrdiff_t>(i));
            acknowledge(*job);
            forget(*job);
        } else {
            ++i;
        }
    }
}

void Node::retry(const Job& job, TaskId task) {
    m_work.objects.markSubmitted(task);
    writer().state(task, State::Failed, {{}, {}, true});
    writer().state(task, State::Retrying, {{}, extraStep(m_work.context, ExtraStep::Retry), true});
    m_publisher.publishRetry(task, job.parcel.retries, job.parcel.expiresNs);
}

/// The number of the message with its result; 0: it has none.
std::uint32_t Node::finish(TaskId task, State end, std::vector<std::byte> frame) {
    m_work.board.task(task).isOver = 1;
    if (!deliveryOf(m_work.context.program, task).ignoresResult) {
        return m_publisher.publishResult(std::move(frame));
    }
    writer().state(task, end, {{}, {}, true});
    m_work.objects.markEnded(task);
    m_finished.push_back({MessageKind::Finished, task, static_cast<std::uint32_t>(end)});
    return 0;
}

/// The tasks of a job from a frame on have ended without having been executed to their end.
void Node::finishWithoutResult(Job& job, std::size_t fromFrame, State end) {
    for (std::size_t i = fromFrame; i < job.frames.size(); ++i) {
        if (m_work.board.task(job.frames[i].task).isOver == 0) {
            finish(
                job.frames[i].task, end,
                packMessage(
                    {MessageKind::Result, job.frames[i].task, static_cast<std::uint32_t>(end)}, 0));
        }
    }
}

void Node::lost(Job& job, Loss loss) {
    const scenario::Program& program = m_work.context.program;
    const TaskId task = job.task();
    m_work.objects.abandon(task);
    if (loss == Loss::Killed && !job.isAcked && comesBack(program, m_work.settings, task)) {
        if (job.connection == m_link.count()) {
            m_link.reject(job.tag, true);
        }
        giveBack(job);
        return;
    }
    if (loss == Loss::TimeLimit) {
        finishWithoutResult(job, job.nextFrame, State::Failed);
        acknowledge(job);
        forget(job);
        return;
    }
    if (job.isAcked) {
        ++m_work.board.counters().lost;
        writer().emit(EventKind::MessageLost, job.parcel.number, job.queue.value);
        m_work.context.session.diagnose(
            "lost-early-ack", "data-loss", job.frames.size() - job.nextFrame,
            fmt::format("Task \"{}\" was lost: its message had been acknowledged before its work "
                        "was done, and the process that did it was killed. With acks=late it "
                        "would have come back.",
                        program.task(task).name));
    }
    finishWithoutResult(job, job.nextFrame, State::Failed);
    acknowledge(job);
    forget(job);
}

void Node::letGo(Job& job) {
    if (!std::exchange(job.isClaimed, false)) {
        return;
    }
    for (const TaskFrame& frame : job.frames) {
        m_work.board.task(frame.task).node = 0;
    }
}

void Node::forget(Job& job) {
    letGo(job);
    if (!job.isAcked) {
        noteSettled(job);
    }
    std::erase(m_running, &job);
    m_jobs.erase(&job);
}

} // namespace interleave::models
