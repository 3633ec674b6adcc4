// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop_pool/event_loop_pool.h"

#include "engine/models/event_loop/loop_run.h"
#include "engine/models/event_loop_pool/compute_pool.h"

namespace interleave::models {

namespace {

class EventLoopPool final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program,
                        const Parameters& parameters) const override {
        return canRunOnLoop(m_info, program, parameters);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        auto settings = loopSettingsOf(context.parameters);
        if (!settings) {
            return std::unexpected(settings.error());
        }
        settings->makeOffload = [](const RunContext& ownContext, Loop& loop) {
            return std::make_unique<ComputePool>(ownContext, loop);
        };
        return runEventLoop(context, *settings);
    }

private:
    ModelInfo m_info{
        .id = "event-loop+pool",
        .title = "Event loop with a pool",
        .about = "The event loop, but compute steps are handed to a pool of threads and awaited, "
                 "as asyncio.to_thread does: the loop stays free for everybody else.",
        .kitchen = "one chef at the stove, helpers who do the chopping",
        .parameters = {connectionsParameter()},
        .usesWorkers = true,
    };
};

} // namespace

std::unique_ptr<const Model> makeEventLoopPool() {
    return std::make_unique<EventLoopPool>();
}

} // namespace interleave::models
