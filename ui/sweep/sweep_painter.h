// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the chart of a sweep, for images and the window alike.
#pragma once

#include "engine/analysis/sweep.h"
#include "ui/theme/view_painter.h"

namespace interleave::ui {

class SweepPainter : public ViewPainter {
public:
    explicit SweepPainter(analysis::Sweep sweep);

    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    /// Curves have their names beside them.
    QList<LegendEntry> legend(const Theme&) const override { return {}; }

private:
    analysis::Sweep m_sweep;
};

} // namespace interleave::ui
