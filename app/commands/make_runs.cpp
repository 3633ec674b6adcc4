// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/make_runs.h"

#include "app/commands/planned_runs.h"
#include "app/commands/save_run.h"
#include "app/stop_on_signals.h"

namespace interleave::app {

Result<MadeRuns> makeRuns(const RunOptions& options) {
    const auto plans = planRuns(options, nullptr);
    if (!plans) {
        return std::unexpected(plans.error());
    }
    if (const auto prepared = prepareOutputs(*plans); !prepared) {
        return std::unexpected(prepared.error());
    }
    const StopOnSignals stop;
    MadeRuns made;
    for (const PlannedRun& plan : *plans) {
        const auto recording = run::execute(plan.request, stop.token());
        if (!recording && plan.mayBeLeftOut && recording.error().kind == ErrorKind::MissingPart) {
            noteLeftOut(plan.request.model, recording.error());
            continue;
        }
        if (!recording) {
            return std::unexpected(recording.error());
        }
        printNotices(**recording);
        made.recordings.push_back(*recording);
        if (!plan.output.empty()) {
            if (const auto saved = saveRun(**recording, plan.output); !saved) {
                return std::unexpected(saved.error());
            }
        }
        if (stop.token().stop_requested()) {
            break;
        }
    }
    made.wasStopped = stop.token().stop_requested();
    return made;
}

} // namespace interleave::app
