// SPDX-License-Identifier: GPL-3.0-or-later
// Hatches as lines in the painter's own units: the same pitch on screen, in PNG at any scale, in
// SVG and in PDF, which Qt's brush patterns don't give. The pattern is anchored to `origin` (the
// row), not to the bar, so that panning doesn't make it shimmer.
#pragma once

#include "ui/theme/theme.h"

#include <QPointF>
#include <QRectF>

class QPainter;

namespace interleave::ui {

/// Narrower bars have colour and height only.
inline constexpr double kNarrowestHatchedPx = 6;

void drawHatch(QPainter& painter, const QRectF& rect, Hatch hatch, const QColor& ink,
               QPointF origin);

/// How a task ended, where that was not well: a cross for failed, an upright bar for cancelled.
void drawEndMark(QPainter& painter, QPointF centre, double sizePx, State state, const Theme& theme);

/// A swatch of a state as legends show it: its fill, height, hatch and outline within the cell.
void drawStateSwatch(QPainter& painter, const QRectF& cell, State state, const Theme& theme);

} // namespace interleave::ui
