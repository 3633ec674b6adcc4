// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/threads/threads.h"

#include "engine/models/blocking/thread_run.h"
#include "engine/models/parameters.h"
#include "engine/models/refusal.h"

namespace interleave::models {

namespace {

class Threads final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program, const Parameters&) const override {
        return refuseCrashAndMessaging(program, m_info.id);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        ThreadRunOptions options;
        options.workers = context.workers;
        options.isThreadPerTask = textParameter(context.parameters, "pool") == "per-task";
        options.makeHooks = [](ThreadRun& run, record::Writer& writer) {
            return std::make_unique<WorkerHooks>(run, writer);
        };
        return ThreadRun::execute(context, options);
    }

private:
    ModelInfo m_info{
        "threads",
        "Threads",
        "A pool of threads takes tasks from one queue; there is no interpreter lock, so as many "
        "run at once as there are cores. The kernel may switch at any point of a task.",
        "Several cooks in one kitchen, each with a knife of their own. When there are more cooks "
        "than stoves, the head waiter sends them away and back at moments of his choosing.",
        {{"pool", "fixed", "choice", "fixed, per-task",
          "fixed: a pool of --workers threads; per-task: a thread of its own for every task"}},
        true};
};

} // namespace

std::unique_ptr<const Model> makeThreads() {
    return std::make_unique<Threads>();
}

} // namespace interleave::models
