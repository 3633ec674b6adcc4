// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the comparison for exports with the functions that the window uses.
#pragma once

#include "ui/compare/compare_model.h"
#include "ui/theme/view_painter.h"

namespace interleave::ui {

class ComparePainter : public ViewPainter {
public:
    /// `visible`: none shows all runs from zero to the end of the longest.
    explicit ComparePainter(const Recordings& recordings, std::optional<TimeRange> visible = {},
                            CompareSort sort = CompareSort::AsGiven,
                            std::optional<std::size_t> baseline = {});

    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    QList<LegendEntry> legend(const Theme& theme) const override;

private:
    CompareModel m_model;
    CompareSort m_sort;
    TimeRange m_visible;
};

} // namespace interleave::ui
