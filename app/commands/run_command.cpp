// SPDX-License-Identifier: GPL-3.0-or-later
// `run`: executes a scenario under one or more models, saves the recordings and prints how they
// compare.
#include "app/commands/commands.h"
#include "app/commands/planned_runs.h"
#include "app/commands/save_run.h"
#include "app/exit_code.h"
#include "app/fail_if.h"
#include "app/stop_on_signals.h"
#include "engine/analysis/comparison.h"
#include "engine/run/run.h"

#include <cstdio>
#include <memory>
#include <vector>

namespace interleave::app {

int runScenario(const RunOptions& options) {
    if (!options.sweep.empty()) {
        return runSweep(options);
    }
    const auto condition = FailIf::parse(options.failIf);
    if (!condition) {
        return report(condition.error());
    }
    const auto plans = planRuns(options, nullptr);
    if (!plans) {
        return report(plans.error());
    }
    if (const auto prepared = prepareOutputs(*plans); !prepared) {
        return report(prepared.error());
    }
    const StopOnSignals stop;
    std::vector<std::shared_ptr<const recording::Recording>> recordings;
    for (const PlannedRun& plan : *plans) {
        const auto recording = run::execute(plan.request, stop.token());
        if (!recording && plan.mayBeLeftOut && recording.error().kind == ErrorKind::MissingPart) {
            noteLeftOut(plan.request.model, recording.error());
            continue;
        }
        if (!recording) {
            return report(recording.error());
        }
        printNotices(**recording);
        recordings.push_back(*recording);
        if (!plan.output.empty()) {
            if (const auto saved = saveRun(**recording, plan.output); !saved) {
                return report(saved.error());
            }
        }
        if (stop.token().stop_requested()) {
            break;
        }
    }
    std::fputs(analysis::comparisonTable(analysis::compare(recordings)).c_str(), stdout);
    if (stop.token().stop_requested()) {
        return kInterrupted;
    }
    return condition->exitCodeFor(recordings);
}

} // namespace interleave::app
