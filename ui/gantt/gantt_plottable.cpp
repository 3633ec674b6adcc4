// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_plottable.h"

namespace interleave::ui {

GanttPlottable::GanttPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis, Paint paint)
    : QCPAbstractPlottable(keyAxis, valueAxis)
    , m_paint(std::move(paint)) {
    setSelectable(QCP::stNone);
    setAntialiased(false);
}

// The view has its own hit test, by row and binary search.
double GanttPlottable::selectTest(const QPointF&, bool, QVariant*) const {
    return -1;
}

QCPRange GanttPlottable::getKeyRange(bool& hasRange, QCP::SignDomain) const {
    hasRange = false; // ranges are the view state's business
    return {};
}

QCPRange GanttPlottable::getValueRange(bool& hasRange, QCP::SignDomain, const QCPRange&) const {
    hasRange = false;
    return {};
}

// Row names and ruler lie outside the axis rect.
QRect GanttPlottable::clipRect() const {
    return parentPlot() != nullptr ? parentPlot()->viewport() : QRect();
}

void GanttPlottable::draw(QCPPainter* painter) {
    m_paint(*painter);
}

GanttOverlayLayerable::GanttOverlayLayerable(QCustomPlot* plot, GanttPlottable::Paint paint)
    : QCPLayerable(plot, QStringLiteral("overlay"))
    , m_paint(std::move(paint)) {}

void GanttOverlayLayerable::draw(QCPPainter* painter) {
    m_paint(*painter);
}

} // namespace interleave::ui
