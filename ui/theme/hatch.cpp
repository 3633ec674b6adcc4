// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/hatch.h"

#include "ui/theme/contrast.h"

#include <QLineF>
#include <QList>
#include <QPainter>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kPitchPx = 5;
constexpr double kDotPx = 1.4;

double firstMultiple(double from, double origin) {
    return origin + std::ceil((from - origin) / kPitchPx) * kPitchPx;
}

void addHorizontal(QList<QLineF>& lines, const QRectF& rect, double originY) {
    for (double y = firstMultiple(rect.top(), originY); y < rect.bottom(); y += kPitchPx) {
        lines.append(QLineF(rect.left(), y, rect.right(), y));
    }
}

void addVertical(QList<QLineF>& lines, const QRectF& rect, double originX) {
    for (double x = firstMultiple(rect.left(), originX); x < rect.right(); x += kPitchPx) {
        lines.append(QLineF(x, rect.top(), x, rect.bottom()));
    }
}

// Lines x + slope * y = c, cut to the rectangle by hand: a clip path for each bar would be slow
// on screen and fat in vector files. Slope 1 rises to the right, -1 falls.
void addDiagonal(QList<QLineF>& lines, const QRectF& rect, QPointF origin, double slope) {
    const double anchor = origin.x() + slope * origin.y();
    const double atTop = slope * rect.top();
    const double atBottom = slope * rect.bottom();
    const double first = rect.left() + std::min(atTop, atBottom);
    const double last = rect.right() + std::max(atTop, atBottom);
    for (double c = firstMultiple(first, anchor); c < last; c += kPitchPx) {
        const double xLow = std::max(rect.left(), c - std::max(atTop, atBottom));
        const double xHigh = std::min(rect.right(), c - std::min(atTop, atBottom));
        if (xHigh > xLow) {
            lines.append(QLineF(xLow, (c - xLow) / slope, xHigh, (c - xHigh) / slope));
        }
    }
}

void drawDots(QPainter& painter, const QRectF& rect, const QColor& ink, QPointF origin) {
    for (double y = firstMultiple(rect.top() + kDotPx, origin.y()); y < rect.bottom() - kDotPx / 2;
         y += kPitchPx) {
        for (double x = firstMultiple(rect.left() + kDotPx, origin.x());
             x < rect.right() - kDotPx / 2; x += kPitchPx) {
            painter.fillRect(QRectF(x - kDotPx / 2, y - kDotPx / 2, kDotPx, kDotPx), ink);
        }
    }
}

} // namespace

void drawHatch(QPainter& painter, const QRectF& rect, Hatch hatch, const QColor& ink,
               QPointF origin) {
    if (hatch == Hatch::None || rect.width() < kNarrowestHatchedPx || rect.height() < 2) {
        return;
    }
    if (hatch == Hatch::Dots) {
        drawDots(painter, rect, ink, origin);
        return;
    }
    QList<QLineF> lines;
    if (hatch == Hatch::Horizontal || hatch == Hatch::Grid) {
        addHorizontal(lines, rect, origin.y());
    }
    if (hatch == Hatch::Vertical || hatch == Hatch::Grid) {
        addVertical(lines, rect, origin.x());
    }
    if (hatch == Hatch::Diagonal || hatch == Hatch::Cross) {
        addDiagonal(lines, rect, origin, 1);
    }
    if (hatch == Hatch::BackDiagonal || hatch == Hatch::Cross) {
        addDiagonal(lines, rect, origin, -1);
    }
    painter.setPen(QPen(ink, 1, Qt::SolidLine, Qt::FlatCap));
    painter.drawLines(lines);
}

void drawEndMark(QPainter& painter, QPointF centre, double sizePx, State state,
                 const Theme& theme) {
    const double half = sizePx / 2 - 1;
    const bool hasFailed = state == State::Failed;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(
        QPen(hasFailed ? theme.error : theme.mutedText, 2.5, Qt::SolidLine, Qt::RoundCap));
    if (hasFailed) {
        painter.drawLine(centre + QPointF(-half, -half), centre + QPointF(half, half));
        painter.drawLine(centre + QPointF(-half, half), centre + QPointF(half, -half));
    } else {
        painter.drawLine(centre + QPointF(0, -half), centre + QPointF(0, half));
    }
    painter.restore();
}

void drawStateSwatch(QPainter& painter, const QRectF& cell, State state, const Theme& theme) {
    if (isEnd(state)) {
        if (state != State::Done) {
            drawEndMark(painter, cell.center(), std::min(10.0, cell.height()), state, theme);
        }
        return;
    }
    const StateLook& look = theme.of(state);
    const double height = std::max(3.0, cell.height() * look.heightRatio);
    const QRectF bar(cell.left(), cell.bottom() - height, cell.width(), height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.fillRect(bar, look.fill);
    drawHatch(painter, bar, look.hatch, hatchInk(look.fill), cell.topLeft());
    painter.setPen(QPen(theme.outline, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);
    if (look.hasTick) {
        painter.fillRect(QRectF(bar.left(), bar.top(), 3, bar.height()), theme.outline);
    }
    painter.restore();
}

} // namespace interleave::ui
