// SPDX-License-Identifier: GPL-3.0-or-later
// Places the chart of a sweep: a curve for each model with the band in which its runs lie, the
// bound that theory sets, and where another model begins to win. With many models each has a chart
// of its own, with the others behind it. Pure.
#pragma once

#include "ui/chart/scene.h"
#include "ui/sweep/sweep_axes.h"

#include <vector>

namespace interleave::ui {

/// More curves in one chart can't be followed.
inline constexpr std::size_t kMostSweepCurves = 4;

struct SweepChart {
    SweepAxes axes;
    std::vector<std::size_t> models; // that it is about
};

struct SweepPicture {
    chart::Scene scene;
    std::vector<SweepChart> charts;
};

SweepPicture sweepPicture(const analysis::Sweep& sweep, QSizeF size);

} // namespace interleave::ui
