// SPDX-License-Identifier: GPL-3.0-or-later
// Gantt geometry: recording + visible range + size -> plain rectangles with states, labels and the
// spans they stand for. Spans of at least three pixels become one bar each; narrower ones become
// slices that show the share of each state in every pixel column, and their stretch is marked as
// merged. Knows neither colours nor widgets; the painter, the hit test and the tests read it.
#pragma once

#include "ui/gantt/column_shares.h"
#include "ui/gantt/row_layout.h"
#include "ui/gantt/time_ticks.h"

#include <QFont>
#include <QRectF>
#include <QSizeF>
#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace interleave::ui {

inline constexpr double kExactSpanPx = 3;   // narrower spans are merged
inline constexpr double kLeastLabelPx = 24; // narrower bars have no label
inline constexpr double kDefaultGutterPx = 168;
inline constexpr double kRulerPx = 26;

struct GanttInputs {
    std::shared_ptr<const recording::Recording> recording;
    std::shared_ptr<const RowLayout> layout;
    TimeRange visible;
    QSizeF size; // of the whole picture: row names, ruler and rows
    double gutterPx = kDefaultGutterPx;
    double rowPx = kMostRowPx;
    double scrollPx = 0;
    StateSet hidden;
    std::optional<SpanRef> selected;
    Grouping grouping = Grouping::Task;
    QFont labelFont;
    std::array<double, static_cast<std::size_t>(kStateCount)> heightRatios{};

    friend bool operator==(const GanttInputs&, const GanttInputs&) = default;
};

/// One row in sight. Bars, slices and stretches of a row lie together in the geometry's vectors.
struct GanttRow {
    std::size_t index = 0; // in the layout
    QRectF rect;           // from the left edge of the picture to its right
    TrackId track;
    bool isHeading = false;
    QString name;
    QString detail; // "62 % running"
    std::size_t firstBar = 0, endBar = 0;
    std::size_t firstSlice = 0, endSlice = 0;
    std::size_t firstStretch = 0, endStretch = 0;
};

/// A span drawn exactly.
struct GanttBar {
    QRectF rect;
    State state = State::Running;
    SpanRef span;
    QString label;         // elided to fit; empty where there is no room
    bool isRelated = true; // of the selected task, or nothing is selected
    bool isPreempted = false;
};

/// A state's share over one or more pixel columns.
struct GanttSlice {
    QRectF rect;
    State state = State::Running;
};

/// Neighbouring columns that stand for merged spans.
struct GanttStretch {
    QRectF rect; // the row's bar area
};

/// How a task ended, where that was not well.
struct GanttEndMark {
    QPointF centre;
    double sizePx = 8;
    State state = State::Failed;
};

struct GanttGeometry {
    QSizeF size;
    QRectF plot; // where time runs
    TimeRange visible;
    TimeTicks ticks;
    double endX = 0; // of the recording; beyond it nothing was recorded
    std::vector<GanttRow> rows;
    std::vector<GanttBar> bars;
    std::vector<GanttSlice> slices;
    std::vector<GanttStretch> stretches;
    std::vector<GanttEndMark> endMarks;
    std::size_t hiddenRowCount = 0; // below the picture; an export says so

    double xOf(Nanoseconds time) const;
    Nanoseconds timeAt(double x) const;
    const GanttRow* rowAt(double y) const;
    const GanttRow* rowOf(TrackId track) const;
    /// The bar under a point, if a span is drawn exactly there.
    const GanttBar* barAt(QPointF point) const;
    const GanttBar* barOf(SpanRef span) const;
};

/// The plot's rectangle within a picture of this size.
QRectF plotRect(QSizeF size, double gutterPx);

GanttGeometry ganttGeometry(const GanttInputs& inputs);

} // namespace interleave::ui
