// SPDX-License-Identifier: GPL-3.0-or-later
// Links of the selected span as arrows between rows. Only those of the selection: all at once
// would be a ball of wool. Also tells where a link leads, for following it with the keyboard.
#pragma once

#include "engine/analysis/link_index.h"
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

/// Arrows of the span between rows in sight, at most `most` of them, those that begin or end in the
/// picture first; what lies outside of it ends at its edge.
std::vector<GanttArrow> linkArrows(const analysis::LinkIndex& links, const GanttGeometry& geometry,
                                   SpanRef selected, std::size_t most = 100);

/// Where an arrow led.
struct FollowedLink {
    SpanRef span;
    std::uint32_t link = 0; // index in the recording
};
/// The span at the other end of an arrow: forward along the first that leaves the span, back along
/// the last that reached it, which is the one that ended a wait. After `earlier`, the arrow that
/// was followed before from here, the next one in turn.
std::optional<FollowedLink> followLink(const analysis::LinkIndex& links, SpanRef from,
                                       bool isForward, Grouping grouping,
                                       std::optional<std::uint32_t> earlier = std::nullopt);

/// "handoff of GIL after 1.20 µs, dish 3 to dish 5".
QString linkText(const recording::Recording& recording, std::uint32_t link);

/// The span on a row of this grouping that a link's end lies in or next to.
std::optional<SpanRef> spanAtEnd(const recording::Recording& recording,
                                 const recording::LinkEnd& end, bool isBegin, Grouping grouping);

} // namespace interleave::ui
