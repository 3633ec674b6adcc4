// SPDX-License-Identifier: GPL-3.0-or-later
// The whole Gantt as ONE plottable on QCustomPlot's main layer, and what moves with the pointer as
// one layerable on its buffered overlay layer. Both only call the painter; the geometry belongs to
// the view.
#pragma once

#include "ui/gantt/gantt_painter.h"

#include <functional>
#include <qcustomplot.h>

namespace interleave::ui {

class GanttPlottable : public QCPAbstractPlottable {
public:
    using Paint = std::function<void(QPainter&)>;
    GanttPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis, Paint paint);

    double selectTest(const QPointF& point, bool isOnlySelectable,
                      QVariant* details) const override;
    QCPRange getKeyRange(bool& hasRange, QCP::SignDomain domain) const override;
    QCPRange getValueRange(bool& hasRange, QCP::SignDomain domain,
                           const QCPRange& keys) const override;

protected:
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

private:
    Paint m_paint;
};

class GanttOverlayLayerable : public QCPLayerable {
public:
    GanttOverlayLayerable(QCustomPlot* plot, GanttPlottable::Paint paint);

protected:
    void applyDefaultAntialiasingHint(QCPPainter*) const override {}
    void draw(QCPPainter* painter) override;

private:
    GanttPlottable::Paint m_paint;
};

} // namespace interleave::ui
