// SPDX-License-Identifier: GPL-3.0-or-later
// Links of the selected span as arrows between rows. Only those of the selection: all at once
// would be a ball of wool. Also tells where a link leads, for following it with the keyboard.
#pragma once

#include "ui/gantt/gantt_geometry.h"

#include <QPointF>
#include <QPolygonF>

namespace interleave::ui {

struct GanttArrow {
    recording::LinkKind kind = recording::LinkKind::Wake;
    QPolygonF path; // from .. to; more than two points where it bends above its row
    QString label;  // latency
    bool isForced = false;
};

/// Indices of the links that leave the span, or lead to it, in order of their time.
struct SpanLinks {
    std::vector<std::size_t> incoming;
    std::vector<std::size_t> outgoing;
};
SpanLinks linksOf(const recording::Recording& recording, SpanRef span);

/// Arrows between rows in sight, at most `most` of them; those that leave the picture end at its
/// edge.
std::vector<GanttArrow> linkArrows(const recording::Recording& recording,
                                   const GanttGeometry& geometry, SpanRef selected,
                                   std::size_t most = 100);

/// The span on a row of this grouping that a link's end lies in or next to.
std::optional<SpanRef> spanAtEnd(const recording::Recording& recording,
                                 const recording::LinkEnd& end, bool isBegin, Grouping grouping);

} // namespace interleave::ui
