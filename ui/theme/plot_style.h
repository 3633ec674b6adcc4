// SPDX-License-Identifier: GPL-3.0-or-later
// Gives a QCustomPlot the theme's fonts, pens and colours, in one place. Call it again when the
// theme changes and after adding axis rects; it does not replot.
#pragma once

#include "ui/theme/theme.h"

class QCustomPlot;
class QPainter;

namespace interleave::ui {

inline constexpr int kLabelPx = 12; // axis and row labels
inline constexpr int kSmallPx = 11; // second lines, units
inline constexpr int kTitlePx = 15;

void applyPlotStyle(QCustomPlot& plot, const Theme& theme);

/// The line of the moment that is looked at, with a flag that a thinner line has not.
void paintMoment(QPainter& painter, double x, const QRectF& plot, const Theme& theme);

} // namespace interleave::ui
