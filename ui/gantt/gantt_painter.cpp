// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_painter.h"

#include "ui/gantt/gantt_scratch.h"
#include "ui/theme/contrast.h"
#include "ui/theme/hatch.h"
#include "ui/theme/plot_style.h"

#include <QFontMetricsF>
#include <QPaintEngine>
#include <algorithm>

namespace interleave::ui {

namespace {

constexpr double kNameMarginPx = 10; // left of row names
constexpr double kTwoLineRowPx = 34; // from here on a row's share has a line of its own
constexpr double kOutlinedBarPx = 5; // narrower bars have no sides
constexpr double kTornPx = 4;
constexpr double kInstantPx = 7;

bool isRaster(const QPainter& painter) {
    return painter.paintEngine() != nullptr &&
           painter.paintEngine()->type() == QPaintEngine::Raster;
}

/// The picture that a painter paints on, if its pixels are the painter's and may be written to.
QImage* wholeBehind(const QPainter& painter) {
    auto* image = dynamic_cast<QImage*>(painter.device());
    const bool isPlain = image != nullptr && image->format() == QImage::Format_RGB32 &&
                         image->isDetached() && !painter.hasClipping() &&
                         painter.worldTransform().isIdentity();
    return isPlain ? image : nullptr;
}

class Painting {
public:
    Painting(QPainter& painter, const GanttGeometry& geometry, const Theme& theme)
        : m_painter(painter)
        , m_geometry(geometry)
        , m_theme(theme)
        , m_hasSelection(std::any_of(geometry.bars.begin(), geometry.bars.end(),
                                     [](const GanttBar& bar) { return !bar.isRelated; })) {}

    void paintRows();
    void paintGrid();
    void paintRaster(RasterContent content);
    void paintEndOfRecording();
    void paintBars();
    void paintInstants();
    void paintEndMarks();
    void paintNames();
    void paintRuler(const GanttCorner& corner);

private:
    QColor fillOf(State state, bool isRelated) const {
        const QColor fill = m_theme.of(state).fill;
        return isRelated ? fill : mixed(fill, m_theme.background, kDimming);
    }
    QColor outlineOf(bool isRelated) const {
        return isRelated ? m_theme.outline : mixed(m_theme.outline, m_theme.background, kDimming);
    }
    void paintBar(const GanttBar& bar, double rowTop);
    void paintFill(const GanttBar& bar, const QRectF& seen, const QColor& fill);
    void paintLabel(const GanttBar& bar, const QRectF& seen, const QColor& fill);
    void paintName(const GanttRow& row);
    void paintCorner(const QRectF& corner, const GanttCorner& what);

    QPainter& m_painter;
    const GanttGeometry& m_geometry;
    const Theme& m_theme;
    bool m_hasSelection;
};

void Painting::paintRows() {
    const QRectF& plot = m_geometry.plot;
    m_painter.fillRect(QRectF(QPointF(0, 0), m_geometry.size), m_theme.background);
    for (const GanttRow& row : m_geometry.rows) {
        QRectF band =
            row.rect.intersected(QRectF(0, plot.top(), m_geometry.size.width(), plot.height()));
        if (row.isHeading) {
            m_painter.fillRect(band, m_theme.panel);
        } else if (row.index % 2 == 1) {
            band.setLeft(plot.left());
            m_painter.fillRect(band, m_theme.alternateRow);
        }
    }
}

void Painting::paintGrid() {
    const QRectF& plot = m_geometry.plot;
    const double bottom = m_geometry.rows.empty()
                              ? plot.bottom()
                              : std::min(plot.bottom(), m_geometry.rows.back().rect.bottom());
    QList<QLineF> lines;
    for (const TimeTick& tick : m_geometry.ticks.ticks) {
        const double x = std::round(m_geometry.xOf(tick.timeNs)) + 0.5;
        lines.append(QLineF(x, plot.top(), x, bottom));
    }
    m_painter.setPen(QPen(m_theme.grid, 1));
    m_painter.drawLines(lines);
}

void Painting::paintEndOfRecording() {
    const QRectF& plot = m_geometry.plot;
    if (m_geometry.rows.empty() || m_geometry.endX <= plot.left() ||
        m_geometry.endX >= plot.right()) {
        return;
    }
    const double bottom = std::min(plot.bottom(), m_geometry.rows.back().rect.bottom());
    const double x = std::round(m_geometry.endX) + 0.5;
    m_painter.setPen(QPen(m_theme.mutedText, 1, Qt::DashLine));
    m_painter.drawLine(QLineF(x, plot.top(), x, bottom));
}

void Painting::paintRaster(RasterContent content) {
    if (m_geometry.scratch) {
        GanttScratch& scratch = *m_geometry.scratch;
        if (QImage* whole = content == RasterContent::Everything ? wholeBehind(m_painter) : nullptr;
            whole != nullptr && whole->devicePixelRatio() == m_geometry.pixelRatio) {
            scratch.raster.paintInto(*whole, m_geometry, scratch.labels, m_theme);
            return;
        }
        const QImage& image = scratch.raster.paint(m_geometry, scratch.labels, m_theme, content);
        m_painter.drawImage(m_geometry.plot.topLeft(), image);
    }
}

void Painting::paintBars() {
    m_painter.setFont(m_theme.font(kSmallPx));
    for (const GanttRow& row : m_geometry.rows) {
        for (std::size_t i = row.firstBar; i < row.endBar; ++i) {
            paintBar(m_geometry.bars[i], row.rect.top());
        }
    }
}

void Painting::paintBar(const GanttBar& bar, double rowTop) {
    const QRectF seen = bar.rect.intersected(m_geometry.plot);
    if (seen.isEmpty()) {
        return;
    }
    const StateLook& look = m_theme.of(bar.state);
    const QColor fill = fillOf(bar.state, bar.isRelated);
    paintFill(bar, seen, fill);
    drawHatch(m_painter, seen, look.hatch, hatchInk(fill), QPointF(m_geometry.plot.left(), rowTop));
    if (look.hasTick && seen.width() > 8) {
        m_painter.fillRect(QRectF(seen.left(), seen.top(), 3, seen.height()),
                           outlineOf(bar.isRelated));
    }
    paintLabel(bar, seen, fill);
    // Half a pixel inside, so that the line is one pixel wide; neighbours share their edge.
    const QRectF frame =
        seen.adjusted(0.5, 0.5, seen.right() < m_geometry.plot.right() ? 0.5 : -0.5, -0.5);
    m_painter.setPen(QPen(outlineOf(bar.isRelated), 1));
    if (seen.width() >= kOutlinedBarPx) {
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(frame);
    } else {
        m_painter.drawLine(frame.topLeft(), frame.topRight());
        m_painter.drawLine(frame.bottomLeft(), frame.bottomRight());
    }
    if (bar.isPreempted && seen.left() == bar.rect.left() && seen.width() >= kPreemptedPx) {
        const QPointF top = seen.topLeft() + QPointF(1, -1);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(bar.isRelated ? m_theme.error
                                         : mixed(m_theme.error, m_theme.background, kDimming));
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.drawPolygon(QPolygonF(
            {top, top + QPointF(kPreemptedPx, 0), top + QPointF(kPreemptedPx / 2, kPreemptedPx)}));
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }
}

// An end that was not recorded is torn.
void Painting::paintFill(const GanttBar& bar, const QRectF& seen, const QColor& fill) {
    if (!bar.isUnfinished || seen.right() < bar.rect.right() || seen.width() < 2 * kTornPx) {
        m_painter.fillRect(seen, fill);
        return;
    }
    QPolygonF torn({seen.bottomLeft(), seen.topLeft()});
    bool isOut = true;
    for (double y = seen.top(); y < seen.bottom(); y += kTornPx, isOut = !isOut) {
        torn.append({seen.right() - (isOut ? 0 : kTornPx), y});
    }
    torn.append({seen.right() - kTornPx / 2, seen.bottom()});
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(fill);
    m_painter.drawPolygon(torn);
}

void Painting::paintLabel(const GanttBar& bar, const QRectF& seen, const QColor& fill) {
    if (bar.label.isEmpty()) {
        return;
    }
    const double tick = m_theme.of(bar.state).hasTick ? 4 : 0;
    const QRectF room = seen.adjusted(4 + tick, 0, -4, 0);
    if (m_theme.of(bar.state).hatch != Hatch::None) {
        const QFontMetricsF metrics(m_painter.font());
        const double width = std::min(room.width(), metrics.horizontalAdvance(bar.label) + 4);
        const double height = std::min(seen.height() - 2, metrics.height() - 1);
        m_painter.fillRect(QRectF(room.left() - 2, seen.center().y() - height / 2, width, height),
                           fill);
    }
    m_painter.setPen(inkOn(fill));
    m_painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, bar.label);
}

// Triangles that point down: on the row's upper edge, or on the ruler's lower one.
void Painting::paintInstants() {
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.mutedText); // the reader's own marks have the accent
    const auto paint = [this](double x, double top) {
        m_painter.drawPolygon(
            QPolygonF({QPointF(x - kInstantPx / 2, top), QPointF(x + kInstantPx / 2, top),
                       QPointF(x, top + kInstantPx)}));
    };
    for (const GanttRow& row : m_geometry.rows) {
        for (std::size_t i = row.firstMark; i < row.endMark; ++i) {
            paint(m_geometry.instants[i].x, row.rect.top());
        }
    }
    for (std::size_t i = m_geometry.firstRulerMark; i < m_geometry.instants.size(); ++i) {
        paint(m_geometry.instants[i].x, m_geometry.plot.top());
    }
}

void Painting::paintEndMarks() {
    for (const GanttEndMark& mark : m_geometry.endMarks) {
        drawEndMark(m_painter, mark.centre, mark.sizePx, mark.state, m_theme);
    }
}

void Painting::paintNames() {
    const QRectF& plot = m_geometry.plot;
    const QRectF column(0, plot.top(), plot.left(), plot.height());
    m_painter.fillRect(column, m_theme.panel);
    m_painter.save();
    m_painter.setClipRect(QRectF(0, plot.top(), m_geometry.size.width(), plot.height()),
                          Qt::IntersectClip);
    for (const GanttRow& row : m_geometry.rows) {
        paintName(row);
    }
    m_painter.restore();
    m_painter.setPen(QPen(m_theme.grid, 1));
    m_painter.drawLine(QLineF(plot.left() - 0.5, 0, plot.left() - 0.5, m_geometry.size.height()));
}

void Painting::paintName(const GanttRow& row) {
    QRectF room(kNameMarginPx, row.rect.top(), m_geometry.plot.left() - 1.6 * kNameMarginPx,
                row.rect.height());
    constexpr int kLine = Qt::AlignVCenter | Qt::TextSingleLine;
    if (row.isHeading) {
        m_painter.setFont(m_theme.font(kSmallPx, true));
        m_painter.setPen(m_theme.mutedText);
        room.setWidth(std::max(room.width(), m_geometry.size.width() / 2));
        m_painter.drawText(room, Qt::AlignLeft | kLine, row.name);
        return;
    }
    const QFont nameFont = m_theme.font(kLabelPx);
    const QFont detailFont = m_theme.font(kSmallPx);
    room.adjust(kNameMarginPx * 0.6, 0, 0, 0); // under its heading
    QRectF name = room;
    m_painter.setFont(detailFont);
    m_painter.setPen(m_theme.mutedText);
    if (row.rect.height() >= kTwoLineRowPx) {
        const double middle = room.center().y();
        name = QRectF(room.left(), middle - 16, room.width(), 16);
        m_painter.drawText(QRectF(room.left(), middle, room.width(), 15), Qt::AlignLeft | kLine,
                           row.detail);
    } else {
        const QString share = row.detail.section(QLatin1Char(' '), 0, 1); // "62 %"
        const double width = QFontMetricsF(detailFont).horizontalAdvance(share);
        m_painter.drawText(room, Qt::AlignRight | kLine, share);
        name.setWidth(room.width() - width - 6);
    }
    m_painter.setFont(nameFont);
    m_painter.setPen(m_theme.text);
    m_painter.drawText(name, Qt::AlignLeft | kLine,
                       QFontMetricsF(nameFont).elidedText(row.name, Qt::ElideMiddle, name.width()));
}

void Painting::paintRuler(const GanttCorner& corner) {
    const QRectF& plot = m_geometry.plot;
    const QRectF ruler(0, 0, m_geometry.size.width(), plot.top());
    m_painter.fillRect(ruler, m_theme.panel);
    const QFont font = m_theme.font(kSmallPx);
    const QFontMetricsF metrics(font);
    m_painter.setFont(font);
    const double step = static_cast<double>(m_geometry.ticks.stepNs) * plot.width() /
                        static_cast<double>(m_geometry.visible.durationNs());
    const int parts = m_geometry.ticks.subTickCount + 1;
    QList<QLineF> ticks;
    for (const TimeTick& tick : m_geometry.ticks.ticks) {
        const double x = m_geometry.xOf(tick.timeNs);
        const double line = std::round(x) + 0.5;
        ticks.append(QLineF(line, plot.top() - 6, line, plot.top()));
        for (int part = 1; part < parts; ++part) {
            const double minor = std::round(x + step * part / parts) + 0.5;
            if (minor < plot.right()) {
                ticks.append(QLineF(minor, plot.top() - 3, minor, plot.top()));
            }
        }
        const double width = metrics.horizontalAdvance(tick.label);
        const double left = std::max(plot.left() + 2, x - width / 2);
        if (left + width <= plot.right() - 2) {
            m_painter.setPen(m_theme.text);
            m_painter.drawText(QRectF(left, 2, width + 1, plot.top() - 8),
                               Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, tick.label);
        }
    }
    m_painter.setPen(QPen(m_theme.mutedText, 1));
    m_painter.drawLines(ticks);
    m_painter.drawLine(QLineF(0, plot.top() - 0.5, m_geometry.size.width(), plot.top() - 0.5));
    paintCorner(QRectF(0, 0, plot.left(), plot.top()), corner);
}

void Painting::paintCorner(const QRectF& corner, const GanttCorner& what) {
    m_painter.setFont(m_theme.font(kSmallPx));
    m_painter.setPen(m_theme.mutedText);
    QRectF room = corner.adjusted(kNameMarginPx, 0, -6, 0);
    if (what.isLive) {
        const QRectF badge(room.left(), room.center().y() - 8, 42, 16);
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_theme.error);
        m_painter.drawRoundedRect(badge, 8, 8);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        m_painter.setPen(inkOn(m_theme.error));
        m_painter.drawText(badge, Qt::AlignCenter, QStringLiteral("live"));
        m_painter.setPen(m_theme.mutedText);
        room.setLeft(badge.right() + 8);
    }
    const QString text = m_geometry.ticks.origin.isEmpty() ? what.source : m_geometry.ticks.origin;
    m_painter.drawText(
        room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        m_painter.fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(room.width())));
}

} // namespace

std::array<double, static_cast<std::size_t>(kStateCount)> heightRatiosOf(const Theme& theme) {
    std::array<double, static_cast<std::size_t>(kStateCount)> ratios{};
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        ratios[i] = theme.states[i].heightRatio;
    }
    return ratios;
}

void paintGantt(QPainter& painter, const GanttGeometry& geometry, const GanttCorner& corner,
                const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    Painting painting(painter, geometry, theme);
    if (isRaster(painter)) {
        painting.paintRaster(RasterContent::Everything); // names and ruler cover the rest
    } else {
        painting.paintRows();
        painting.paintGrid();
        painting.paintRaster(RasterContent::StripsOnly);
    }
    painter.save();
    painter.setClipRect(geometry.plot, Qt::IntersectClip);
    if (!isRaster(painter)) {
        painting.paintBars();
    }
    painting.paintEndOfRecording();
    painting.paintInstants();
    painting.paintEndMarks();
    painter.restore();
    painting.paintNames();
    painting.paintRuler(corner);
    painter.restore();
}

} // namespace interleave::ui
