// SPDX-License-Identifier: GPL-3.0-or-later
// `run`: executes a scenario under one or more models, saves the recordings and prints how they
// compare.
#include "app/commands/commands.h"
#include "app/commands/make_runs.h"
#include "app/exit_code.h"
#include "app/fail_if.h"
#include "engine/analysis/comparison.h"

#include <cstdio>

namespace interleave::app {

int runScenario(const RunOptions& options) {
    if (!options.sweep.empty()) {
        return runSweep(options);
    }
    const auto condition = FailIf::parse(options.failIf);
    if (!condition) {
        return report(condition.error());
    }
    const auto made = makeRuns(options);
    if (!made) {
        return report(made.error());
    }
    std::fputs(analysis::comparisonTable(analysis::compare(made->recordings)).c_str(), stdout);
    if (made->wasStopped) {
        return kInterrupted;
    }
    return condition->exitCodeFor(made->recordings);
}

} // namespace interleave::app
