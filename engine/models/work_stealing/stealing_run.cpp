// SPDX-License-Identifier: GPL-3.0-or-later
// Every worker of TBB gets its recorder stream with its first task and keeps it, in a thread_local,
// until the thread ends: a stream has to be closed by its own thread, and TBB tells nobody which of
// its threads will come back. The run ends TBB's threads before it returns, so that happens then.
#include "engine/models/work_stealing/stealing_run.h"

#include "engine/models/blocking/thread.h"
#include "engine/models/work_stealing/hand_over.h"

#include <tbb/global_control.h>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace interleave::models {

/// The tasks that one worker is in, outermost first, and what it records with.
class StealingWorker final : public ExecutionHooks {
public:
    explicit StealingWorker(StealingRun& run)
        : m_run(run)
        , m_token(run.token())
        , m_writer(
              run.context().session.openStream({record::StreamRole::Worker, record::ClockKind::Tsc,
                                                fmt::format("worker {}", run.nextWorkerNumber())}))
        , m_execution(run.environment(), m_writer, *this) {}

    bool belongsTo(const StealingRun& run) const { return run.isToken(m_token); }

    State runToEnd(TaskId task) {
        SharedObjects& objects = m_run.environment().objects;
        const TaskId below = m_stack.empty() ? TaskId{} : m_stack.back().task;
        if (below) {
            objects.markCovered(below, task);
        }
        m_stack.push_back({task, {}});
        const State end = m_execution.runToEnd(task);
        for (auto& [childTemplate, group] : m_stack.back().children) {
            m_run.adopt(std::move(group));
        }
        m_stack.pop_back();
        if (below) {
            objects.markCovered(below, {});
        }
        return end;
    }

    void submit(TaskId child, TaskId) override {
        auto& group = childrenOf(m_run.environment().program.task(child).templateIndex);
        group.run(HandedOver([&run = m_run, child] { run.runTask(child); }));
    }

    bool awaitFreesWorker() const override { return true; }

    void await(TaskId task, const scenario::Action& action, SharedObjects& objects,
               Passage& passage) override {
        const scenario::Program& program = m_run.environment().program;
        childrenOf(program.task(action.tasks.front()).templateIndex)
            .wait(); // runs others meanwhile
        objects.wait(task, action, passage);
    }

private:
    struct Level {
        TaskId task;
        std::map<std::size_t, std::unique_ptr<tbb::task_group>> children; // by template
    };

    tbb::task_group& childrenOf(std::size_t templateIndex) {
        auto& group = m_stack.back().children[templateIndex];
        if (!group) {
            group = std::make_unique<tbb::task_group>();
        }
        return *group;
    }

    StealingRun& m_run;
    std::shared_ptr<const int> m_token;
    record::Writer m_writer;
    TaskExecution m_execution;
    std::vector<Level> m_stack;
};

namespace {

thread_local std::unique_ptr<StealingWorker> t_worker;

/// Room for tasks that run on top of one another while they await.
constexpr std::size_t kStackBytes = std::size_t{16} << 20;

} // namespace

Result<RunOutcome> StealingRun::execute(const RunContext& context) {
    auto objects = SharedObjects::create(context.program);
    if (!objects) {
        return std::unexpected(objects.error());
    }
    tbb::task_scheduler_handle scheduler{tbb::attach{}};
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                      static_cast<std::size_t>(context.workers) + 1);
    const tbb::global_control stacks(tbb::global_control::thread_stack_size, kStackBytes);
    Result<RunOutcome> outcome = RunOutcome{};
    {
        StealingRun run(context, *objects);
        auto stop = RunStop::create(context.stop, *objects, [&run] { run.m_control.wake(); });
        if (!stop) {
            return std::unexpected(stop.error());
        }
        outcome = run.runWith(**stop);
        run.m_arena.terminate();
        // Ends TBB's threads, and with them their streams.
        if (!tbb::finalize(scheduler, std::nothrow)) {
            context.session.diagnose("threads-left", "info", 1,
                                     "oneTBB kept its threads beyond the run, since something else "
                                     "in this process uses them.");
        }
        run.m_control.cancelRest();
    }
    return outcome;
}

StealingRun::StealingRun(const RunContext& context, SharedObjects& objects)
    : m_context(context)
    , m_objects(objects)
    , m_control(context, objects, Staffing{context.workers, true})
    , m_arena(context.workers, 0) {}

StealingRun::~StealingRun() = default;

RunOutcome StealingRun::runWith(RunStop& stop) {
    m_environment.emplace(environmentOf(m_context, m_objects, stop.fd()));
    RunOutcome outcome = m_control.run(stop, [this](std::span<const TaskId> due) { submit(due); });
    waitForStragglers();
    return outcome;
}

void StealingRun::submit(std::span<const TaskId> due) {
    auto tasks = std::make_shared<const std::vector<TaskId>>(due.begin(), due.end());
    m_arena.enqueue(m_root.defer(
        HandedOver([this, tasks = std::move(tasks)] { runRange(tasks, 0, tasks->size()); })));
}

void StealingRun::runRange(std::shared_ptr<const std::vector<TaskId>> tasks, std::size_t begin,
                           std::size_t end) {
    while (end - begin > 1) {
        const std::size_t middle = begin + (end - begin) / 2;
        m_root.run(HandedOver([this, tasks, middle, end] { runRange(tasks, middle, end); }));
        end = middle;
    }
    runTask((*tasks)[begin]);
}

void StealingRun::runTask(TaskId task) {
    if (m_objects.isCancelled()) {
        return; // cancelRest() marks it
    }
    const State end = workerOfThisThread().runToEnd(task);
    m_control.taskEnded(task, end);
}

StealingWorker& StealingRun::workerOfThisThread() {
    if (!t_worker || !t_worker->belongsTo(*this)) {
        sharpenTimers();
        t_worker.reset();
        t_worker = std::make_unique<StealingWorker>(*this);
    }
    return *t_worker;
}

void StealingRun::adopt(std::unique_ptr<tbb::task_group> group) {
    std::scoped_lock lock(m_mutex);
    m_adopted.push_back(std::move(group));
}

void StealingRun::waitForStragglers() {
    // All tasks have ended, or return at once since the run is cancelled; what is waited for here
    // is the way from a task's end mark to the end of TBB's own task around it.
    m_root.wait();
    while (true) {
        std::vector<std::unique_ptr<tbb::task_group>> groups;
        {
            std::scoped_lock lock(m_mutex);
            groups.swap(m_adopted);
        }
        if (groups.empty()) {
            return;
        }
        for (const auto& group : groups) {
            group->wait();
        }
    }
}

} // namespace interleave::models
