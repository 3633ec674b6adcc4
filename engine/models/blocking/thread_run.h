// SPDX-License-Identifier: GPL-3.0-or-later
// ThreadRun: a run on threads of this process: a queue and a pool that grows to its size as tasks
// come, or one thread for every task. What differs between the models that use it (an interpreter
// lock, children that run inside their parent) is in the hooks they make for each worker.
#pragma once

#include "engine/models/blocking/control_loop.h"
#include "engine/models/blocking/task_execution.h"
#include "engine/models/blocking/thread.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace interleave::models {

class ThreadRun;

/// The hooks of one worker of a ThreadRun; made, called and destroyed in the worker's thread.
class WorkerHooks : public ExecutionHooks {
public:
    WorkerHooks(ThreadRun& run, record::Writer& writer)
        : m_run(run)
        , m_writer(writer) {}
    void submit(TaskId child, TaskId parent) override;

    /// The execution that these hooks serve; called once, before any task.
    virtual void attach(TaskExecution&) {}
    /// The worker has taken a task. False: the run was stopped meanwhile.
    virtual bool beginTask(TaskId) { return true; }
    /// The task has its end mark.
    virtual void endTask(TaskId) {}
    /// The worker finds no task and is going to wait for one, or to end.
    virtual void idle() {}

protected:
    ThreadRun& run() { return m_run; }
    record::Writer& writer() { return m_writer; }

private:
    ThreadRun& m_run;
    record::Writer& m_writer;
};

struct ThreadRunOptions {
    int workers = 1;
    bool isThreadPerTask = false; // `workers` means nothing then
    std::function<std::unique_ptr<WorkerHooks>(ThreadRun&, record::Writer&)> makeHooks;
    std::function<void()> onStop;      // wakes whoever waits inside hooks; may be empty
    std::string workerName = "worker"; // its threads are called "worker 1", ...

    // What a model has besides the pool; each may be empty. All are called in the control thread.
    /// Before anything is submitted. The environment lives as long as the run.
    std::function<Result<void>(ThreadRun&, RunStop&, const WorkEnvironment&)> begin;
    ControlLoop::Company company;
    int companions = 0; // threads beside the pool that execute tasks
    /// After the last thread of the pool has ended, also when begin() failed.
    std::function<Result<void>()> end;
};

class ThreadRun {
public:
    /// Executes the whole run; no thread is left when it returns.
    static Result<RunOutcome> execute(const RunContext& context, const ThreadRunOptions& options);

    ThreadRun(const ThreadRun&) = delete;
    ThreadRun& operator=(const ThreadRun&) = delete;

    /// Hands tasks to workers, in order. `writer` is the caller's own.
    void push(std::span<const TaskId> tasks, record::Writer& writer);
    void taskEnded(TaskId task, State end) { m_control.taskEnded(task, end); }
    /// A task waits for a thread of the pool, or is on one.
    bool hasWork();
    /// Makes the control thread look at what is new. Any thread.
    void wake() { m_control.wake(); }
    SharedObjects& objects() { return m_objects; }

private:
    ThreadRun(const RunContext& context, const ThreadRunOptions& options, SharedObjects& objects);

    Result<RunOutcome> runWith(RunStop& stop);
    Result<RunOutcome> runPool(RunStop& stop);
    void startWorkersFor(std::size_t tasks);
    void startThreadsOf(std::span<const TaskId> tasks, record::Writer& writer);
    /// False: the system has no room for another thread.
    bool startWorker(TaskId firstTask);
    void workerMain(int number, TaskId firstTask, std::size_t slot);
    void workThrough(TaskExecution& execution, WorkerHooks& hooks, TaskId firstTask);
    std::optional<TaskId> tryPop();
    std::optional<TaskId> pop();
    void leaveToLiving(TaskId task);
    void joinFinished();
    void joinAll();
    void noteThreadLimit();
    void onRing();

    const RunContext& m_context;
    const ThreadRunOptions& m_options;
    SharedObjects& m_objects;
    ControlLoop m_control;
    std::optional<WorkEnvironment> m_environment;

    std::mutex m_mutex; // guards everything below
    std::condition_variable m_changed;
    std::deque<TaskId> m_queue;
    std::size_t m_idle = 0;   // workers that wait for a task
    std::size_t m_living = 0; // threads that have not left their loop
    int m_started = 0;        // threads ever started
    bool m_isClosed = false;  // no more tasks will come
    bool m_isLimitNoted = false;
    std::vector<std::optional<Thread>> m_threads;
    std::vector<std::size_t> m_finished; // slots of m_threads that can be joined
};

} // namespace interleave::models
