// SPDX-License-Identifier: GPL-3.0-or-later
// `recommend`: which model suits what a recording measured; with --prove the first two are run
// against each other.
#include "app/commands/commands.h"
#include "app/commands/make_runs.h"
#include "app/commands/run_again.h"
#include "app/exit_code.h"
#include "app/load_recording.h"
#include "engine/analysis/comparison.h"
#include "engine/recommendation/recommendation.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

namespace interleave::app {

namespace {

using recommendation::Recommendation;

/// What `run` is to be given for the same work: the id of a shipped scenario, else a place for the
/// file, whose path a recording does not keep. Nothing for a program that was recorded.
std::string runnableName(const recording::RunInfo& info, const std::string& given) {
    if (!isOfScenario(info)) {
        return {};
    }
    const std::string id = given.empty() ? shippedScenarioOf(info) : given;
    return id.empty() ? "SCENARIO.toml" : id;
}

double medianOf(const analysis::Comparison& comparison, const analysis::RunGroup& group) {
    const auto makespan = [](const analysis::ComparisonRow& row) {
        return std::optional(toSeconds(row.statistics.makespanNs));
    };
    return analysis::spreadIn(comparison, group, makespan)->median;
}

std::string verdictText(const Recommendation& recommended, const analysis::Comparison& comparison) {
    if (comparison.groups.size() != 2) {
        return {};
    }
    const double first = medianOf(comparison, comparison.groups[0]);
    const double second = medianOf(comparison, comparison.groups[1]);
    const auto text = [](double seconds) {
        return formatDuration(static_cast<Nanoseconds>(seconds * 1e9));
    };
    return fmt::format("\nMeasured: {} {}, {} {} (medians): {}.\n", recommended.candidates[0].model,
                       text(first), recommended.candidates[1].model, text(second),
                       first <= second ? "as recommended" : "the other way round");
}

int prove(const RecommendOptions& options, const recording::Recording& recording,
          const Recommendation& recommended) {
    const recommendation::Proof proof = recommendation::proofFor(recommended);
    const models::RunChoice choice =
        models::changed(choiceOf(recording.info), {{"model", proof.models.front()},
                                                   {"workers", std::to_string(proof.workers)}});
    auto again = runAgain(recording.info, options.scenario, choice);
    if (!again) {
        return report(again.error());
    }
    again->models = proof.models;
    again->settings.clear(); // each with its defaults, as it was estimated
    again->repeat = proof.repeat;
    again->output = options.output;
    const auto made = makeRuns(*again);
    if (!made) {
        return report(made.error());
    }
    const analysis::Comparison comparison = analysis::compare(made->recordings);
    const std::string text =
        options.json ? analysis::comparisonJson(comparison)
                     : analysis::comparisonTable(comparison) + verdictText(recommended, comparison);
    std::fputs(text.c_str(), stdout);
    return made->wasStopped ? kInterrupted : kDone;
}

} // namespace

int recommendModel(const RecommendOptions& options) {
    const auto recording = loadRecording(options.recording);
    if (!recording) {
        return report(recording.error());
    }
    const auto recommended = recommendation::recommend(**recording);
    if (!recommended) {
        return report({fmt::format("{}: nothing ran in this recording, so nothing can be said of "
                                   "its work.",
                                   options.recording)});
    }
    if (options.proves) {
        return prove(options, **recording, *recommended);
    }
    const std::string scenario = runnableName((*recording)->info, options.scenario);
    fmt::print("{}", options.json ? recommendation::recommendationJson(*recommended, scenario)
                                  : recommendation::recommendationText(*recommended, scenario));
    return kDone;
}

} // namespace interleave::app
