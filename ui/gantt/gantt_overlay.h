// SPDX-License-Identifier: GPL-3.0-or-later
// What the reader's search and passing mark put on top of the rows; gantt_painter.h has the rest of
// the overlay.
#pragma once

#include "ui/gantt/gantt_geometry.h"

class QPainter;

namespace interleave::ui {

/// A frame around each hit that is drawn as a bar; under merged spans a tick for each listed hit.
void paintSearchHits(QPainter& painter, const GanttGeometry& geometry,
                     const recording::Recording& recording, const SearchHits& hits,
                     const Theme& theme);

/// Where the selected span is among merged ones, too narrow for a frame: a pointer over its place.
void paintSelectedPlace(QPainter& painter, const GanttGeometry& geometry, TrackId track,
                        TimeRange range, const Theme& theme);

/// Where the end was predicted, and where it was: flags at the bottom, so that the bookmarks' and
/// the ruler's stay readable at the top.
void paintFinishLine(QPainter& painter, const GanttGeometry& geometry, const FinishLine& line,
                     const Theme& theme);

/// The mark that goes with the selection: dashed, without a number.
void paintPassingMark(QPainter& painter, const GanttGeometry& geometry, Nanoseconds timeNs,
                      const Theme& theme);

} // namespace interleave::ui
