// SPDX-License-Identifier: GPL-3.0-or-later
// `findings`: what stands out in a recording, in sentences that can be checked; with --try the cure
// of one of them is run and put beside the recording.
#include "app/commands/commands.h"
#include "app/commands/make_runs.h"
#include "app/commands/run_again.h"
#include "app/exit_code.h"
#include "app/load_recording.h"
#include "engine/analysis/comparison.h"
#include "engine/findings/findings.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

namespace interleave::app {

namespace {

using findings::Finding;
using RecordingPtr = std::shared_ptr<const recording::Recording>;

Result<Finding> chosenFinding(const std::vector<Finding>& found, int number) {
    if (number < 1 || static_cast<std::size_t>(number) > found.size()) {
        return fail(fmt::format("--try {}: there {} in this recording.", number,
                                found.size() == 1 ? "is 1 finding"
                                                  : fmt::format("are {} findings", found.size())));
    }
    const Finding& chosen = found[static_cast<std::size_t>(number) - 1];
    if (chosen.tryIt.empty()) {
        return fail(fmt::format("--try {}: no parameter of the run cures {}. What helps: {}",
                                number, chosen.kind, chosen.cure));
    }
    return chosen;
}

/// How long it took before and after, and whether the finding is still there.
std::string outcomeText(const Finding& finding, const recording::Recording& before,
                        const recording::Recording& after) {
    const double was = before.info.makespanSeconds;
    const double is = after.info.makespanSeconds;
    const auto again = findings::findingsOf(after);
    const bool isStillThere = std::ranges::find(again, finding.kind, &Finding::kind) != again.end();
    const std::string ratio = was <= 0 || is <= 0 ? std::string()
                              : is <= was         ? fmt::format(", {:.1f} times as fast", was / is)
                                                  : fmt::format(", {:.1f} times as long", is / was);
    return fmt::format("\nMakespan {} → {}{}; {} {}.\n",
                       formatDuration(static_cast<Nanoseconds>(was * 1e9)),
                       formatDuration(static_cast<Nanoseconds>(is * 1e9)), ratio, finding.kind,
                       isStillThere ? "is still found" : "is no longer found");
}

int tryCure(const FindingsOptions& options, const RecordingPtr& before,
            const std::vector<Finding>& found) {
    const auto finding = chosenFinding(found, *options.tryNumber);
    if (!finding) {
        return report(finding.error());
    }
    const models::RunChoice asBefore = choiceOf(before->info);
    const models::RunChoice cured = models::changed(asBefore, finding->tryIt);
    auto again = runAgain(before->info, options.scenario, cured);
    if (!again) {
        return report(again.error());
    }
    again->output = options.output;
    const auto made = makeRuns(*again);
    if (!made) {
        return report(made.error());
    }
    const std::vector<RecordingPtr> both{before, made->recordings.front()};
    const analysis::Comparison comparison = analysis::compare(both);
    const std::string text =
        options.json ? analysis::comparisonJson(comparison)
                     : fmt::format("Tried for {}: {}\n\n{}{}", finding->kind,
                                   models::changesText(asBefore, cured),
                                   analysis::comparisonTable(comparison),
                                   outcomeText(*finding, *before, *made->recordings.front()));
    std::fputs(text.c_str(), stdout);
    return made->wasStopped ? kInterrupted : kDone;
}

} // namespace

int printFindings(const FindingsOptions& options) {
    const auto recording = loadRecording(options.recording);
    if (!recording) {
        return report(recording.error());
    }
    const auto found = findings::findingsOf(**recording);
    if (options.tryNumber) {
        return tryCure(options, *recording, found);
    }
    fmt::print("{}", options.json ? findings::findingsJson(**recording, found)
                                  : findings::findingsText(found));
    return kDone;
}

} // namespace interleave::app
