// SPDX-License-Identifier: GPL-3.0-or-later
// SharedObjects: a scenario's locks, semaphores, barriers and queues, and what every task waits
// for, in one block of memory that the worker processes of a run share (a memfd: forked workers
// inherit the mapping, spawned ones attach to the descriptor).
//
// Locks and semaphores barge, as pthread's and CPython's do: a release makes the object free and
// wakes one waiter; whoever comes first has it. Each object has a robust mutex of its own that is
// held for some tens of nanoseconds, and a futex word to sleep on. A worker that is killed hurts
// nobody: the kernel passes the mutex on, and abandon() frees what its task held.
//
// Thread: any thread of any process that has it mapped.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/models/sync/futex.h"
#include "engine/record/event.h"
#include "engine/scenario/program.h"

#include <cstdint>
#include <vector>

namespace interleave::models {

/// How far a task has got, as everybody who shares the block can see it.
enum class TaskPhase : std::uint32_t { Unborn, Submitted, Started, Ended };

/// What came of an Acquire, Barrier, Put, Get or Await.
struct Passage {
    Nanoseconds deadlineNs = 0; // CLOCK_MONOTONIC; the task waits no longer. 0: for ever
    bool isCancelled = false;   // the run was stopped while the task waited, or it was too long
    record::Acquisition how = record::Acquisition::Free;
    TaskId waker;                 // who let the task go on: released, put, got, arrived last, ended
    Nanoseconds readySinceNs = 0; // CLOCK_MONOTONIC of that moment; 0: it did not have to wait
    std::uint32_t item = 0;       // Put, Get: the item, unique in the run
};

class SharedObjects {
public:
    static Result<SharedObjects> create(const scenario::Program& program);
    /// Maps the block that another process has made for the same program; takes the descriptor.
    static Result<SharedObjects> attach(int fd, const scenario::Program& program);
    SharedObjects(SharedObjects&& other) noexcept;
    SharedObjects& operator=(SharedObjects&& other) noexcept;
    ~SharedObjects();

    /// The memfd (close-on-exec), to be handed to spawned workers.
    int fd() const { return m_fd; }

    /// Tries an Acquire, Barrier, Put, Get or Await of `task`. True: it has passed. False: the task
    /// is in the wait-for table now, and has to call wait() with the same action.
    bool enter(TaskId task, const scenario::Action& action, Passage& passage);
    /// Blocks until the action has passed or the run is cancelled.
    void wait(TaskId task, const scenario::Action& action, Passage& passage);
    /// Gives a lock or one permit back. A semaphore may be released by anybody.
    void release(TaskId task, ObjectId object);
    /// Frees whatever a task held that will never run again (its process was killed), and takes it
    /// out of the wait-for table.
    void abandon(TaskId task);

    /// Where the task stands. Marking it ended wakes those that await it.
    void markSubmitted(TaskId task);
    void markStarted(TaskId task);
    void markEnded(TaskId task);
    TaskPhase phase(TaskId task) const;
    /// `by` runs on top of `task` on the same thread: `task` can't go on before `by` has ended.
    /// None: nothing covers it any more.
    void markCovered(TaskId task, TaskId by);

    /// Ends every wait within a millisecond, now and in future. Any thread; not a signal handler.
    void cancelAll();
    bool isCancelled() const;
    /// Sleeps until a moment of CLOCK_MONOTONIC; false: cancelled.
    bool sleepUntil(Nanoseconds monotonicNs) const;

    /// What a look at one task tells the deadlock watch.
    struct TaskLook {
        TaskPhase phase = TaskPhase::Unborn;
        std::uint32_t version = 0; // changes whenever a wait of the task begins or ends
        const scenario::Action* waitsFor = nullptr; // null: it does not wait, or could go on
        std::vector<TaskId> blockers; // tasks without which it can't go on: holder, awaited, cover
        bool isCovered = false;       // another task runs on top of it on its thread
        std::uint32_t level = 0; // queue: items in it; barrier: arrived; semaphore: permits left
    };
    TaskLook look(TaskId task) const;

private:
    struct Header;
    struct ObjectRecord;
    struct TaskRecord;

    SharedObjects(int fd, const scenario::Program& program, std::size_t bytes);
    static std::size_t blockBytes(const scenario::Program& program);
    Result<void> map();
    void initialise();
    TaskRecord& record(TaskId task) const;
    ObjectRecord& record(ObjectId object) const;
    std::uint32_t* slots(const ObjectRecord& object) const;

    /// With the object's guard held: what enter() does, by kind; false: not possible now.
    bool pass(TaskRecord& waiter, TaskId task, const scenario::Action& action, Passage& passage);
    bool passLock(ObjectRecord& object, TaskId task);
    bool passBarrier(ObjectRecord& object, TaskRecord& waiter, TaskId task, Passage& passage);
    bool passPut(ObjectRecord& object, TaskId task, Passage& passage);
    bool passGet(ObjectRecord& object, TaskId task, Passage& passage);
    void waitForObject(TaskId task, const scenario::Action& action, Passage& passage);
    bool enterAwait(TaskId task, const scenario::Action& action);
    void waitForTasks(TaskId task, const scenario::Action& action, Passage& passage);
    void lookAtAwait(const scenario::Action& action, TaskLook& look) const;
    void lookAtObject(const TaskRecord& waiter, const scenario::Action& action,
                      TaskLook& look) const;
    void setPhase(TaskId task, TaskPhase phase);
    void beginWait(TaskId task, const scenario::Action& action);
    void endWait(TaskId task);

    int m_fd = -1;
    std::byte* m_block = nullptr;
    std::size_t m_bytes = 0;
    const scenario::Program* m_program = nullptr;
};

} // namespace interleave::models
