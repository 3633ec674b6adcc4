// SPDX-License-Identifier: GPL-3.0-or-later
// The overlay half of gantt_painter.h: what changes while the reader points and drags.
#include "ui/gantt/gantt_overlay.h"

#include "ui/gantt/gantt_painter.h"
#include "ui/theme/contrast.h"
#include "ui/theme/plot_style.h"
#include "ui/theme/text.h"

#include <QFontMetricsF>
#include <QLineF>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::LinkKind;

namespace {

constexpr double kHeadPx = 8;

double clampedX(const GanttGeometry& geometry, Nanoseconds time) {
    return std::clamp(geometry.xOf(time), geometry.plot.left(), geometry.plot.right());
}

/// Text on a rounded band, kept inside the plot's width.
void paintPill(QPainter& painter, const GanttGeometry& geometry, QPointF centre,
               const QString& text, const QColor& fill, const Theme& theme) {
    painter.setFont(theme.font(kSmallPx));
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12;
    const double left =
        std::max(geometry.plot.left() + 1,
                 std::min(centre.x() - width / 2, geometry.plot.right() - width - 1));
    const QRectF pill(left, centre.y() - 8, width, 16);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(pill, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(inkOn(fill));
    painter.drawText(pill, Qt::AlignCenter, text);
}

void paintRange(QPainter& painter, const GanttGeometry& geometry, TimeRange range,
                const Theme& theme) {
    if (!range.overlaps(geometry.visible)) {
        return;
    }
    const QRectF& plot = geometry.plot;
    const double left = clampedX(geometry, range.beginNs);
    const double right = clampedX(geometry, range.endNs);
    painter.fillRect(QRectF(left, plot.top(), std::max(1.0, right - left), plot.height()),
                     theme.selectionFill);
    painter.setPen(QPen(theme.accent, 1));
    painter.drawLine(QLineF(left, plot.top(), left, plot.bottom()));
    painter.drawLine(QLineF(right, plot.top(), right, plot.bottom()));
    paintPill(painter, geometry, {(left + right) / 2, plot.top() + 11},
              durationText(range.durationNs()), theme.accent, theme);
}

QString rateText(Nanoseconds ns) {
    const double perSecond = 1 / toSeconds(ns);
    return QStringLiteral("%1/s").arg(perSecond, 0, 'g', 3);
}

void paintMeasure(QPainter& painter, const GanttGeometry& geometry, TimeRange range,
                  const Theme& theme) {
    const QRectF& plot = geometry.plot;
    const double left = clampedX(geometry, range.beginNs);
    const double right = clampedX(geometry, range.endNs);
    const double y = plot.top() + 14;
    painter.setPen(QPen(theme.text, 1, Qt::DashLine));
    painter.drawLine(QLineF(left, plot.top(), left, plot.bottom()));
    painter.drawLine(QLineF(right, plot.top(), right, plot.bottom()));
    painter.setPen(QPen(theme.text, 1.5));
    painter.drawLine(QLineF(left, y, right, y));
    painter.drawLine(QLineF(left, y - 4, left, y + 4));
    painter.drawLine(QLineF(right, y - 4, right, y + 4));
    const QString text =
        range.isEmpty() ? QStringLiteral("0 ns")
                        : QStringLiteral("%1  (%2)  from %3 to %4")
                              .arg(durationText(range.durationNs()), rateText(range.durationNs()),
                                   durationText(range.beginNs), durationText(range.endNs));
    paintPill(painter, geometry, {(left + right) / 2, y + 14}, text, theme.text, theme);
}

Qt::PenStyle penStyleOf(LinkKind kind) {
    switch (kind) {
    case LinkKind::Deliver:
    case LinkKind::Flow:
    case LinkKind::Redeliver:
    case LinkKind::DeadLetter:
        return Qt::DashLine;
    case LinkKind::Submit:
    case LinkKind::Ack:
        return Qt::DotLine;
    case LinkKind::Steal:
        return Qt::DashDotLine;
    case LinkKind::Spawn:
    case LinkKind::Handoff:
    case LinkKind::Wake:
        break;
    }
    return Qt::SolidLine;
}

void paintHead(QPainter& painter, QPointF tip, double angle, bool isFilled, const QColor& colour) {
    const auto corner = [&](double turn) {
        return tip - QPointF(std::cos(angle + turn), -std::sin(angle + turn)) * kHeadPx;
    };
    painter.setPen(QPen(colour, 1.5));
    if (isFilled) {
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({tip, corner(0.45), corner(-0.45)}));
    } else {
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF({corner(0.45), tip, corner(-0.45)}));
    }
}

QRectF labelPlace(const GanttArrow& arrow, const QRectF& plot, double width) {
    const QPointF from = arrow.path.first();
    const QPointF to = arrow.path.last();
    const QPointF middle =
        arrow.path.size() > 2 ? (arrow.path[1] + arrow.path[2]) / 2 : from + (to - from) * 0.5;
    QRectF place(middle.x() + 5, middle.y() - 8, width, 15);
    if (place.right() > plot.right()) {
        place.moveRight(middle.x() - 5);
    }
    return place;
}

// From a dot at who caused it to the head at whom it reached; a halo keeps it apart from the bars.
void paintArrow(QPainter& painter, const GanttGeometry& geometry, const GanttArrow& arrow,
                const Theme& theme) {
    const QColor colour = arrow.isForced ? theme.error : theme.selection;
    const QPointF from = arrow.path.first();
    const QPointF tip = arrow.path.last();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.background, 4, Qt::SolidLine, Qt::RoundCap));
    painter.drawPolyline(arrow.path);
    painter.setPen(QPen(colour, 1.5, penStyleOf(arrow.kind)));
    painter.drawPolyline(arrow.path);
    const QPointF before = arrow.path[arrow.path.size() - 2];
    QLineF last(before, tip);
    if (last.length() < 1) {
        last = QLineF(tip - QPointF(0, 1), tip);
    }
    const double angle = last.angle() * M_PI / 180;
    paintHead(painter, tip, angle, arrow.kind != LinkKind::Spawn, colour);
    if (arrow.kind == LinkKind::Handoff) {
        paintHead(painter, last.pointAt(std::max(0.0, 1 - kHeadPx / last.length())), angle, true,
                  colour);
    }
    painter.setPen(QPen(theme.background, 1));
    painter.setBrush(colour);
    painter.drawEllipse(from, 3.5, 3.5);
    painter.setFont(theme.font(kSmallPx));
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(arrow.label) + 6;
    const QRectF place = labelPlace(arrow, geometry.plot, width);
    painter.fillRect(place, mixed(theme.background, theme.panel, 0.5));
    painter.setPen(theme.text);
    painter.drawText(place, Qt::AlignCenter, arrow.label);
}

void paintSelectedBar(QPainter& painter, const GanttGeometry& geometry, SpanRef selected,
                      const Theme& theme) {
    const GanttBar* bar = geometry.barOf(selected);
    if (bar == nullptr) {
        return;
    }
    const QRectF seen = bar->rect.intersected(geometry.plot.adjusted(-3, 0, 3, 0));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.background, 1));
    painter.drawRect(seen.adjusted(-2.5, -2.5, 2.5, 2.5));
    painter.setPen(QPen(theme.selection, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(seen.adjusted(-1, -1, 1, 1));
}

void paintMark(QPainter& painter, const GanttGeometry& geometry, const Mark& mark,
               const Theme& theme) {
    if (!geometry.visible.contains(mark.timeNs)) {
        return;
    }
    const double x = std::round(geometry.xOf(mark.timeNs)) + 0.5;
    painter.setPen(QPen(theme.accent, 1));
    painter.drawLine(QLineF(x, geometry.plot.top(), x, geometry.plot.bottom()));
    painter.setBrush(theme.accent);
    painter.drawPolygon(
        QPolygonF({QPointF(x - 5, geometry.plot.top() - 8), QPointF(x + 5, geometry.plot.top() - 8),
                   QPointF(x, geometry.plot.top())}));
    if (!mark.label.isEmpty()) {
        paintPill(painter, geometry, {x, geometry.plot.top() + 10}, mark.label, theme.accent,
                  theme);
    }
}

} // namespace

void paintGanttOverlay(QPainter& painter, const GanttGeometry& geometry,
                       const GanttOverlay& overlay, const Theme& theme) {
    painter.save();
    painter.setClipRect(
        QRectF(geometry.plot.left(), 0, geometry.plot.width(), geometry.size.height()),
        Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (overlay.selectedRange) {
        paintRange(painter, geometry, *overlay.selectedRange, theme);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (overlay.selected) {
        paintSelectedBar(painter, geometry, *overlay.selected, theme);
    }
    for (const GanttArrow& arrow : overlay.arrows) {
        paintArrow(painter, geometry, arrow, theme);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const Mark& mark : overlay.marks) {
        paintMark(painter, geometry, mark, theme);
    }
    if (overlay.hoverTimeNs && geometry.visible.contains(*overlay.hoverTimeNs)) {
        const double x = std::round(geometry.xOf(*overlay.hoverTimeNs)) + 0.5;
        painter.setPen(QPen(theme.mutedText, 1));
        painter.drawLine(QLineF(x, geometry.plot.top() - 4, x, geometry.plot.bottom()));
    }
    if (overlay.momentNs && geometry.visible.contains(*overlay.momentNs)) {
        paintMoment(painter, std::round(geometry.xOf(*overlay.momentNs)) + 0.5, geometry.plot,
                    theme);
    }
    if (overlay.measuredRange) {
        paintMeasure(painter, geometry, *overlay.measuredRange, theme);
    }
    painter.restore();
}

void paintSearchHits(QPainter& painter, const GanttGeometry& geometry,
                     const recording::Recording& recording, const SearchHits& hits,
                     const Theme& theme) {
    painter.save();
    painter.setClipRect(geometry.plot, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 2));
    for (const GanttBar& bar : geometry.bars) {
        if (hits.isHit && hits.isHit(bar.span)) {
            painter.drawRect(bar.rect.adjusted(0.5, 0.5, -0.5, -0.5));
        }
    }
    for (const SpanRef& hit : hits.listed) {
        const GanttRow* row = geometry.rowOf(hit.track);
        const auto& spans = recording.track(hit.track).spans;
        if (row == nullptr || hit.index >= spans.size()) {
            continue;
        }
        const Nanoseconds begin = spans.begin[hit.index];
        if (geometry.visible.contains(begin)) {
            const double x = std::floor(geometry.xOf(begin));
            painter.fillRect(QRectF(x, row->rect.bottom() - 4, 2, 4), theme.accent);
        }
    }
    painter.restore();
}

void paintSelectedPlace(QPainter& painter, const GanttGeometry& geometry, TrackId track,
                        TimeRange range, const Theme& theme) {
    const GanttRow* row = geometry.rowOf(track);
    if (row == nullptr || !range.overlaps(geometry.visible)) {
        return;
    }
    const double left = clampedX(geometry, range.beginNs);
    const double right = std::max(left + 2, clampedX(geometry, range.endNs));
    const double middle = (left + right) / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(
        QRectF(left - 1, row->rect.top() + 5, right - left + 2, row->rect.height() - 6),
        theme.background);
    painter.fillRect(QRectF(left, row->rect.top() + 6, right - left, row->rect.height() - 8),
                     theme.selection);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.background, 1));
    painter.setBrush(theme.selection);
    painter.drawPolygon(
        QPolygonF({QPointF(middle - 5, row->rect.top()), QPointF(middle + 5, row->rect.top()),
                   QPointF(middle, row->rect.top() + 8)}));
    painter.restore();
}

void paintFinishLine(QPainter& painter, const GanttGeometry& geometry, const FinishLine& line,
                     const Theme& theme) {
    const QRectF& plot = geometry.plot;
    const auto flag = [&](Nanoseconds lengthNs, const QString& text, Qt::PenStyle style,
                          const QColor& colour, double above) {
        const Nanoseconds at = line.fromNs + lengthNs;
        if (at < geometry.visible.beginNs || at > geometry.visible.endNs) {
            return;
        }
        const double x = std::min(std::round(geometry.xOf(at)) + 0.5, plot.right() - 1);
        painter.setPen(QPen(theme.background, 4));
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()));
        painter.setPen(QPen(colour, 2, style));
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()));
        paintPill(painter, geometry, {x, plot.bottom() - above}, text, colour, theme);
    };
    painter.save();
    painter.setClipRect(plot, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    flag(line.predictedNs, tr("predicted %1").arg(durationText(line.predictedNs)), Qt::DashLine,
         theme.accent, 30);
    if (line.measuredNs) {
        flag(*line.measuredNs, tr("measured %1").arg(durationText(*line.measuredNs)), Qt::SolidLine,
             theme.text, 11);
    }
    painter.restore();
}

void paintPassingMark(QPainter& painter, const GanttGeometry& geometry, Nanoseconds timeNs,
                      const Theme& theme) {
    if (!geometry.visible.contains(timeNs)) {
        return;
    }
    const double x = std::round(geometry.xOf(timeNs)) + 0.5;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.accent, 1, Qt::DashLine));
    painter.drawLine(QLineF(x, geometry.plot.top(), x, geometry.plot.bottom()));
    painter.setBrush(theme.background);
    painter.setPen(QPen(theme.accent, 1));
    painter.drawPolygon(
        QPolygonF({QPointF(x - 5, geometry.plot.top() - 8), QPointF(x + 5, geometry.plot.top() - 8),
                   QPointF(x, geometry.plot.top())}));
    painter.restore();
}

} // namespace interleave::ui
