// SPDX-License-Identifier: GPL-3.0-or-later
// What prefetching costs: workers that have nothing to do while tasks that they could do are
// reserved by another one, which has not begun them.
#pragma once

#include "engine/recording/message_lives.h"
#include "engine/recording/recording.h"

#include <cstdint>
#include <vector>

namespace interleave::analysis {

struct WorkerBacklog {
    WorkerId worker;        // executes tasks of messages, or could have
    WorkerId consumer;      // to whom they are delivered: itself, or the one that hands them to it
    Nanoseconds idleNs = 0; // between the first delivery of all and the last end of one
    Nanoseconds starvedNs = 0; // of that, while another consumer had reserved tasks
};

struct ConsumerBacklog {
    WorkerId consumer{};
    std::uint64_t delivered = 0;
    std::uint32_t mostReserved = 0; // at once
    Nanoseconds reservedNs = 0;     // summed over its tasks
};

struct ReservedBacklog {
    std::vector<WorkerBacklog> workers;     // by id
    std::vector<ConsumerBacklog> consumers; // by id
    Nanoseconds starvedNs = 0;              // summed over workers
};

/// A task is reserved while its message is delivered, is not acknowledged, and its own state says
/// so. A thread that only hands tasks on to others is no worker here.
ReservedBacklog reservedBacklog(const recording::Recording& recording,
                                const recording::MessageLives& lives);

} // namespace interleave::analysis
