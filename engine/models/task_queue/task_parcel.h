// SPDX-License-Identifier: GPL-3.0-or-later
// TaskParcel: what a message of the task queue holds, and how it travels: who it is in the
// properties, tasks with their arguments (or one task with its result) as frames in the body, each
// a Message header and its payload as they go on to a pool child. What comes from a broker may be
// anybody's: reading it checks everything.
#pragma once

#include "engine/base/result.h"
#include "engine/broker/broker.h"
#include "engine/models/processes/message.h"

#include <optional>
#include <span>
#include <vector>

namespace interleave::models {

struct TaskParcel {
    std::uint32_t number = 0;    // of the message, see record::EventKind::MessagePublished
    std::uint32_t retries = 0;   // tries that have failed
    Nanoseconds notBeforeNs = 0; // of CLOCK_REALTIME, as are all times that cross hosts; 0: any
    Nanoseconds expiresNs = 0;
    std::uint8_t priority = 0;
    std::vector<std::byte> body;
};

/// One task in a body.
struct TaskFrame {
    TaskId task;
    std::size_t begin = 0; // in the body: header and payload
    std::size_t end = 0;
};

/// CLOCK_REALTIME, for what other hosts have to understand.
Nanoseconds wallClockNow();

broker::Properties propertiesOf(const TaskParcel& parcel, const char* type);
/// Nothing if it is none of ours.
std::optional<TaskParcel> parcelOf(broker::Delivery& delivery, const char* type);
/// The frames of a body of messages of one kind; nothing if it is damaged, names a task beyond
/// `tasks`, or is empty.
std::optional<std::vector<TaskFrame>> framesOf(std::span<const std::byte> body, MessageKind kind,
                                               std::size_t tasks);
/// The header of a frame, copied out: a body is not aligned.
Message headerOf(std::span<const std::byte> body, const TaskFrame& frame);
/// A frame with another header, for a pipe.
std::vector<std::byte> frameWith(const Message& header, std::span<const std::byte> body,
                                 const TaskFrame& frame);

inline constexpr const char* kTaskType = "interleave.task";
inline constexpr const char* kResultType = "interleave.result";

} // namespace interleave::models
