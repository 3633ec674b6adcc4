// SPDX-License-Identifier: GPL-3.0-or-later
// What --set says of a task queue, and the workers that a scenario declares: plain values.
#pragma once

#include "engine/models/model.h"

#include <cstdint>
#include <vector>

namespace interleave::models {

struct QueueSettings {
    bool usesThreads = false;           // pool
    std::uint32_t prefetch = 4;         // multiplier; 0: no limit
    bool isAckedLate = false;           // acks
    bool isRejectedOnWorkerLost = true; // a late acknowledged task whose child died comes back
    std::uint32_t maxTasksPerChild = 0; // 0: any
    std::uint32_t leastSlots = 0;       // autoscale; 0: always all
    std::uint32_t deliveryLimit = 5;    // executions of one task that may kill their child
    std::uint32_t hosts = 0;            // workers on other hosts; 0: the run has its own
    Nanoseconds hostWaitNs = 0;         // for them to come
    Nanoseconds hostSilenceNs = 0;      // after which one is given up
};
QueueSettings settingsOf(const Parameters& parameters);
std::vector<ParameterInfo> queueParameters();
/// Of those, what Celery has under the same names.
ParameterInfo prefetchParameter();
ParameterInfo acksParameter();

/// A worker node: one process (or thread) that takes messages from queues and has slots to execute
/// tasks in.
struct NodePlan {
    int number = 1;   // 1-based
    std::string name; // "node 1", or as the scenario has it
    std::vector<ObjectId> queues;
    std::uint32_t slotCount = 1;
    std::uint32_t prefetch = 4; // multiplier
    int firstWorker = 1;        // number of its first slot's worker
};
std::vector<NodePlan> nodesOf(const RunContext& context, const QueueSettings& settings);

/// How the messages of a task are treated.
const scenario::DeliveryOptions& deliveryOf(const scenario::Program& program, TaskId task);
bool isAckedLate(const scenario::Program& program, const QueueSettings& settings, TaskId task);
bool comesBack(const scenario::Program& program, const QueueSettings& settings, TaskId task);
/// The queue that a task's messages go to.
ObjectId queueOf(const RunContext& context, TaskId task);

} // namespace interleave::models
