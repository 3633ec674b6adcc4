// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that views put scenes together from: headings, axes, stacked areas, curves and strips of
// spans. Each adds plain items to a scene and stays inside the rectangle it is given.
#pragma once

#include "ui/chart/scene.h"
#include "ui/chart/time_scale.h"

#include <span>
#include <vector>

namespace interleave::chart {

inline constexpr double kHeadingPx = 22;  // a panel's title line
inline constexpr double kTimeAxisPx = 22; // tick labels under or over the panels

struct PanelText {
    QString title;
    QString unit; // in brackets behind the title; may be empty
    QString hint; // what to look for; after the title, dropped when there is no room
};

/// Title, unit and hint on one line at the top of the rectangle.
void addHeading(Scene& scene, const QRectF& line, const PanelText& text);
/// Background of a plot with the grid of the time ticks.
void addPlotBackground(Scene& scene, const QRectF& plot, const TimeScale& scale);
/// Tick labels of the time axis, none of them cut or overlapping.
void addTimeAxis(Scene& scene, const QRectF& line, const TimeScale& scale);

struct ValueAxis {
    double maximum = 1;
    QString unit;
    bool isWhole = false;
    double percentOf = 0; // when > 0, a second scale on the right: % of this value
};
/// Labels left of the plot, grid lines in it.
void addValueAxis(Scene& scene, const QRectF& plot, double gutterPx, const ValueAxis& axis);
/// Fills the plot's rectangle with a sentence that says why there is no curve.
void addReason(Scene& scene, const QRectF& plot, const QString& sentence);

/// A whole view without data: what it would show and what to do first.
void addEmptyState(Scene& scene, const QString& title, const QString& sentence);

/// One layer of a stack: a value for each bin of the visible range.
struct Layer {
    QString name;
    Ink ink;
    std::vector<double> values;
};
/// Layers from the bottom to the top, as steps; labels inside where a layer is thick enough.
void addStack(Scene& scene, const QRectF& plot, std::span<const Layer> layers, double maximum);
/// A step curve over the bins of the visible range.
void addCurve(Scene& scene, const QRectF& plot, std::span<const double> values, double maximum,
              const Ink& ink, bool isDashed = false);

struct StripSpan {
    TimeRange range;
    Ink ink;
    QString label;
    double height = 1; // share of the strip's height, from the bottom
};
/// Spans sorted by begin. Those under two pixels are merged into columns that show, for each pixel,
/// how much of it each ink covers: never "the first one wins".
void addStrip(Scene& scene, const QRectF& strip, const TimeScale& scale,
              std::span<const StripSpan> spans);

} // namespace interleave::chart
