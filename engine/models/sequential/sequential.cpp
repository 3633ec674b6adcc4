// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/sequential/sequential.h"

#include "engine/models/blocking/thread_run.h"
#include "engine/models/refusal.h"

#include <algorithm>
#include <deque>

namespace interleave::models {

namespace {

/// Keeps spawned children for their parent's await, or for its end.
class SequentialHooks final : public WorkerHooks {
public:
    using WorkerHooks::WorkerHooks;

    void attach(TaskExecution& execution) override { m_execution = &execution; }
    void submit(TaskId child, TaskId) override { m_children.push_back(child); }
    bool awaitFreesWorker() const override { return true; }

    void await(TaskId task, const scenario::Action& action, SharedObjects& objects,
               Passage& passage) override {
        for (const TaskId child : action.tasks) {
            if (const auto waiting = std::ranges::find(m_children, child);
                waiting != m_children.end()) {
                m_children.erase(waiting);
                objects.markCovered(task, child);
                runChild(child);
                objects.markCovered(task, {});
            }
        }
        objects.wait(task, action, passage);
    }

    void endTask(TaskId) override {
        while (!m_children.empty() && !run().objects().isCancelled()) {
            const TaskId child = m_children.front();
            m_children.pop_front();
            runChild(child);
        }
    }

private:
    void runChild(TaskId child) {
        const State end = m_execution->runToEnd(child);
        run().taskEnded(child, end);
    }

    TaskExecution* m_execution = nullptr;
    std::deque<TaskId> m_children; // spawned, not yet run; in order
};

class Sequential final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program, const Parameters&) const override {
        return refuseCrashAndMessaging(program, m_info.id);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        ThreadRunOptions options;
        options.workers = 1;
        options.makeHooks = [](ThreadRun& run, record::Writer& writer) {
            return std::make_unique<SequentialHooks>(run, writer);
        };
        return ThreadRun::execute(context, options);
    }

private:
    ModelInfo m_info{
        "sequential",
        "Sequential",
        "One thread does one task after the other, and waits whenever a task waits. Nobody "
        "switches: a task runs to its end. The floor that the other models are compared with.",
        "One cook makes one dish at a time, and stands before the oven until it is baked.",
        {},
        false};
};

} // namespace

std::unique_ptr<const Model> makeSequential() {
    return std::make_unique<Sequential>();
}

} // namespace interleave::models
