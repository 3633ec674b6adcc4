// SPDX-License-Identifier: GPL-3.0-or-later
// What is written beside or over a chart: vertical lines with a name, and legends.
#pragma once

#include "ui/chart/scene.h"

#include <span>
#include <vector>

namespace interleave::chart {

inline constexpr double kMarkNamePx = 15; // the line of text that a mark's name needs

/// A vertical line over all rows of a chart.
struct Mark {
    double x = 0;
    QString name;
    Ink ink{Role::Text};
    bool isDashed = true;
};

/// How high the names of so many marks are.
double marksHeight(std::size_t count);

/// Lines from their names at the top of the area down to its bottom. Each name has a line of text
/// of its own, the leftmost line the highest, so that no line runs through a name.
void addMarks(Scene& scene, const QRectF& area, std::vector<Mark> marks);

struct LegendItem {
    Ink ink;
    QString text;
};

/// The height that they need, wrapped to the width.
double legendHeight(std::span<const LegendItem> items, double widthPx);
void addLegend(Scene& scene, const QRectF& area, std::span<const LegendItem> items);

} // namespace interleave::chart
