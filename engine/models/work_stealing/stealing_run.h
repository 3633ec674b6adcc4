// SPDX-License-Identifier: GPL-3.0-or-later
// StealingRun: one run in a TBB arena of exactly `workers` threads. The control thread stays
// outside; it submits what falls due as one range that the workers split among themselves.
// Nothing is recorded about steals: a task whose first `running` is on another worker than its
// `spawned` was stolen.
#pragma once

#include "engine/models/blocking/control_loop.h"
#include "engine/models/blocking/task_execution.h"

#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace interleave::models {

class StealingWorker;

class StealingRun {
public:
    static Result<RunOutcome> execute(const RunContext& context);
    ~StealingRun();
    StealingRun(const StealingRun&) = delete;
    StealingRun& operator=(const StealingRun&) = delete;

    const WorkEnvironment& environment() const { return *m_environment; }
    const RunContext& context() const { return m_context; }
    int nextWorkerNumber() { return ++m_workersSeen; }
    /// Executes one task on the calling worker. May nest: a worker that awaits runs others.
    void runTask(TaskId task);
    /// Keeps a group of children whose parent has ended without awaiting them.
    void adopt(std::unique_ptr<tbb::task_group> group);
    /// True for the one object that stands for this run, so that a thread that outlives a run does
    /// not take its worker of yesterday for one of today.
    bool isToken(const std::shared_ptr<const int>& token) const { return token == m_token; }
    const std::shared_ptr<const int>& token() const { return m_token; }

private:
    StealingRun(const RunContext& context, SharedObjects& objects);

    RunOutcome runWith(RunStop& stop);
    void submit(std::span<const TaskId> due);
    void runRange(std::shared_ptr<const std::vector<TaskId>> tasks, std::size_t begin,
                  std::size_t end);
    StealingWorker& workerOfThisThread();
    void waitForStragglers();

    const RunContext& m_context;
    SharedObjects& m_objects;
    ControlLoop m_control;
    std::optional<WorkEnvironment> m_environment;
    std::shared_ptr<const int> m_token = std::make_shared<const int>(0);
    std::atomic<int> m_workersSeen{0};
    tbb::task_arena m_arena;
    tbb::task_group m_root; // what the run itself has submitted
    std::mutex m_mutex;     // guards m_adopted
    std::vector<std::unique_ptr<tbb::task_group>> m_adopted;
};

} // namespace interleave::models
