// SPDX-License-Identifier: GPL-3.0-or-later
// Axes copy the plot's font once, in their constructor, and never listen again: every font is set
// on every axis here. The label cache is off because its pixmaps differ from direct painting.
#include "ui/theme/plot_style.h"

#include <qcustomplot.h>

namespace interleave::ui {

namespace {

void styleAxis(QCPAxis& axis, const Theme& theme) {
    const QPen line(theme.mutedText, 1);
    axis.setBasePen(line);
    axis.setTickPen(line);
    axis.setSubTickPen(QPen(theme.grid, 1));
    axis.setTickLabelFont(theme.font(kLabelPx));
    axis.setTickLabelColor(theme.text);
    axis.setLabelFont(theme.font(kLabelPx));
    axis.setLabelColor(theme.text);
    axis.setSelectableParts(QCPAxis::spNone);
    axis.grid()->setPen(QPen(theme.grid, 1));
    axis.grid()->setSubGridVisible(false);
    axis.grid()->setZeroLinePen(QPen(theme.grid, 1));
}

} // namespace

void applyPlotStyle(QCustomPlot& plot, const Theme& theme) {
    plot.setFont(theme.font(kLabelPx));
    plot.setBackground(theme.background);
    plot.setPlottingHint(QCP::phCacheLabels, false);
    plot.setNoAntialiasingOnDrag(false);
    for (QCPAxisRect* rect : plot.axisRects()) {
        rect->setBackground(theme.background);
        for (QCPAxis* axis : rect->axes()) {
            styleAxis(*axis, theme);
        }
    }
    if (plot.legend != nullptr) {
        plot.legend->setFont(theme.font(kSmallPx));
        plot.legend->setTextColor(theme.text);
        plot.legend->setBorderPen(QPen(theme.grid, 1));
        plot.legend->setBrush(theme.panel);
    }
}

void paintMoment(QPainter& painter, double x, const QRectF& plot, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.accent, 2));
    painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    painter.drawPolygon(QPolygonF{QPointF(x - 5, plot.top()), QPointF(x + 5, plot.top()),
                                  QPointF(x, plot.top() + 7)});
    painter.restore();
}

} // namespace interleave::ui
