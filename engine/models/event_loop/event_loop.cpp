// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/event_loop.h"

#include "engine/models/event_loop/loop_run.h"

namespace interleave::models {

namespace {

class EventLoop final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program,
                        const Parameters& parameters) const override {
        return canRunOnLoop(m_info, program, parameters);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        const auto settings = loopSettingsOf(context.parameters);
        if (!settings) {
            return std::unexpected(settings.error());
        }
        return runEventLoop(context, *settings);
    }

private:
    ModelInfo m_info{
        .id = "event-loop",
        .title = "Event loop",
        .about = "One thread and a coroutine for each task. A task runs until it awaits; nobody "
                 "else decides a switch, so a step that never awaits holds everybody up.",
        .kitchen = "one kitchen, one chef who never waits at the oven",
        .parameters = {connectionsParameter()},
        .usesWorkers = false,
    };
};

} // namespace

std::unique_ptr<const Model> makeEventLoop() {
    return std::make_unique<EventLoop>();
}

} // namespace interleave::models
