// SPDX-License-Identifier: GPL-3.0-or-later
// Places the comparison: one group of rows for each run on a common time axis that begins at zero,
// the end of each run as a flag, its numbers in columns at the right. Pure.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/compare/compare_model.h"

#include <vector>

namespace interleave::ui {

struct CompareInputs {
    TimeRange visible;
    QSizeF size;
    double gutterPx = 168;
    CompareSort sort = CompareSort::AsGiven; // its column is marked
};

struct PlacedRun {
    QRectF rect; // the whole group
    QRectF plot;
    std::size_t index = 0; // in the order given
};

struct PlacedColumn {
    QRectF rect; // of its heading
    CompareSort sort = CompareSort::AsGiven;
};

struct ComparePicture {
    chart::Picture picture;
    std::vector<PlacedRun> runs;
    std::vector<PlacedColumn> columns;
};

ComparePicture comparePicture(const CompareModel& model, const CompareInputs& inputs);

double preferredCompareHeight(const CompareModel& model);

/// Shares of the tasks by state at a place; empty outside the plots.
QString compareAt(const CompareModel& model, const ComparePicture& picture, QPointF position);

/// The states that occur in any of the runs, in the order in which they are stacked.
std::vector<State> statesIn(const CompareModel& model);

} // namespace interleave::ui
