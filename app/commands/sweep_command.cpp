// SPDX-License-Identifier: GPL-3.0-or-later
// `run --sweep`: the same scenario for each value of a parameter; a table, JSON and the recordings.
#include "app/commands/commands.h"
#include "app/commands/image_export.h"
#include "app/commands/planned_runs.h"
#include "app/commands/save_run.h"
#include "app/exit_code.h"
#include "app/stop_on_signals.h"
#include "engine/analysis/sweep.h"
#include "engine/storage/atomic_file.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

namespace interleave::app {

namespace {

using Samples = std::vector<std::vector<std::vector<analysis::SweepSample>>>;

/// All runs of all points, before the first one starts.
Result<std::vector<std::vector<PlannedRun>>> planPoints(const RunOptions& options,
                                                        const run::SweepPlan& plan) {
    std::vector<std::vector<PlannedRun>> points;
    for (const run::SweepValue& value : plan.values) {
        const SweptValue swept{plan, value};
        auto runs = planRuns(options, &swept);
        if (!runs) {
            return std::unexpected(runs.error());
        }
        if (const auto prepared = prepareOutputs(*runs); !prepared) {
            return std::unexpected(prepared.error());
        }
        points.push_back(std::move(*runs));
    }
    return points;
}

/// In the order in which they were first planned.
std::vector<std::string> modelsOf(const std::vector<std::vector<PlannedRun>>& points) {
    std::vector<std::string> models;
    for (const auto& runs : points) {
        for (const PlannedRun& run : runs) {
            if (std::ranges::find(models, run.request.model) == models.end()) {
                models.push_back(run.request.model);
            }
        }
    }
    return models;
}

analysis::Sweep emptySweep(const RunOptions& options, const run::SweepPlan& plan,
                           std::vector<std::string> models) {
    analysis::Sweep sweep{.scenario = options.scenario,
                          .key = plan.key,
                          .unit = plan.unit,
                          .models = std::move(models),
                          .points = {},
                          .crossings = {}};
    for (const run::SweepValue& value : plan.values) {
        sweep.points.push_back({value.text, value.x, {}, {}});
    }
    return sweep;
}

Result<void> execute(const PlannedRun& plan, std::vector<analysis::SweepSample>& samples,
                     std::stop_token stop) {
    const auto recording = run::execute(plan.request, stop);
    if (!recording && plan.mayBeLeftOut && recording.error().kind == ErrorKind::MissingPart) {
        noteLeftOut(plan.request.model, recording.error());
        return {};
    }
    if (!recording) {
        return std::unexpected(recording.error());
    }
    printNotices(**recording);
    // One that was stopped in its middle is not a point on a curve.
    if (!stop.stop_requested()) {
        samples.push_back(analysis::sweepSampleOf(**recording));
    }
    return plan.output.empty() ? Result<void>() : saveRun(**recording, plan.output);
}

/// The chart alone, or table, JSON and chart beside the recordings. An exit code.
int saveSweep(const analysis::Sweep& sweep, const std::string& title,
              const std::filesystem::path& output) {
    if (output.empty() || isImage(output)) {
        return output.empty() ? static_cast<int>(kDone) : exportSweepChart(sweep, title, output);
    }
    auto saved = storage::writeFileAtomically(output / "sweep.txt", analysis::sweepTable(sweep));
    if (saved) {
        saved = storage::writeFileAtomically(output / "sweep.json", analysis::sweepJson(sweep));
    }
    return saved ? exportSweepChart(sweep, title, output / "sweep.svg") : report(saved.error());
}

/// What the recordings' place is where only a chart is wanted: nowhere.
RunOptions withoutRecordings(RunOptions options) {
    options.output.clear();
    return options;
}

} // namespace

int runSweep(const RunOptions& options) {
    const auto plan = run::parseSweep(options.sweep);
    if (!plan) {
        return report(plan.error());
    }
    if (!options.failIf.empty() || !options.session.empty()) {
        return report({"--sweep makes many runs; --fail-if and --session are of one."});
    }
    const bool isChart = isImage(options.output);
    const auto points = planPoints(isChart ? withoutRecordings(options) : options, *plan);
    if (!points) {
        return report(points.error());
    }
    if (isChart) { // whether it can be written there is said now, not after the last run
        if (const auto file = storage::AtomicFile::create(options.output); !file) {
            return report(file.error());
        }
    }
    const std::vector<std::string> models = modelsOf(*points);
    Samples samples(points->size(), std::vector<std::vector<analysis::SweepSample>>(models.size()));
    const StopOnSignals stop;
    for (std::size_t i = 0; i < points->size() && !stop.token().stop_requested(); ++i) {
        for (const PlannedRun& run : (*points)[i]) {
            const auto model = std::ranges::find(models, run.request.model) - models.begin();
            const auto done =
                execute(run, samples[i][static_cast<std::size_t>(model)], stop.token());
            if (!done) {
                return report(done.error());
            }
            if (stop.token().stop_requested()) {
                break;
            }
        }
    }
    const analysis::Sweep sweep =
        analysis::finishedSweep(emptySweep(options, *plan, models), samples);
    std::fputs((options.json ? analysis::sweepJson(sweep) : analysis::sweepTable(sweep)).c_str(),
               stdout);
    const std::string title = points->front().front().request.scenario.name;
    if (const int code = saveSweep(sweep, title, options.output); code != kDone) {
        return code;
    }
    return stop.token().stop_requested() ? kInterrupted : kDone;
}

} // namespace interleave::app
