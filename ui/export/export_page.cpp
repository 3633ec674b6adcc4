// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_page.h"

#include "ui/theme/plot_style.h"
#include "ui/theme/text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace interleave::ui {

using recording::Recording;
using recording::RunInfo;

namespace {

constexpr double kMargin = 20;
constexpr double kTitleLine = 24;
constexpr double kCaptionLine = 16;
constexpr double kGap = 10;
constexpr double kLeastViewHeight = 40; // below it, the view goes before the text

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString counted(int count, const char* noun) {
    return QStringLiteral("%1 %2%3").arg(count).arg(QLatin1String(noun),
                                                    count == 1 ? QString() : QStringLiteral("s"));
}

QStringList factsOf(const RunInfo& info) {
    QStringList facts;
    if (!info.model.empty()) {
        facts << QStringLiteral("model %1").arg(text(info.model));
    }
    if (info.workers > 0) {
        facts << counted(info.workers, "worker");
    }
    if (info.cores > 0) {
        facts << counted(info.cores, "core");
    }
    for (const auto& [key, value] : info.parameters) {
        facts << QStringLiteral("%1 = %2").arg(text(key), text(value));
    }
    if (info.source == recording::Source::Simulated || info.seed != 0) {
        facts << QStringLiteral("seed %1").arg(info.seed);
    }
    if (info.makespanSeconds > 0) {
        const auto ns = static_cast<Nanoseconds>(info.makespanSeconds * 1e9);
        facts << QStringLiteral("took %1").arg(durationText(ns));
    }
    if (info.kernelTruth == "sampled") {
        facts << QStringLiteral("core times sampled");
    } else if (info.kernelTruth == "none") {
        facts << QStringLiteral("without the kernel's core times");
    }
    return facts;
}

QString dateOf(const RunInfo& info) {
    return text(info.startedAt)
        .replace(QLatin1Char('T'), QLatin1Char(' '))
        .replace(QLatin1Char('Z'), QStringLiteral(" UTC"));
}

QString titleOf(RecordingPtrs recordings) {
    QStringList models;
    for (const auto& recording : recordings) {
        models << text(recording->info.model);
    }
    models.removeDuplicates();
    models.removeAll(QString());
    const QString scenario = text(recordings.front()->info.scenario);
    const QString shown = models.size() <= 4 ? models.join(QStringLiteral(", "))
                                             : counted(static_cast<int>(models.size()), "model");
    return shown.isEmpty() ? scenario : QStringLiteral("%1 · %2").arg(scenario, shown);
}

} // namespace

PageText pageText(RecordingPtrs recordings) {
    PageText page;
    if (recordings.empty()) {
        return page;
    }
    page.title = titleOf(recordings);
    QStringList sources;
    for (const auto& recording : recordings) {
        sources << text(nameOf(recording->info.source));
    }
    sources.removeDuplicates();
    page.source = sources.join(QStringLiteral(" and "));
    const RunInfo& first = recordings.front()->info;
    if (recordings.size() == 1) {
        page.caption = factsOf(first);
    } else {
        page.caption << counted(static_cast<int>(recordings.size()), "run");
        if (first.cores > 0) {
            page.caption << counted(first.cores, "core");
        }
    }
    if (!first.machine.empty()) {
        page.caption << text(first.machine);
    }
    if (!first.startedAt.empty()) {
        page.caption << dateOf(first);
    }
    return page;
}

ExportPage::ExportPage(PageText text, const ViewPainter& view, const Theme& theme, PageParts parts)
    : m_text(std::move(text))
    , m_view(view)
    , m_theme(theme)
    , m_parts(parts)
    , m_legend(parts.hasLegend ? view.legend(theme) : QList<LegendEntry>()) {}

// Facts are never torn apart: a line ends between two of them.
QStringList ExportPage::captionLines(double width) const {
    const QFontMetricsF metrics(m_theme.font(kSmallPx));
    const QString separator = QStringLiteral("  ·  ");
    QStringList lines;
    for (const QString& fact : m_text.caption) {
        const QString longer = lines.isEmpty() ? fact : lines.last() + separator + fact;
        if (!lines.isEmpty() && metrics.horizontalAdvance(longer) <= width) {
            lines.last() = longer;
        } else {
            lines << metrics.elidedText(fact, Qt::ElideRight, width);
        }
    }
    return lines;
}

double ExportPage::headHeight(double width) const {
    if (!m_parts.hasCaption) {
        return 0;
    }
    return kTitleLine + kCaptionLine * static_cast<double>(captionLines(width).size()) + kGap;
}

QSize ExportPage::preferredSize() const {
    const QSize view = m_view.preferredSize();
    const double inner = view.width();
    const double legend = m_legend.isEmpty() ? 0 : kGap + legendHeight(m_legend, inner, m_theme);
    const double height = 2 * kMargin + headHeight(inner) + view.height() + legend;
    return {view.width() + static_cast<int>(2 * kMargin), static_cast<int>(std::ceil(height))};
}

void ExportPage::paint(QPainter& painter, QSizeF size) const {
    painter.fillRect(QRectF(QPointF(0, 0), size), m_theme.background);
    const double width = size.width() - 2 * kMargin;
    const double height = size.height() - 2 * kMargin;
    const double head = headHeight(std::max(1.0, width));
    const double legend =
        m_legend.isEmpty() ? 0 : kGap + legendHeight(m_legend, std::max(1.0, width), m_theme);
    // In a picture too small for everything the view is what matters.
    const bool hasFrame = width >= 200 && height - head - legend >= kLeastViewHeight;
    if (!hasFrame) {
        m_view.paint(painter, QRectF(QPointF(0, 0), size), m_theme);
        return;
    }
    painter.save();
    painter.translate(kMargin, kMargin);
    if (m_parts.hasCaption) {
        paintHead(painter, width);
    }
    const QRectF view(0, head, width, height - head - legend);
    m_view.paint(painter, view, m_theme);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.grid, 1));
    painter.drawRect(view.adjusted(-0.5, -0.5, 0.5, 0.5));
    drawLegend(painter, QRectF(0, view.bottom() + kGap, width, legend), m_legend, m_theme);
    painter.restore();
}

void ExportPage::paintHead(QPainter& painter, double width) const {
    const QFont small = m_theme.font(kSmallPx, true);
    const double badge = QFontMetricsF(small).horizontalAdvance(m_text.source) + 16;
    const QRectF badgeRect(width - badge - 0.5, 2.5, badge, 18);
    painter.setFont(m_theme.font(kTitlePx, true));
    painter.setPen(m_theme.text);
    const double room = std::max(1.0, width - badge - 12);
    const QString title =
        QFontMetricsF(painter.font()).elidedText(m_text.title, Qt::ElideRight, room);
    painter.drawText(QRectF(0, 0, room, kTitleLine - 2),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, title);
    if (!m_text.source.isEmpty()) {
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_theme.text, 1));
        painter.drawRoundedRect(badgeRect, 4, 4);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setFont(small);
        painter.drawText(badgeRect, Qt::AlignCenter, m_text.source);
    }
    painter.setFont(m_theme.font(kSmallPx));
    painter.setPen(m_theme.mutedText);
    double y = kTitleLine;
    for (const QString& line : captionLines(width)) {
        painter.drawText(QRectF(0, y, width, kCaptionLine),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, line);
        y += kCaptionLine;
    }
}

} // namespace interleave::ui
