// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/annotations.h"

#include "ui/chart/scene_painter.h"

#include <algorithm>
#include <cmath>

namespace interleave::chart {

namespace {

constexpr double kLegendLinePx = 18;
constexpr double kSwatchWidthPx = 24;
constexpr double kSwatchHeightPx = 12;
constexpr double kItemGapPx = 16;

std::vector<QRectF> placesOf(std::span<const LegendItem> items, double widthPx) {
    std::vector<QRectF> places;
    QPointF at(0, 0);
    for (const LegendItem& item : items) {
        const double width =
            std::min(kSwatchWidthPx + 6 + widthOf(item.text, Font::Small) + 2, widthPx);
        if (at.x() > 0 && at.x() + width > widthPx) {
            at = QPointF(0, at.y() + kLegendLinePx);
        }
        places.emplace_back(at, QSizeF(width, kLegendLinePx));
        at.rx() += width + kItemGapPx;
    }
    return places;
}

} // namespace

double marksHeight(std::size_t count) {
    return static_cast<double>(count) * kMarkNamePx;
}

void addMarks(Scene& scene, const QRectF& area, std::vector<Mark> marks) {
    std::ranges::stable_sort(marks, {}, &Mark::x);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const double x = std::floor(marks[i].x) + 0.5;
        const double top = area.top() + marksHeight(i) + 2;
        scene.add(Line{
            {QPointF(x, top), QPointF(x, area.bottom())}, marks[i].ink, 1.5, marks[i].isDashed});
    }
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const double top = area.top() + marksHeight(i);
        const double width = widthOf(marks[i].name, Font::Small) + 4;
        double left = std::floor(marks[i].x) + 5;
        if (left + width > area.right()) { // to the left of its line, over those that it crosses
            left = std::max(area.left(), std::floor(marks[i].x) - 4 - width);
            scene.add(Box{{left, top, width, kMarkNamePx - 1}, {Role::Halo}});
        }
        scene.add(Text{{left, top, std::min(width, area.right() - left), kMarkNamePx},
                       marks[i].name,
                       Font::Small,
                       {Role::Text}});
    }
}

double legendHeight(std::span<const LegendItem> items, double widthPx) {
    const std::vector<QRectF> places = placesOf(items, widthPx);
    return places.empty() ? 0 : places.back().bottom();
}

void addLegend(Scene& scene, const QRectF& area, std::span<const LegendItem> items) {
    const std::vector<QRectF> places = placesOf(items, area.width());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const QRectF place = places[i].translated(area.topLeft());
        const double top = place.top() + (kLegendLinePx - kSwatchHeightPx) / 2;
        scene.add(
            Box{{place.left(), top, kSwatchWidthPx, kSwatchHeightPx}, items[i].ink, {}, true});
        scene.add(Text{
            place.adjusted(kSwatchWidthPx + 6, 0, 0, 0), items[i].text, Font::Small, {Role::Text}});
    }
}

} // namespace interleave::chart
