// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the spans of one state stand out: everything else fades while the pointer rests on the
// state's entry in the legend. Painted over a finished picture.
#pragma once

#include "ui/gantt/gantt_geometry.h"
#include "ui/theme/theme.h"

class QPainter;

namespace interleave::ui {

void paintStateHighlight(QPainter& painter, const GanttGeometry& geometry, State state,
                         const Theme& theme);

} // namespace interleave::ui
