// SPDX-License-Identifier: GPL-3.0-or-later
// Paints Gantt geometry with a theme. The same functions draw the widget, PNG, SVG and PDF; they
// see structs only, never the recording. Overlay is what moves with the pointer or the selection.
#pragma once

#include "ui/gantt/gantt_geometry.h"
#include "ui/gantt/gantt_links.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QString>

namespace interleave::ui {

/// What stands in the corner above the row names.
struct GanttCorner {
    QString source; // "measured"
    bool isLive = false;
};

/// Row names, ruler and rows.
void paintGantt(QPainter& painter, const GanttGeometry& geometry, const GanttCorner& corner,
                const Theme& theme);

struct GanttOverlay {
    std::optional<SpanRef> selected;
    std::vector<GanttArrow> arrows;
    std::optional<TimeRange> selectedRange;
    std::optional<TimeRange> measuredRange;
    std::optional<Nanoseconds> hoverTimeNs;
    std::optional<Nanoseconds> momentNs;
    QList<Mark> marks;
};

/// Selection, arrows, ranges, marks and the cursor, over what paintGantt() drew.
void paintGanttOverlay(QPainter& painter, const GanttGeometry& geometry,
                       const GanttOverlay& overlay, const Theme& theme);

/// Heights of the states as the theme has them; for GanttInputs.
std::array<double, static_cast<std::size_t>(kStateCount)> heightRatiosOf(const Theme& theme);

} // namespace interleave::ui
