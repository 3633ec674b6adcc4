// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/view_painter.h"

#include "ui/theme/hatch.h"
#include "ui/theme/plot_style.h"

#include <QFontMetricsF>
#include <QPainter>

namespace interleave::ui {

namespace {

constexpr double kLineHeight = 20;
constexpr double kSwatchWidth = 26;
constexpr double kSwatchHeight = 13;
constexpr double kTextGap = 6;
constexpr double kEntryGap = 20;

struct PlacedEntry {
    QPointF topLeft;
    double textWidth = 0;
};

QList<PlacedEntry> placed(const QList<LegendEntry>& entries, double width, const Theme& theme) {
    const QFontMetricsF metrics(theme.font(kSmallPx));
    QList<PlacedEntry> places;
    QPointF at(0, 0);
    for (const LegendEntry& entry : entries) {
        const double textWidth =
            std::min(metrics.horizontalAdvance(entry.text), width - kSwatchWidth - kTextGap);
        const double entryWidth = kSwatchWidth + kTextGap + textWidth;
        if (at.x() > 0 && at.x() + entryWidth > width) {
            at = QPointF(0, at.y() + kLineHeight);
        }
        places.append({at, textWidth});
        at.rx() += entryWidth + kEntryGap;
    }
    return places;
}

} // namespace

double legendHeight(const QList<LegendEntry>& entries, double width, const Theme& theme) {
    const QList<PlacedEntry> places = placed(entries, width, theme);
    return places.isEmpty() ? 0 : places.last().topLeft.y() + kLineHeight;
}

void drawLegend(QPainter& painter, const QRectF& rect, const QList<LegendEntry>& entries,
                const Theme& theme) {
    const QList<PlacedEntry> places = placed(entries, rect.width(), theme);
    const QFont font = theme.font(kSmallPx);
    const QFontMetricsF metrics(font);
    painter.save();
    painter.setFont(font);
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const LegendEntry& entry = entries[i];
        const QPointF at = rect.topLeft() + places[i].topLeft;
        const QRectF swatch(at.x() + 0.5, at.y() + (kLineHeight - kSwatchHeight) / 2,
                            kSwatchWidth - 1, kSwatchHeight);
        if (entry.state) {
            drawStateSwatch(painter, swatch, *entry.state, theme);
        } else {
            painter.fillRect(swatch, entry.colour);
            painter.setPen(QPen(theme.outline, 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(swatch);
        }
        painter.setPen(theme.text);
        const QRectF text(at.x() + kSwatchWidth + kTextGap, at.y(), places[i].textWidth + 1,
                          kLineHeight);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(entry.text, Qt::ElideRight, text.width()));
    }
    painter.restore();
}

} // namespace interleave::ui
