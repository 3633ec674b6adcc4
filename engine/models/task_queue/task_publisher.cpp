// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/task_publisher.h"

#include "engine/models/task_queue/settings.h"

#include <utility>

namespace interleave::models {

using record::EventKind;

TaskPublisher::TaskPublisher(const RunContext& context, const QueueLayout& layout,
                             QueueBoard& board, BrokerLink& link)
    : m_context(context)
    , m_layout(layout)
    , m_board(board)
    , m_link(link) {}

std::vector<std::byte> TaskPublisher::packed(TaskId task) const {
    return packMessage({MessageKind::Task, task}, m_context.program.task(task).payloadBytes);
}

void TaskPublisher::publish(std::span<const TaskId> tasks, bool isNew) {
    const scenario::DeliveryOptions& delivery = deliveryOf(m_context.program, tasks.front());
    TaskParcel parcel;
    parcel.number = m_board.takeMessageNumber();
    parcel.priority = delivery.priority;
    if (delivery.countdownNs > 0 || delivery.expiresNs > 0) {
        const Nanoseconds now = wallClockNow();
        parcel.notBeforeNs = delivery.countdownNs > 0 ? now + delivery.countdownNs : 0;
        parcel.expiresNs = delivery.expiresNs > 0 ? now + delivery.expiresNs : 0;
    }
    for (const TaskId task : tasks) {
        const std::vector<std::byte> frame = packed(task);
        parcel.body.insert(parcel.body.end(), frame.begin(), frame.end());
    }
    m_context.control.emit(EventKind::MessagePublished, parcel.number, 0);
    for (const TaskId task : tasks) {
        m_board.task(task).published = parcel.number;
        m_context.control.emit(EventKind::MessageCarries, parcel.number, task.value);
        if (isNew) {
            m_context.control.state(task, State::Queued, {{}, {}, true});
        }
    }
    ++m_board.counters().published;
    send(queueOf(m_context, tasks.front()), std::move(parcel), kTaskType);
}

void TaskPublisher::publishRetry(TaskId task, std::uint32_t retries, Nanoseconds expiresNs) {
    TaskParcel parcel;
    parcel.number = m_board.takeMessageNumber();
    parcel.priority = deliveryOf(m_context.program, task).priority;
    parcel.retries = retries + 1;
    parcel.notBeforeNs =
        wallClockNow() + scenario::delayBeforeRetry(m_context.program.task(task), retries);
    parcel.expiresNs = expiresNs;
    parcel.body = packed(task);
    m_board.task(task).published = parcel.number;
    m_context.control.emit(EventKind::MessagePublished, parcel.number, 0);
    m_context.control.emit(EventKind::MessageCarries, parcel.number, task.value);
    ++m_board.counters().published;
    send(queueOf(m_context, task), std::move(parcel), kTaskType);
}

std::uint32_t TaskPublisher::publishResult(std::vector<std::byte> frame) {
    TaskParcel parcel;
    parcel.number = m_board.takeMessageNumber();
    parcel.body = std::move(frame);
    m_context.control.emit(EventKind::MessagePublished, parcel.number, 0);
    const std::uint32_t number = parcel.number;
    send(extraQueue(m_context, ExtraQueue::Results), std::move(parcel), kResultType);
    return number;
}

void TaskPublisher::send(ObjectId queue, TaskParcel parcel, const char* type) {
    m_context.control.emit(EventKind::MessageRouted, parcel.number, queue.value);
    m_link.publish({.number = parcel.number,
                    .queue = m_layout.nameOf(queue),
                    .properties = propertiesOf(parcel, type),
                    .body = std::move(parcel.body)});
}

} // namespace interleave::models
