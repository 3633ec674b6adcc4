// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/state_highlight.h"

#include "ui/theme/contrast.h"
#include "ui/theme/hatch.h"
#include "ui/theme/plot_style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace interleave::ui {

namespace {

constexpr float kVeilAlpha = 0.78F;
constexpr int kLabelFlags = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine;

void paintBar(QPainter& painter, const GanttGeometry& geometry, const GanttBar& bar,
              const Theme& theme) {
    const QRectF seen = bar.rect.intersected(geometry.plot);
    if (seen.isEmpty()) {
        return;
    }
    const StateLook& look = theme.of(bar.state);
    painter.fillRect(seen, look.fill);
    drawHatch(painter, seen, look.hatch, hatchInk(look.fill), geometry.plot.topLeft());
    painter.setPen(theme.outline);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(seen.adjusted(0.5, 0.5, -0.5, -0.5));
    if (!bar.label.isEmpty()) {
        const QRectF room = seen.adjusted(look.hasTick ? 8 : 4, 0, -4, 0);
        const QRectF words =
            QFontMetricsF(painter.font()).boundingRect(room, kLabelFlags, bar.label);
        if (look.hatch != Hatch::None) {
            painter.fillRect(words.intersected(seen.adjusted(1, 1, -1, -1)), look.fill);
        }
        painter.setPen(inkOn(look.fill));
        painter.drawText(room, kLabelFlags, bar.label);
    }
}

// In every merged column the part between what lies below the state and the state's own top.
// Neighbours that reach as high are one rectangle.
void paintStrip(QPainter& painter, const GanttGeometry& geometry, const GanttStrip& strip,
                State state, const QColor& fill) {
    const auto states = strip.merged->states();
    const auto found = std::ranges::find(states, state);
    if (found == states.end()) {
        return;
    }
    const auto slot = static_cast<std::size_t>(found - states.begin());
    const double px = 1 / geometry.pixelRatio;
    for (const ColumnRun& run : strip.merged->runs()) {
        std::uint32_t first = run.first;
        std::pair<std::uint16_t, std::uint16_t> open{0, 0};
        for (std::uint32_t column = run.first; column <= run.end; ++column) {
            std::pair<std::uint16_t, std::uint16_t> here{0, 0};
            if (column < run.end) {
                const auto tops = strip.merged->topsAt(column);
                here = {slot == 0 ? std::uint16_t{0} : tops[slot - 1], tops[slot]};
            }
            if (here == open && column < run.end) {
                continue;
            }
            if (open.second > open.first) {
                const double bottom = strip.area.bottom();
                painter.fillRect(
                    QRectF(QPointF(strip.area.left() + first * px, bottom - open.second * px),
                           QPointF(strip.area.left() + column * px, bottom - open.first * px)),
                    fill);
            }
            first = column;
            open = here;
        }
    }
}

} // namespace

void paintStateHighlight(QPainter& painter, const GanttGeometry& geometry, State state,
                         const Theme& theme) {
    QColor veil = theme.background;
    veil.setAlphaF(kVeilAlpha);
    painter.save();
    painter.setClipRect(geometry.plot, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(geometry.plot, veil);
    painter.setFont(theme.font(kSmallPx));
    for (const GanttStrip& strip : geometry.strips) {
        paintStrip(painter, geometry, strip, state, theme.of(state).fill);
    }
    for (const GanttBar& bar : geometry.bars) {
        if (bar.state == state) {
            paintBar(painter, geometry, bar, theme);
        }
    }
    painter.restore();
}

} // namespace interleave::ui
