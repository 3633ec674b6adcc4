// SPDX-License-Identifier: GPL-3.0-or-later
// What the program says of its tasks: the sequence of declared states of each, merged from all
// streams by time, and from that, which task occupied which worker.
#pragma once

#include "engine/collector/worker_table.h"
#include "engine/recording/restarts.h"

#include <optional>
#include <span>
#include <vector>

namespace interleave::collector {

struct TaskSegment {
    TimeRange range; // until the task's next state
    TaskId task;
    State state = State::Queued;
    ObjectId object;
    TaskId holder; // of the object, as who waits for it knew; none: unknown
    StepId step;
    const WorkerThread* thread = nullptr; // who declared it
    bool isDetached = false;              // it did not occupy that thread
    bool isUnknown = false;               // its events were lost: it is in no state

    bool occupiesThread() const;
};

/// That a wait for an object began when the task was still declared as running.
struct EarlierWait {
    Nanoseconds beginNs = 0;
    Nanoseconds latestNs = 0; // the wait was declared by then
    ObjectId object;
    TaskId holder; // for whom it waits
};

class TaskHistory {
public:
    /// Events of tasks that the manifest doesn't have are counted in the oddities. O(n log n).
    static TaskHistory build(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                             const Manifest& manifest, const recording::Restarts& restarts,
                             Nanoseconds endNs, Oddities& oddities);

    std::span<const TaskSegment> of(TaskId task) const;
    std::size_t taskCount() const { return m_first.size() - 1; }
    /// The end mark that the task's last event is, if it is one.
    std::optional<State> endOf(TaskId task) const;
    /// The segment of a task at a time; null before its first.
    const TaskSegment* at(TaskId task, Nanoseconds ns) const;
    const std::vector<TaskSegment>& segments() const { return m_segments; }
    /// Does nothing if the task was not running then, or does not go on with such a wait.
    void beginEarlier(TaskId task, const EarlierWait& wait);

private:
    void setEnds(const recording::Restarts& restarts, Nanoseconds endNs, Oddities& oddities);

    std::vector<TaskSegment> m_segments; // by task, then time
    std::vector<std::size_t>
        m_first; // index of the first segment of task id - 1; one more at the end
};

/// The segments that occupy each worker, by WorkerId - 1, in order, cut where the next begins.
class Occupancy {
public:
    Occupancy(const TaskHistory& history, std::size_t workerCount, Oddities& oddities);

    std::span<const TaskSegment> of(WorkerId worker) const { return m_segments[worker.value - 1]; }
    /// The task on the worker at a time; none if it had none.
    TaskId taskAt(WorkerId worker, Nanoseconds ns) const;
    /// The first task that the worker had in a time; none if it had none.
    TaskId firstTaskIn(WorkerId worker, TimeRange range) const;
    /// As TaskHistory::beginEarlier(), of the task that is on the worker; which it is, or none if
    /// nothing is done.
    TaskId beginEarlier(WorkerId worker, const EarlierWait& wait);

private:
    std::vector<std::vector<TaskSegment>> m_segments;
};

} // namespace interleave::collector
