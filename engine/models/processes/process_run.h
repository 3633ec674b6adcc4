// SPDX-License-Identifier: GPL-3.0-or-later
// ProcessRun: one run on worker processes, from the control thread's side: submits tasks, hands
// them to idle workers (one at a time each), takes results, replaces workers that die, looks for
// deadlocks. One poll() over all pipes; nothing in here blocks on a worker.
//
// Thread: the control thread only.
#pragma once

#include "engine/models/blocking/run_stop.h"
#include "engine/models/processes/worker_handle.h"
#include "engine/models/schedule/submissions.h"
#include "engine/models/sync/deadlock_watch.h"

#include <deque>
#include <memory>
#include <queue>
#include <vector>

namespace interleave::models {

class ProcessRun {
public:
    static Result<RunOutcome> execute(const RunContext& context, StartKind start);

    ProcessRun(const ProcessRun&) = delete;
    ProcessRun& operator=(const ProcessRun&) = delete;
    ~ProcessRun();

private:
    struct Pending {
        TaskId task;
        std::uint32_t attempt = 0;
    };
    struct Retry {
        Nanoseconds dueNs = 0;
        Pending pending;
        friend bool operator>(const Retry& a, const Retry& b) { return a.dueNs > b.dueNs; }
    };

    ProcessRun(const RunContext& context, SharedObjects& objects, RunStop& stop, StartKind start,
               int imageFd);

    Result<RunOutcome> run();
    void submitDue();
    void enqueue(Pending pending);
    void startNextWorker();
    void startWorkerInto(std::size_t seat);
    void dispatch();
    void give(WorkerHandle& worker, const Pending& pending);
    void waitForNews();
    void serve(WorkerHandle& worker);
    void handle(WorkerHandle& worker, const Message& message);
    void takeResult(WorkerHandle& worker, const Message& message);
    void bury(std::size_t seat);
    void afterDeath(const WorkerHandle& dead);
    void end(TaskId task, State state);
    void showQueue();
    void endWorkers();
    void cancelRest();
    bool isOver() const;
    StepId step(ExtraStep extra) const { return extraStep(m_context, extra); }

    const RunContext& m_context;
    SharedObjects& m_objects;
    RunStop& m_stop;
    WorkerOrigin m_origin;
    Submissions m_submissions;
    DeadlockWatch m_watch;
    std::vector<std::unique_ptr<WorkerHandle>> m_workers; // null: not started yet, or died
    std::deque<Pending> m_queue;
    std::priority_queue<Retry, std::vector<Retry>, std::greater<>> m_retries;
    Nanoseconds m_nextLookNs = 0;
    int m_started = 0;     // workers ever started: their numbers
    int m_stillbirths = 0; // in a row: workers that died before they were ready
    std::optional<Error> m_error;
    RunOutcome m_outcome;
};

} // namespace interleave::models
