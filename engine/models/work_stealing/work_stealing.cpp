// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/work_stealing/work_stealing.h"

#include "engine/models/refusal.h"
#include "engine/models/work_stealing/stealing_run.h"

namespace interleave::models {

namespace {

class WorkStealing final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program, const Parameters&) const override {
        return refuseCrashAndMessaging(program, m_info.id);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        return StealingRun::execute(context);
    }

private:
    ModelInfo m_info{
        "work-stealing",
        "Work stealing",
        "Every worker has a stack of tasks of its own and takes the youngest; an idle worker "
        "steals "
        "the oldest of another (oneTBB). A worker whose task awaits others does other tasks "
        "meanwhile.",
        "Every cook has a pile of orders of their own. Whoever has none left takes one from the "
        "bottom of a colleague's pile.",
        {},
        true};
};

} // namespace

std::unique_ptr<const Model> makeWorkStealing() {
    return std::make_unique<WorkStealing>();
}

} // namespace interleave::models
