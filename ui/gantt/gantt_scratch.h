// SPDX-License-Identifier: GPL-3.0-or-later
// GanttScratch: what one frame of the Gantt leaves for the next: memory, measured labels, the marks
// by track. Nothing in it is part of the picture's meaning.
#pragma once

#include "ui/gantt/bar_labels.h"
#include "ui/gantt/gantt_raster.h"
#include "ui/gantt/instant_index.h"
#include "ui/gantt/lane_columns.h"

#include <deque>

namespace interleave::ui {

/// What is made of one row, on any core.
struct RowScratch {
    std::vector<GanttBar> bars;
    std::vector<GanttInstant> instants;
    std::deque<MergedStrip> merged; // a deque: strips point into it
    std::vector<GanttStrip> strips;
    std::optional<GanttEndMark> endMark;
    QString detail;
};

struct GanttScratch {
    ColumnEdges edges;
    std::vector<RowScratch> rows;
    BarLabels labels;
    InstantIndex instants;
    GanttRaster raster;
};

} // namespace interleave::ui
