// SPDX-License-Identifier: GPL-3.0-or-later
// Gantt geometry: recording + visible range + size -> what lies where. Spans of at least three
// pixels become one bar each; narrower ones merge into strips, which say for every pixel column
// what share each state has. Each depth of a row has a lane of its own. Rows are made on all cores,
// and the cost follows the pixels. Knows neither colours nor widgets; the painter, the hit test and
// the tests read it.
#pragma once

#include "ui/gantt/merged_strip.h"
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
    std::array<double, kStates> heightRatios{};
    double pixelRatio = 1; // device pixels of a pixel: merged columns are as fine as the device

    friend bool operator==(const GanttInputs&, const GanttInputs&) = default;
};

/// One row in sight. Its bars, strips and marks lie together in the geometry's vectors.
struct GanttRow {
    std::size_t index = 0; // in the layout
    QRectF rect;           // from the left edge of the picture to its right
    TrackId track;
    bool isHeading = false;
    QString name;
    QString detail;                       // "62 % running"
    std::size_t firstBar = 0, endBar = 0; // lane after lane, each from left to right
    std::size_t firstStrip = 0, endStrip = 0;
    std::size_t firstMark = 0, endMark = 0;
};

/// A span drawn exactly.
struct GanttBar {
    QRectF rect;
    State state = State::Running;
    SpanRef span;
    std::uint16_t lane = 0;
    bool isRelated = true; // of the selected task, or nothing is selected
    bool isPreempted = false;
    bool isUnfinished = false; // its right edge is where the recording ends, not its own
    std::uint32_t labelId = 0; // in the geometry's labels; 0: none
    QString label;             // shortened to fit; empty where there is no room
};

/// The merged spans of one lane. Columns are device pixels from the left edge of the plot.
struct GanttStrip {
    QRectF area;                         // of the lane
    const MergedStrip* merged = nullptr; // the geometry keeps it
    std::uint16_t lane = 0;
};

/// An instant of the recording on its row; with no row, one that concerns all of them.
struct GanttInstant {
    double x = 0;
    std::size_t mark = 0; // in Recording::marks; the first of those that share the place
};

/// What is merged under a point.
struct MergedSpot {
    TrackId track;
    std::size_t lane = 0;
    TimeRange range; // of the pixel column
};

struct GanttScratch;

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
    std::vector<GanttStrip> strips;
    std::vector<GanttInstant> instants; // those of rows; then, from firstRulerMark, of the ruler
    std::size_t firstRulerMark = 0;
    std::vector<GanttEndMark> endMarks;
    std::size_t hiddenRowCount = 0; // below the picture; an export says so
    double pixelRatio = 1;
    std::shared_ptr<GanttScratch> scratch; // memory that the next frame takes over

    double xOf(Nanoseconds time) const;
    Nanoseconds timeAt(double x) const;
    const GanttRow* rowAt(double y) const;
    const GanttRow* rowOf(TrackId track) const;
    /// The bar under a point, if a span is drawn exactly there.
    const GanttBar* barAt(QPointF point) const;
    const GanttBar* barOf(SpanRef span) const;
    /// Where no bar lies, but spans too narrow for one; analysis knows how many and of which state.
    std::optional<MergedSpot> mergedAt(QPointF point) const;
};

/// The plot's rectangle within a picture of this size.
QRectF plotRect(QSizeF size, double gutterPx);

/// `previous` is the last frame's, whose memory is used again.
GanttGeometry ganttGeometry(const GanttInputs& inputs, GanttGeometry previous = {});

} // namespace interleave::ui
