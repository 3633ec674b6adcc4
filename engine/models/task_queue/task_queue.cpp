// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/task_queue.h"

#include "engine/models/refusal.h"
#include "engine/models/task_queue/queue_run.h"
#include "engine/models/task_queue/refusals.h"

namespace interleave::models {

namespace {

class TaskQueue final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program,
                        const Parameters& parameters) const override {
        if (auto refused = refusePublish(program, m_info.id); !refused) {
            return refused;
        }
        return refuseForQueue(program, settingsOf(parameters));
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        if (auto refused = refuseFaults(context.faults, settingsOf(context.parameters)); !refused) {
            return std::unexpected(refused.error());
        }
        return QueueRun::execute(context);
    }

private:
    ModelInfo m_info{
        .id = "task-queue",
        .title = "Task queue",
        .about = "Tasks travel through a broker to workers, which reserve some, execute them and "
                 "send the results back, as Celery has it. Who submits a task does not wait for "
                 "it; what a worker had in hand when it dies depends on when it acknowledges.",
        .kitchen = "an order rail with tickets: a cook keeps some on a board of their own, and "
                   "tears one off when it is begun, or when it is served",
        .parameters = queueParameters(),
        .usesWorkers = true,
        .usesWorkerTables = true,
        .usesBroker = true,
        .makesFaults = true,
    };
};

} // namespace

std::unique_ptr<const Model> makeTaskQueue() {
    return std::make_unique<TaskQueue>();
}

} // namespace interleave::models
