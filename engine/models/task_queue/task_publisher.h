// SPDX-License-Identifier: GPL-3.0-or-later
// TaskPublisher: makes messages of tasks, and of their results, says so in the recording, and gives
// them to a link. The producer has one, and each node: for tasks that tasks spawn, and for retries.
//
// Thread: that of its link.
#pragma once

#include "engine/models/broker_link/broker_link.h"
#include "engine/models/task_queue/queue_board.h"
#include "engine/models/task_queue/queue_layout.h"
#include "engine/models/task_queue/task_parcel.h"

#include <span>

namespace interleave::models {

class TaskPublisher {
public:
    TaskPublisher(const RunContext& context, const QueueLayout& layout, QueueBoard& board,
                  BrokerLink& link);

    /// One message for these tasks of one template; `isNew`: they are still to be recorded as
    /// queued.
    void publish(std::span<const TaskId> tasks, bool isNew);
    /// The next try of a task whose try `retries` (0-based) has failed, after the pause that the
    /// scenario wants before it; `expiresNs` as its first message had it.
    void publishRetry(TaskId task, std::uint32_t retries, Nanoseconds expiresNs);
    /// A result: a frame of the kind Result.
    /// Its number.
    std::uint32_t publishResult(std::vector<std::byte> frame);

private:
    void send(ObjectId queue, TaskParcel parcel, const char* type);
    std::vector<std::byte> packed(TaskId task) const;

    const RunContext& m_context;
    const QueueLayout& m_layout;
    QueueBoard& m_board;
    BrokerLink& m_link;
};

} // namespace interleave::models
