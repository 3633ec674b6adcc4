// SPDX-License-Identifier: GPL-3.0-or-later
// How the height and the width of a comparison are shared out: bars, waterfall, timelines one below
// the other, names at their left, columns at their right. Only numbers; nothing is drawn.
#pragma once

#include "ui/chart/annotations.h"
#include "ui/compare/compare_columns.h"
#include "ui/compare/compare_geometry.h"

#include <vector>

namespace interleave::ui {

/// A finish line of theory in words.
struct FinishMark {
    Nanoseconds ns = 0;
    QString name;
    QString meaning;
};
/// In the order of their times; lines at one place are one mark.
std::vector<FinishMark> finishMarks(const CompareModel& model);

/// Those whose timelines are shown, in the model's order.
std::vector<const CompareRun*> timelineRuns(const CompareModel& model, bool showsEveryRun);

/// The parts and states that occur, for the legends.
std::vector<chart::LegendItem> partLegend(const CompareModel& model);
std::vector<chart::LegendItem> stateLegend(const CompareModel& model);

struct CompareLayout {
    std::vector<CompareColumn> columns;
    std::vector<FinishMark> marks;
    std::vector<const CompareRun*> timelines;

    chart::TimeScale zeroScale; // of bars and waterfall
    chart::TimeScale timeScale; // of the timelines
    double columnsLeftPx = 0;

    double marksTopPx = 0;
    double barsTopPx = 0;
    double barRowPx = 0;
    double waterfallTopPx = 0; // of its heading
    double waterfallBarsTopPx = 0;
    double waterfallRowPx = 0; // 0: of no run it is known
    double timelinesTopPx = 0; // of their axis
    double bandsTopPx = 0;
    double bandPx = 0; // 0: no room

    QRectF barRow(std::size_t group) const;
    QRectF waterfallRow(std::size_t group) const;
};

CompareLayout compareLayout(const CompareModel& model, const CompareInputs& inputs);

inline constexpr double kCompareGapPx = 10;

/// Whether each task of the run can have a row of its own.
bool hasTaskRows(const CompareRun& run, double bandPx);
/// No use for more height than that.
double mostBandPx(const CompareRun& run, double bandPx);

} // namespace interleave::ui
