// SPDX-License-Identifier: GPL-3.0-or-later
// The Gantt as a ViewPainter, for exports: the same geometry and painter as the widget, with all
// rows that fit. Rows that don't are counted on the picture, never left out in silence.
#pragma once

#include "ui/gantt/gantt_geometry.h"
#include "ui/theme/view_painter.h"

namespace interleave::ui {

struct GanttOptions {
    Grouping grouping = Grouping::Task;
    StateSet hidden;
    std::optional<TimeRange> visible; // without one: the whole run
};

class GanttViewPainter : public ViewPainter {
public:
    GanttViewPainter(std::shared_ptr<const recording::Recording> recording, GanttOptions options);

    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    QList<LegendEntry> legend(const Theme& theme) const override;

private:
    GanttGeometry geometryFor(QSizeF size, const Theme& theme, double pixelRatio) const;

    std::shared_ptr<const recording::Recording> m_recording;
    std::shared_ptr<const RowLayout> m_layout;
    GanttOptions m_options;
    TimeRange m_visible;
};

/// The states that occur on the rows within the range, in their order; and, where pixel columns
/// stand for several spans, a word on that.
QList<LegendEntry> ganttLegend(const recording::Recording& recording, const RowLayout& layout,
                               TimeRange visible, const StateSet& hidden);

} // namespace interleave::ui
