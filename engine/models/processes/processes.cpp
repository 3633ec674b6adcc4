// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/processes.h"

#include "engine/models/parameters.h"
#include "engine/models/processes/process_run.h"
#include "engine/models/refusal.h"

namespace interleave::models {

namespace {

class Processes final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program, const Parameters&) const override {
        return refuseMessaging(program, m_info.id);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        const bool isSpawn = textParameter(context.parameters, "start") == "spawn";
        if (isSpawn && context.programPath.empty()) {
            return fail("start=spawn needs the path of this program, which this run was not "
                        "given; use start=fork.",
                        ErrorKind::MissingPart);
        }
        return ProcessRun::execute(context, isSpawn ? StartKind::Spawn : StartKind::Fork);
    }

private:
    ModelInfo m_info{
        .id = "processes",
        .title = "Processes",
        .about = "Worker processes with a memory of their own. The kernel runs them side by side; "
                 "arguments and results travel through pipes, and starting a worker takes time.",
        .kitchen = "a kitchen for every chef; ingredients and dishes are carried across the yard",
        .parameters = {{"start", "fork", "choice", "fork, spawn",
                        "how a worker process begins: as a copy of the runner, or as a fresh "
                        "program"}},
        .usesWorkers = true,
    };
};

} // namespace

std::unique_ptr<const Model> makeProcesses() {
    return std::make_unique<Processes>();
}

} // namespace interleave::models
