// SPDX-License-Identifier: GPL-3.0-or-later
// Of Node: what comes from the broker, until it waits in the reserve.
#include "engine/models/hosts/host_numbers.h"
#include "engine/models/task_queue/node.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

using record::EventKind;

namespace {

// What the broker has for this node is taken in turns with everything else.
constexpr int kJobsATurn = 256;

} // namespace

void Node::receive() {
    m_hasMore = true;
    for (int i = 0; i < kJobsATurn; ++i) {
        auto delivery = m_link.next();
        if (!delivery) {
            m_hasMore = false;
            return;
        }
        accept(std::move(*delivery));
    }
}

void Node::accept(broker::Delivery delivery) {
    if (m_isRetiring) { // it was on its way
        m_link.reject(delivery.tag, true);
        return;
    }
    auto parcel = parcelOf(delivery, kTaskType);
    auto frames =
        parcel ? framesOf(parcel->body, MessageKind::Task, m_work.context.program.tasks.size())
               : std::nullopt;
    const auto consumer = m_queueOfConsumer.find(delivery.consumer);
    if (!frames || consumer == m_queueOfConsumer.end()) {
        refuse(delivery);
        return;
    }
    auto owned = std::make_unique<Job>();
    Job& job = *owned;
    job.parcel = std::move(*parcel);
    job.frames = std::move(*frames);
    job.queue = consumer->second;
    job.tag = delivery.tag;
    job.connection = m_link.count();
    job.consumers = m_consumers;
    ++m_held;
    job.isRedelivered = delivery.isRedelivered;
    const TaskId first = job.frames.front().task;
    job.isAckedLate = isAckedLate(m_work.context.program, m_work.settings, first);
    job.templateIndex = m_work.context.program.task(first).templateIndex;
    job.ratePerSecond = deliveryOf(m_work.context.program, first).ratePerSecond;
    if (job.parcel.notBeforeNs != 0) {
        job.notBeforeNs = monotonicNow() + job.parcel.notBeforeNs - wallClockNow();
    }
    m_jobs.emplace(&job, std::move(owned));
    if (tryClaim(job)) {
        reserve(job);
    } else {
        m_contested.push_back(&job);
    }
}

/// Somebody else's message in our queue: counted, said once, and thrown away.
void Node::refuse(const broker::Delivery& delivery) {
    ++m_work.board.counters().foreign;
    m_link.reject(delivery.tag, false);
    if (!std::exchange(m_isForeignSaid, true)) {
        m_work.context.session.diagnose(
            "foreign-message", "warning", 1,
            fmt::format("A message of {} bytes that is none of this run's, or is damaged, lay in "
                        "a queue of it; such messages are refused and counted.",
                        delivery.body.size()));
    }
}

/// All tasks of a job become this node's, or none.
bool Node::tryClaim(Job& job) {
    for (std::size_t i = 0; i < job.frames.size(); ++i) {
        std::uint32_t none = 0;
        if (!m_work.board.task(job.frames[i].task).node.compare_exchange_strong(none, number())) {
            while (i-- > 0) {
                m_work.board.task(job.frames[i].task).node = 0;
            }
            return false;
        }
    }
    job.isClaimed = true;
    return true;
}

void Node::settleContested() {
    for (auto job = m_contested.begin(); job != m_contested.end();) {
        if (tryClaim(**job)) {
            reserve(**job);
            job = m_contested.erase(job);
        } else {
            ++job;
        }
    }
}

/// Everything in it has been done, or a later message of its tasks has been here.
bool Node::isStale(const Job& job) const {
    // Messages of several hosts are not numbered in the order of their times.
    const auto isLater = [&](std::uint32_t number) {
        return number > job.parcel.number &&
               (m_work.settings.hosts == 0 ||
                HostNumbers::publisherOf(number) == HostNumbers::publisherOf(job.parcel.number));
    };
    return std::ranges::all_of(job.frames, [&](const TaskFrame& frame) {
        const QueueBoard::TaskEntry& entry = m_work.board.task(frame.task);
        return entry.isOver != 0 || isLater(entry.message);
    });
}

bool Node::isPoisoned(const Job& job) const {
    return job.isRedelivered && std::ranges::any_of(job.frames, [&](const TaskFrame& frame) {
               return m_work.board.task(frame.task).executions >=
                      m_work.settings.deliveryLimit + job.parcel.retries;
           });
}

void Node::reserve(Job& job) {
    const std::uint32_t message = job.parcel.number;
    writer().emit(EventKind::MessageDelivered, message,
                  job.queue.value | (job.isRedelivered ? record::kRedelivered : 0));
    if (isStale(job)) {
        QueueBoard::TaskEntry& entry = m_work.board.task(job.frames.front().task);
        const bool wasAcked = entry.message == message && entry.isAcked.exchange(1) != 0;
        ++(wasAcked ? m_work.board.counters().duplicates : m_work.board.counters().acked);
        writer().emit(EventKind::MessageAcked, message, job.queue.value);
        m_link.ack(job.tag);
        forget(job);
        return;
    }
    for (const TaskFrame& frame : job.frames) {
        QueueBoard::TaskEntry& entry = m_work.board.task(frame.task);
        entry.message = message;
        entry.isAcked = 0;
    }
    job.nextFrame = nextOpenFrame(job, 0, m_work.board);
    if (isPoisoned(job)) {
        m_work.context.session.diagnose(
            "poison-message", "warning", 1,
            fmt::format("Task \"{}\" has ended the process that executed it {} times; its message "
                        "is refused for good (delivery_limit={}).",
                        m_work.context.program.task(job.task()).name, m_work.settings.deliveryLimit,
                        m_work.settings.deliveryLimit));
        ++m_work.board.counters().rejected;
        writer().emit(EventKind::MessageRejected, message, job.queue.value);
        m_link.reject(job.tag, false);
        finishWithoutResult(job, job.nextFrame, State::Failed);
        forget(job);
        return;
    }
    showReserved(job, m_reserve.add(job, monotonicNow()));
}

void Node::showReserved(const Job& job, Reserve::Place place) {
    if (place == Reserve::Place::Later && job.parcel.retries > 0) {
        return; // it waits for its next try, wherever that is
    }
    const StepId step =
        place == Reserve::Place::Later         ? extraStep(m_work.context, ExtraStep::Countdown)
        : place == Reserve::Place::RateLimited ? extraStep(m_work.context, ExtraStep::RateLimit)
                                               : StepId{};
    for (const TaskFrame& frame : job.frames) {
        if (m_work.board.task(frame.task).isOver == 0) {
            writer().state(frame.task, State::Reserved, {{}, step, true});
        }
    }
}

void Node::ripen() {
    for (const auto& [job, place] : m_reserve.ripen(monotonicNow())) {
        showReserved(*job, place);
    }
}

} // namespace interleave::models
