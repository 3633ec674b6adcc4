// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing to mend: the run took hardly longer than theory allows for its work.
#include "engine/analysis/finish_lines.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kNearShare = 1.2; // of the latest finish line

} // namespace

Findings nearIdeal(const Evidence& evidence) {
    const auto lines = analysis::finishLinesOf(evidence.recording);
    const analysis::Statistics& s = evidence.statistics;
    if (!lines || lines->bestNs() <= 0 || s.tasksDone != s.tasksTotal) {
        return {};
    }
    const double factor =
        static_cast<double>(evidence.makespanNs()) / static_cast<double>(lines->bestNs());
    if (factor > kNearShare) {
        return {};
    }
    const bool isWork = lines->workOverCoresNs >= lines->criticalPathNs;
    return {
        {.kind = "near-ideal",
         .severity = Severity::Info,
         .message = fmt::format("The run took {}, {:.2f} times the {} that theory allows: {}.",
                                formatDuration(evidence.makespanNs()), factor,
                                formatDuration(lines->bestNs()),
                                isWork ? "all cores were busy nearly all the time"
                                       : "as long as the longest chain of what has to follow "
                                         "one another"),
         .cause = isWork ? "There is that much to compute, and no more cores to do it."
                         : "One thing had to wait for the other, and nothing else did.",
         .cure = "Nothing to mend in how it runs; only less work or more cores would be faster.",
         .value = factor,
         .unit = "ratio",
         .evidence = {},
         .tryIt = {}}};
}

} // namespace interleave::findings
