// SPDX-License-Identifier: GPL-3.0-or-later
// What the utilisation view takes out of a recording once, whatever is visible: counts of tasks,
// memory curves, and, where the recording doesn't know something, the sentence that says why.
#pragma once

#include "engine/analysis/utilisation.h"

#include <QString>

#include <vector>

namespace interleave::ui {

struct UtilisationSeries {
    int coreCount = 0;
    std::vector<TrackId> coreTracks;
    analysis::StepFunction running;            // tasks on a core
    analysis::StepFunction ready;              // tasks that could run
    analysis::StepFunction underWay;           // tasks begun and not ended
    std::vector<analysis::MemoryCurve> memory; // of one kind, the largest first
    QString memoryKind;                        // "PSS" or "RSS"
    QString missingCores;                      // why there are no cores to show; else empty
    QString missingSwitches;
    QString missingMemory;
};

UtilisationSeries utilisationSeriesOf(const recording::Recording& recording);

} // namespace interleave::ui
