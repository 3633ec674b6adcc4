// SPDX-License-Identifier: GPL-3.0-or-later
// TaskExecution: executes tasks by blocking the calling thread, and says so in the recording. The
// thread models, the sequential one, work stealing and the worker processes all use it; where they
// differ is behind ExecutionHooks.
//
// Thread: one TaskExecution per worker thread; only that thread calls it. perform() may be called
// again from inside a hook (a worker that runs another task while one awaits).
#pragma once

#include "engine/models/model.h"
#include "engine/models/sync/shared_objects.h"

#include <functional>
#include <string>
#include <vector>

namespace interleave::models {

/// What every worker of a run needs; shared, read-only but for `objects`.
struct WorkEnvironment {
    const scenario::Program& program;
    const scenario::ComputeSpeed& speed;
    scenario::Endpoint loopback;
    SharedObjects& objects;
    int stopFd = -1; // readable when the run is to stop
    StepId firstExtraStep;
    /// Told about what went wrong outside the scenario (a request that failed); may be empty.
    std::function<void(const std::string& message)> complain;
};

WorkEnvironment environmentOf(const RunContext& context, SharedObjects& objects, int stopFd);

/// How far a step, or a try of a task, has come.
enum class Progress : std::uint8_t { Ok, Failed, Cancelled };

/// What a model adds to the blocking execution of a task. `step` is what the task is doing.
class ExecutionHooks {
public:
    virtual ~ExecutionHooks() = default;
    /// The child has been recorded as spawned and queued, and marked as submitted: see that it
    /// runs.
    virtual void submit(TaskId child, TaskId parent) = 0;
    /// The thread is about to leave the processor of its own will; the waiting state is recorded.
    virtual void beginBlocking(TaskId) {}
    /// The wait is over; returns when the task may run again. False: the run was stopped.
    virtual bool endBlocking(TaskId, StepId) { return true; }
    /// After every slice of computing. True: something was recorded meanwhile, the task's state has
    /// to be recorded anew. Stopping is TaskExecution's own business.
    virtual bool checkPoint(TaskId, StepId) { return false; }
    /// After every slice of computing and before every step. False: this try is given up, as if a
    /// step had failed.
    virtual bool mayGoOn(TaskId) { return true; }
    /// Sleeps until a moment of CLOCK_MONOTONIC, or until the try is given up; false: the run was
    /// stopped.
    virtual bool sleepUntil(TaskId, Nanoseconds monotonicNs, const SharedObjects& objects) {
        return objects.sleepUntil(monotonicNs);
    }
    /// Executes a Publish step. The hook records what the task waits for meanwhile; the next step
    /// records it as running again. The default fails: there is no broker.
    virtual Progress publish(TaskId, const scenario::Action&) { return Progress::Failed; }
    /// Waits until the tasks of an Await have ended. The default blocks the thread.
    virtual void await(TaskId task, const scenario::Action& action, SharedObjects& objects,
                       Passage& passage) {
        objects.wait(task, action, passage);
    }
    /// True: an awaiting task gives its worker to others meanwhile (recorded as detached).
    virtual bool awaitFreesWorker() const { return false; }
    /// Ends this worker process by a signal. Models without worker processes refuse the step in
    /// canRun(); returning makes the task fail.
    virtual void crash(TaskId) {}
};

class TaskExecution {
public:
    TaskExecution(const WorkEnvironment& environment, record::Writer& writer,
                  ExecutionHooks& hooks);

    /// Executes the task's actions, with its retries from try `firstTry` on. Returns Done, Failed
    /// or Cancelled without recording that end. Nothing it locked stays locked.
    State perform(TaskId task, std::uint32_t firstTry = 0);
    /// One try; Failed is the try's end, and whoever asked sees to the next. A try that takes
    /// longer than `softLimitNs` (0: none) fails at its next chance to, wherever it waits.
    State performTry(TaskId task, std::uint32_t tryIndex, Nanoseconds softLimitNs);
    /// perform(), the end mark in the recording and in the shared table.
    State runToEnd(TaskId task);

    record::Writer& writer() { return m_writer; }

private:
    struct Frame; // one task on the stack of this thread
    Progress tryOnce(Frame& frame);
    Progress tryAndLetGo(Frame& frame);
    bool isOverLimit(const Frame& frame) const;
    Progress execute(Frame& frame, const scenario::Action& action);
    Progress compute(Frame& frame, const scenario::Action& action);
    Progress computeWithoutGil(Frame& frame, const scenario::Action& action);
    Progress io(Frame& frame, const scenario::Action& action);
    Progress sleep(Frame& frame, const scenario::Action& action);
    Progress pass(Frame& frame, const scenario::Action& action);
    Progress await(Frame& frame, const scenario::Action& action);
    Progress publish(Frame& frame, const scenario::Action& action);
    Progress waitBeforeRetry(Frame& frame);
    void release(Frame& frame, ObjectId object);
    void spawn(Frame& frame, const scenario::Action& action);
    void recordPassage(Frame& frame, const scenario::Action& action, const Passage& passage);

    /// Records a state of the task on top.
    void enter(const Frame& frame, State state, StepId step, ObjectId object = {},
               bool isDetached = false);
    /// Records that the task has been ready since a moment that is long enough ago to matter.
    void readySince(const Frame& frame, Nanoseconds sinceNs, Nanoseconds waitBeganNs, StepId step);
    /// Records that the task is running (again), unless it is recorded so in this step already.
    void resume(Frame& frame, StepId step);
    Progress ioFailed(const Frame& frame, const std::string& message);

    const WorkEnvironment& m_environment;
    record::Writer& m_writer;
    ExecutionHooks& m_hooks;
    scenario::LoopbackClient m_client;
    std::uint32_t m_complaints = 0;
};

} // namespace interleave::models
