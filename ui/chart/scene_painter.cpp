// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/scene_painter.h"

#include "ui/theme/contrast.h"
#include "ui/theme/hatch.h"
#include "ui/theme/plot_style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QTextOption>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace interleave::chart {

namespace {

constexpr double kNarrowestLabelPx = 24;
constexpr double kNarrowestOutlinePx = 4;

// Lightness steps of one neutral hue: which process or curve it is says the label, not the hue.
QColor seriesColour(int index, const ui::Theme& theme) {
    static constexpr std::array light{0x56718F, 0xB4C4D4, 0x7F97AF, 0xDCE4EC};
    static constexpr std::array dark{0x8FA9C4, 0x4A6078, 0x6B849E, 0x36475A};
    static constexpr std::array print{0x5A5A5A, 0xC4C4C4, 0x8C8C8C, 0xE6E6E6};
    const auto step = static_cast<std::size_t>(std::max(0, index)) % light.size();
    switch (theme.kind) {
    case ui::ThemeKind::Light:
        return QColor::fromRgb(static_cast<QRgb>(light[step]));
    case ui::ThemeKind::Dark:
        return QColor::fromRgb(static_cast<QRgb>(dark[step]));
    case ui::ThemeKind::Print:
        return QColor::fromRgb(static_cast<QRgb>(print[step]));
    }
    std::unreachable();
}

QColor curveColour(int index, const ui::Theme& theme) {
    return theme.curves[static_cast<std::size_t>(std::max(0, index)) % ui::kCurveColours];
}

QColor holderColour(int index, const ui::Theme& theme) {
    const QColor held = theme.of(State::Held).fill;
    return index % 2 == 0 ? held : ui::mixed(held, theme.background, 0.38);
}

ui::Hatch hatchOf(const Ink& ink, const ui::Theme& theme) {
    if (ink.hatch != ui::Hatch::None) {
        return ink.hatch;
    }
    if (ink.role == Role::State) {
        return theme.of(static_cast<State>(ink.index)).hatch;
    }
    if (ink.role == Role::Part) {
        return theme.of(static_cast<analysis::Part>(ink.index)).hatch;
    }
    if (ink.role == Role::OffCore) {
        return ui::Hatch::BackDiagonal;
    }
    // The fifth series looks like the first but for its hatch.
    static constexpr std::array hatches{ui::Hatch::None, ui::Hatch::Diagonal, ui::Hatch::Dots,
                                        ui::Hatch::Vertical};
    return ink.role == Role::Series ? hatches[static_cast<std::size_t>(ink.index / 4) % 4]
                                    : ui::Hatch::None;
}

/// The whole label, or its last word ("dish 10" -> "10"), or its middle left out while what stays
/// still tells something; else nothing.
QString shortened(const QString& label, const QFontMetricsF& metrics, double room) {
    if (metrics.horizontalAdvance(label) <= room) {
        return label;
    }
    const QString last = label.section(u' ', -1);
    if (last != label && last.size() <= 4) {
        return metrics.horizontalAdvance(last) <= room ? last : QString();
    }
    const QString text = metrics.elidedText(label, Qt::ElideMiddle, room);
    return text.size() >= 6 ? text : QString();
}

class Brush {
public:
    Brush(QPainter& painter, const ui::Theme& theme)
        : m_painter(painter)
        , m_theme(theme) {}

    void operator()(const Box& box) const {
        const QColor fill = colourOf(box.ink, m_theme);
        m_painter.fillRect(box.rect, fill);
        hatch(box.rect, box.ink, fill);
        if (box.isOutlined && box.rect.width() >= kNarrowestOutlinePx && box.rect.height() >= 4) {
            m_painter.setPen(QPen(m_theme.outline, 1));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRect(box.rect.adjusted(0.5, 0.5, -0.5, -0.5));
        }
        label(box, fill);
    }

    void operator()(const Area& area) const {
        const QColor fill = colourOf(area.ink, m_theme);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(fill);
        m_painter.drawPolygon(area.outline);
        const ui::Hatch pattern = hatchOf(area.ink, m_theme);
        if (pattern != ui::Hatch::None) {
            m_painter.save();
            QPainterPath path;
            path.addPolygon(area.outline);
            m_painter.setClipPath(path, Qt::IntersectClip);
            const QRectF bounds = area.outline.boundingRect();
            ui::drawHatch(m_painter, bounds, pattern, ui::hatchInk(fill), QPointF(0, 0));
            m_painter.restore();
        }
    }

    void operator()(const Line& line) const {
        QPen pen(colourOf(line.ink, m_theme), line.widthPx, Qt::SolidLine, Qt::FlatCap,
                 Qt::MiterJoin);
        if (line.isDashed) {
            pen.setDashPattern({5 / line.widthPx, 3 / line.widthPx});
        }
        m_painter.setRenderHint(QPainter::Antialiasing, line.isSmooth);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        if (line.points.size() == 2) {
            m_painter.drawLine(line.points[0], line.points[1]);
        } else {
            m_painter.drawPolyline(line.points);
        }
        if (line.hasHead && line.points.size() >= 2) {
            m_painter.setPen(QPen(pen.color(), 1));
            m_painter.setBrush(pen.color());
            head({line.points[line.points.size() - 2], line.points.back()}, 0);
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void operator()(const Arrow& arrow) const {
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        const QColor colour = colourOf(arrow.ink, m_theme);
        m_painter.setPen(QPen(m_theme.background, 3.2));
        m_painter.drawLine(arrow.from, arrow.to);
        m_painter.setPen(QPen(colour, 1.2));
        m_painter.setBrush(colour);
        m_painter.drawLine(arrow.from, arrow.to);
        m_painter.drawEllipse(arrow.from, 1.8, 1.8);
        head(arrow, 0);
        if (arrow.hasDoubleHead) {
            head(arrow, 4);
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void operator()(const Dot& dot) const {
        const QColor fill =
            dot.shape == Shape::Ring ? m_theme.background : colourOf(dot.ink, m_theme);
        const QRectF place = outlineOf(dot);
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        const bool isRing = dot.shape == Shape::Ring;
        const QPen frame(isRing ? colourOf(dot.ink, m_theme) : m_theme.outline, isRing ? 1.6 : 1);
        if (dot.label.isEmpty() && (isRing || dot.shape == Shape::Disc)) {
            fillFramed(place, place.height() / 2, frame, fill);
        } else if (dot.label.isEmpty()) {
            m_painter.setBrush(fill);
            m_painter.setPen(frame);
            drawMark(dot, place, fill);
        } else {
            fillFramed(place, dot.shape == Shape::Square ? 2 : place.height() / 2, frame, fill);
            m_painter.setFont(fontOf(Font::Small, m_theme));
            m_painter.setPen(ui::inkOn(fill));
            m_painter.drawText(place, Qt::AlignCenter | Qt::TextSingleLine, dot.label);
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void operator()(const Text& text) const {
        m_painter.setPen(colourOf(text.ink, m_theme));
        const QFont font = fontOf(text.font, m_theme);
        m_painter.setFont(font);
        if (text.wraps) {
            QTextOption option(text.alignment);
            option.setWrapMode(QTextOption::WordWrap);
            m_painter.drawText(text.rect, text.text, option);
            return;
        }
        const QString fitting =
            QFontMetricsF(font).elidedText(text.text, Qt::ElideRight, text.rect.width() + 0.5);
        m_painter.drawText(text.rect, int(text.alignment) | Qt::TextSingleLine, fitting);
    }

private:
    void hatch(const QRectF& rect, const Ink& ink, const QColor& fill) const {
        const ui::Hatch pattern = hatchOf(ink, m_theme);
        if (pattern != ui::Hatch::None) {
            // Line ends are rounded to pixels, so they keep one from the edge.
            ui::drawHatch(m_painter, rect.adjusted(0, 1, -1, -1), pattern, ui::hatchInk(fill),
                          QPointF(0, rect.bottom()));
        }
    }

    void label(const Box& box, const QColor& fill) const {
        const double room = box.rect.width() - 6;
        if (box.label.isEmpty() || box.rect.width() < kNarrowestLabelPx || box.rect.height() < 11) {
            return;
        }
        const QFont font = fontOf(Font::Small, m_theme);
        const QFontMetricsF metrics(font);
        const QString text = shortened(box.label, metrics, room);
        if (text.isEmpty()) {
            return;
        }
        const double width = metrics.horizontalAdvance(text);
        const QRectF place(box.rect.center().x() - width / 2, box.rect.top(), width,
                           box.rect.height());
        // No hatch under letters.
        m_painter.fillRect(place.adjusted(-2, 1, 2, -1), fill);
        m_painter.setFont(font);
        m_painter.setPen(ui::inkOn(fill));
        m_painter.drawText(place.adjusted(-1, 0, 1, 0), Qt::AlignCenter | Qt::TextSingleLine, text);
    }

    /// A rounded shape and its frame as two fills: there may be a thousand in a moving picture, and
    /// to stroke a curve takes several times as long as to fill it.
    void fillFramed(const QRectF& place, double corner, const QPen& frame,
                    const QColor& fill) const {
        m_painter.setPen(Qt::NoPen);
        const double half = frame.widthF() / 2;
        for (const auto& [grown, colour] :
             {std::pair(half, frame.color()), std::pair(-half, fill)}) {
            m_painter.setBrush(colour);
            m_painter.drawRoundedRect(place.adjusted(-grown, -grown, grown, grown), corner + grown,
                                      corner + grown);
        }
    }

    /// Each mark has an outline of its own, so that colours are not needed to tell them.
    void drawMark(const Dot& dot, const QRectF& place, const QColor& fill) const {
        const QPointF c = dot.centre;
        const double r = dot.radiusPx;
        switch (dot.shape) {
        case Shape::Disc:
        case Shape::Ring:
            break; // see fillFramed()
        case Shape::Target:
            m_painter.setBrush(m_theme.background);
            m_painter.drawEllipse(place);
            m_painter.setBrush(fill);
            m_painter.drawEllipse(c, r * 0.5, r * 0.5);
            break;
        case Shape::Square:
            m_painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5));
            break;
        case Shape::Diamond:
            m_painter.drawPolygon(QPolygonF{c + QPointF(0, -r), c + QPointF(r, 0),
                                            c + QPointF(0, r), c + QPointF(-r, 0)});
            break;
        case Shape::Triangle:
            m_painter.drawPolygon(
                QPolygonF{c + QPointF(0, -r), c + QPointF(r, r), c + QPointF(-r, r)});
            break;
        case Shape::Back:
            m_painter.drawPolygon(
                QPolygonF{c + QPointF(-r, 0), c + QPointF(r, -r), c + QPointF(r, r)});
            break;
        case Shape::Bar:
            m_painter.drawRect(QRectF(c.x() - r, c.y() - r * 0.4, 2 * r, r * 0.8));
            break;
        case Shape::Hourglass:
            m_painter.drawPolygon(QPolygonF{place.topLeft(), place.topRight(), place.bottomLeft(),
                                            place.bottomRight()});
            break;
        case Shape::Cross:
        case Shape::Check:
        case Shape::Slash:
            drawStrokes(dot, place, fill);
            break;
        }
    }

    void drawStrokes(const Dot& dot, const QRectF& place, const QColor& colour) const {
        const QPointF c = dot.centre;
        const double r = dot.radiusPx;
        m_painter.setPen(QPen(colour, 2));
        m_painter.setBrush(Qt::NoBrush);
        if (dot.shape == Shape::Check) {
            m_painter.drawPolyline(QPolygonF{c + QPointF(-r, 0), c + QPointF(-r * 0.25, r * 0.75),
                                             c + QPointF(r, -r * 0.75)});
            return;
        }
        m_painter.drawLine(c + QPointF(-r, r) * 0.8, c + QPointF(r, -r) * 0.8);
        if (dot.shape == Shape::Cross) {
            m_painter.drawLine(c + QPointF(-r, -r) * 0.8, c + QPointF(r, r) * 0.8);
        } else {
            m_painter.drawEllipse(place);
        }
    }

    void head(const Arrow& arrow, double backPx) const {
        const QPointF way = arrow.to - arrow.from;
        const double length = std::hypot(way.x(), way.y());
        if (length < 1) {
            return;
        }
        const QPointF along = way / length;
        const QPointF across(-along.y(), along.x());
        const QPointF tip = arrow.to - along * backPx;
        m_painter.drawPolygon(
            QPolygonF{tip, tip - along * 5 + across * 2.6, tip - along * 5 - across * 2.6});
    }

    QPainter& m_painter;
    const ui::Theme& m_theme;
};

} // namespace

QColor colourOf(const Ink& ink, const ui::Theme& theme) {
    switch (ink.role) {
    case Role::State:
        return theme.of(static_cast<State>(ink.index)).fill;
    case Role::Part:
        return theme.of(static_cast<analysis::Part>(ink.index)).fill;
    case Role::Curve:
        return curveColour(ink.index, theme);
    case Role::Band:
        return ui::mixed(theme.background, curveColour(ink.index, theme), 0.22);
    case Role::Series:
        return seriesColour(ink.index, theme);
    case Role::Holder:
        return holderColour(ink.index, theme);
    case Role::OffCore:
        return ui::mixed(holderColour(ink.index, theme), theme.background, 0.62);
    case Role::Other:
        return theme.of(State::Other).fill;
    case Role::Heat:
        return ui::mixed(theme.background, theme.of(State::Held).fill, ink.index / 100.0);
    case Role::Panel:
        return theme.alternateRow;
    case Role::Header:
        return theme.panel;
    case Role::Accent:
        return theme.accent;
    case Role::Warning:
        return theme.selection;
    case Role::Grid:
        return theme.grid;
    case Role::Axis:
    case Role::Muted:
        return theme.mutedText;
    case Role::Text:
        return theme.text;
    case Role::Halo:
        return theme.background;
    }
    std::unreachable();
}

QFont fontOf(Font font, const ui::Theme& theme) {
    switch (font) {
    case Font::Small:
        return theme.font(ui::kSmallPx);
    case Font::Body:
        return theme.font(ui::kLabelPx);
    case Font::Strong:
        return theme.font(ui::kLabelPx, true);
    case Font::Title:
        return theme.font(ui::kTitlePx, true);
    case Font::Figure:
        return theme.font(20, true);
    }
    std::unreachable();
}

double widthOf(const QString& text, Font font) {
    static const ui::Theme theme = ui::themeOf(ui::ThemeKind::Light);
    return QFontMetricsF(fontOf(font, theme)).horizontalAdvance(text);
}

QRectF outlineOf(const Dot& dot) {
    const double r = dot.radiusPx;
    const double half =
        dot.label.isEmpty() ? r : std::max(r, widthOf(dot.label, Font::Small) / 2 + 4);
    return {dot.centre.x() - half, dot.centre.y() - r, 2 * half, 2 * r};
}

void paintScene(QPainter& painter, const Scene& scene, const ui::Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setRenderHint(QPainter::TextAntialiasing, true);
    const Brush brush(painter, theme);
    for (const Item& item : scene.items) {
        std::visit(brush, item);
    }
    painter.restore();
}

} // namespace interleave::chart
