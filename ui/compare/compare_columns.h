// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers beside the bars of a comparison: one column each, as wide as what stands in it.
#pragma once

#include "ui/compare/compare_model.h"

#include <vector>

namespace interleave::ui {

/// The median of a group's runs, and under it from where to where; no range where they agree.
struct CompareCell {
    QString value;
    QString range;
};
CompareCell cellOf(const CompareModel& model, const CompareGroup& group, CompareSort column);

struct CompareColumn {
    CompareSort sort = CompareSort::Total;
    QString heading;                // of the one that is sorted by, with a mark
    std::vector<CompareCell> cells; // one for each group, in the model's order
    double widthPx = 0;             // with a gap at its left
};

/// All that fit into the width, the less telling ones left out first; the time and the speed-up
/// stay.
std::vector<CompareColumn> columnsWithin(const CompareModel& model, CompareSort sort,
                                         double widthPx);
double widthOf(const std::vector<CompareColumn>& columns);

} // namespace interleave::ui
