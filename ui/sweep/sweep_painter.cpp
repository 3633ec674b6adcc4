// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sweep/sweep_painter.h"

#include "ui/chart/scene_painter.h"
#include "ui/sweep/sweep_geometry.h"

#include <QPainter>

#include <utility>

namespace interleave::ui {

SweepPainter::SweepPainter(analysis::Sweep sweep)
    : m_sweep(std::move(sweep)) {}

void SweepPainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    const SweepPicture shown = sweepPicture(m_sweep, rect.size());
    painter.save();
    painter.translate(rect.topLeft());
    chart::paintScene(painter, shown.scene, theme);
    painter.restore();
}

/// With title and margins the shape of a slide.
QSize SweepPainter::preferredSize() const {
    return {1240, 610};
}

} // namespace interleave::ui
