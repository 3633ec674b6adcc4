// SPDX-License-Identifier: GPL-3.0-or-later
// Pool: the slots of a worker node, in which jobs are executed task by task: processes or threads.
//
// Thread: the node's.
#pragma once

#include "engine/base/state.h"
#include "engine/models/task_queue/job.h"

#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace interleave::models {

/// What a pool tells its node, from inside give() and serve().
class PoolClient {
public:
    virtual ~PoolClient() = default;
    /// A slot takes the job; its first task has not begun. The moment for early acknowledgement.
    virtual void started(Job& job) = 0;
    /// A task that runs here has submitted another one.
    virtual void spawned(TaskId task) = 0;
    /// A task of the job has ended; `frame` is its result's. After the last one the job is the
    /// node's again, which may destroy it.
    virtual void ended(Job& job, TaskId task, State end, std::vector<std::byte> frame,
                       bool isLast) = 0;
    enum class Loss : std::uint8_t { Killed, TimeLimit };
    /// The slot's process is gone in the middle of job.task(). The job is the node's again.
    virtual void lost(Job& job, Loss loss) = 0;
};

class Pool {
public:
    virtual ~Pool() = default;

    /// Slots that there are now, idle or not.
    virtual std::uint32_t slotCount() const = 0;
    virtual bool hasRoom() const = 0;
    /// Executes the job from its nextFrame on. Only with room.
    virtual void give(Job& job, PoolClient& client) = 0;
    /// After some give(): slots that sleep are woken for them, once for all.
    virtual void wakeSlots() {}
    /// Jobs that were given and that no slot has taken yet; they are the node's again.
    virtual std::vector<Job*> recall() = 0;
    /// Ends the slot that executes a job, without a word; false: that can't be done.
    virtual bool abort(Job& job) = 0;

    virtual void addFds(std::vector<pollfd>& fds) const = 0;
    /// Takes note of all that has happened. `waiting`: jobs that could start if there were room.
    virtual Result<void> serve(PoolClient& client, std::size_t waiting) = 0;
    /// When serve() has something to do by itself.
    virtual std::optional<Nanoseconds> nextDueNs() const = 0;

    /// Before each task from now on.
    virtual void setDelay(std::uint32_t delayUs) = 0;
    /// Ends the slots; none is left afterwards.
    virtual void close(Nanoseconds graceNs) = 0;
};

/// The one after `frame` whose task has not ended already; frames.size(): none.
std::size_t nextOpenFrame(const Job& job, std::size_t frame, const class QueueBoard& board);

} // namespace interleave::models
