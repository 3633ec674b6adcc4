// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a scene with a theme: the one place where roles become colours. The same function serves
// the window, PNG, SVG and PDF. QCustomPlot draws none of this because it paints only through its
// own painter type, onto a device of its own, which an export frame that holds several parts has
// not.
#pragma once

#include "ui/chart/scene.h"
#include "ui/theme/theme.h"

class QPainter;

namespace interleave::chart {

QColor colourOf(const Ink& ink, const ui::Theme& theme);
QFont fontOf(Font font, const ui::Theme& theme);

/// Width of a text on one line; the same under every theme.
double widthOf(const QString& text, Font font);

/// Of a mark with a number in it, which is as wide as the number needs.
QRectF outlineOf(const Dot& dot);

/// Paints at the painter's origin; leaves the painter's state as it was.
void paintScene(QPainter& painter, const Scene& scene, const ui::Theme& theme);

} // namespace interleave::chart
