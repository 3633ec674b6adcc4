// SPDX-License-Identifier: GPL-3.0-or-later
// Job: a message that a worker node has taken from the broker, until it is done with it.
#pragma once

#include "engine/models/task_queue/task_parcel.h"

#include <cstdint>
#include <vector>

namespace interleave::models {

struct Job {
    TaskParcel parcel;
    std::vector<TaskFrame> frames;
    std::size_t nextFrame = 0; // the one that is executed, or will be next
    ObjectId queue;
    std::uint64_t tag = 0;        // of its delivery ...
    std::uint32_t connection = 0; // ... over the node's how manieth connection
    std::uint32_t consumers = 0;  // which of the node's consumers got it
    Nanoseconds notBeforeNs = 0;  // of CLOCK_MONOTONIC here; 0: any time
    std::size_t templateIndex = 0;
    double ratePerSecond = 0;
    bool isRedelivered = false;
    bool isAckedLate = false;
    bool isAcked = false;
    bool isClaimed = false; // its tasks are this node's, see QueueBoard
    bool isStarted = false;
    std::uint32_t lastResult = 0; // the message with its last task's; 0: none

    TaskId task() const { return frames[nextFrame].task; }
};

} // namespace interleave::models
