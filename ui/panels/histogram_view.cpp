// SPDX-License-Identifier: GPL-3.0-or-later
// HistogramView: bins of half an octave as bars, axis labels at powers of ten.
#include "ui/panels/histogram_view.h"

#include "ui/theme/contrast.h"
#include "ui/theme/text.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kLeastBarPx = 1.5; // a bin with anything in it is seen
constexpr double kMarkRoomPx = 15;

double edge(std::size_t bin) {
    return bin == 0 ? 0.5 : static_cast<double>(analysis::durationBinEdge(bin));
}

/// "10 µs" rather than "10.0 µs".
QString decadeText(double ns) {
    static constexpr std::array<const char*, 4> units{"ns", "µs", "ms", "s"};
    std::size_t unit = 0;
    while (ns >= 1000 && unit + 1 < units.size()) {
        ns /= 1000;
        ++unit;
    }
    return QStringLiteral("%1 %2").arg(ns, 0, 'f', 0).arg(QString::fromUtf8(units[unit]));
}

} // namespace

HistogramView::HistogramView(QWidget* parent)
    : QWidget(parent)
    , m_theme(themeOf(ThemeKind::Light)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HistogramView::setLine(const QString& title, const analysis::ReportLine& line,
                            std::optional<State> state) {
    m_title = title;
    m_line = line;
    m_state = state;
    const auto first = std::ranges::find_if(m_line.bins, [](auto count) { return count != 0; });
    if (first != m_line.bins.end()) {
        m_leastNs = edge(static_cast<std::size_t>(first - m_line.bins.begin()));
        m_mostNs = std::max(edge(m_line.bins.size()), m_leastNs * 4);
        if (m_mostNs < m_leastNs * 10) { // room on both sides of what is all alike
            const double middle = std::sqrt(m_leastNs * m_mostNs);
            m_leastNs = middle / 3.2;
            m_mostNs = middle * 3.2;
        }
    }
    setAccessibleName(m_title);
    setAccessibleDescription(tr("%1: median %2, 95 in 100 up to %3, 99 up to %4, longest %5")
                                 .arg(spanCountText(m_line.count), durationText(m_line.p50Ns),
                                      durationText(m_line.p95Ns), durationText(m_line.p99Ns),
                                      durationText(m_line.maximumNs)));
    update();
}

void HistogramView::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QRectF HistogramView::plot() const {
    const double line = fontMetrics().height();
    return QRectF(rect()).adjusted(2, line + 4 + kMarkRoomPx, -8, -line - 3);
}

double HistogramView::xOf(const QRectF& area, double ns) const {
    const double share =
        std::log(std::max(ns, m_leastNs) / m_leastNs) / std::log(m_mostNs / m_leastNs);
    return area.left() + std::min(share, 1.0) * area.width();
}

void HistogramView::paintAxis(QPainter& painter, const QRectF& area) const {
    painter.setPen(m_theme.mutedText);
    painter.drawLine(QLineF(area.left(), area.bottom() + 0.5, area.right(), area.bottom() + 0.5));
    double free = area.left() - 8; // right end of the label before
    for (double ns = std::pow(10, std::ceil(std::log10(m_leastNs))); ns <= m_mostNs; ns *= 10) {
        const double x = std::round(xOf(area, ns)) + 0.5;
        painter.setPen(m_theme.mutedText);
        painter.drawLine(QLineF(x, area.bottom(), x, area.bottom() + 4));
        const QString text = decadeText(ns);
        const double width = fontMetrics().horizontalAdvance(text);
        const double left = std::clamp(x - width / 2, 0.0, this->width() - width);
        if (left >= free + 8) {
            painter.setPen(m_theme.text);
            painter.drawText(QPointF(left, height() - fontMetrics().descent()), text);
            free = left + width;
        }
    }
}

void HistogramView::paintBins(QPainter& painter, const QRectF& area) const {
    const auto most = static_cast<double>(std::ranges::max(m_line.bins));
    const QColor fill = m_state ? m_theme.of(*m_state).fill : m_theme.accent;
    for (std::size_t bin = 0; bin < m_line.bins.size(); ++bin) {
        if (m_line.bins[bin] == 0) {
            continue;
        }
        const double left = std::round(xOf(area, edge(bin)));
        const double right = std::round(xOf(area, edge(bin + 1)));
        const double height =
            std::max(kLeastBarPx, area.height() * static_cast<double>(m_line.bins[bin]) / most);
        const QRectF bar(left, area.bottom() - height, std::max(1.0, right - left - 1), height);
        painter.fillRect(bar, fill);
        if (contrastRatio(fill, m_theme.background) < 3 && bar.width() >= 3) {
            painter.setPen(m_theme.outline);
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5));
        }
    }
}

void HistogramView::paintPercentiles(QPainter& painter, const QRectF& area) const {
    const std::array<std::pair<QString, Nanoseconds>, 3> marks{
        std::pair{QStringLiteral("p50 "), m_line.p50Ns},
        std::pair{QStringLiteral("p95 "), m_line.p95Ns},
        std::pair{QStringLiteral("p99 "), m_line.p99Ns}};
    double free = area.left() - 8;
    for (const auto& [name, ns] : marks) {
        const double x = std::round(xOf(area, static_cast<double>(ns))) + 0.5;
        painter.setPen(QPen(m_theme.text, 1, Qt::DashLine));
        painter.drawLine(QLineF(x, area.top() - 2, x, area.bottom()));
        const QString text = name + durationText(ns);
        const double width = fontMetrics().horizontalAdvance(text);
        const double left = std::clamp(x - width / 2, area.left(), area.right() - width);
        if (left >= free + 8) {
            painter.setPen(m_theme.mutedText);
            painter.drawText(QPointF(left, area.top() - 5), text);
            free = left + width;
        }
    }
}

void HistogramView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(m_theme.text);
    painter.drawText(QRect(2, 0, width() - 2, fontMetrics().height()),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(m_title, Qt::ElideRight, width() - 2));
    const QRectF area = plot();
    if (m_line.count == 0 || area.height() < 10) {
        return;
    }
    paintBins(painter, area);
    paintPercentiles(painter, area);
    paintAxis(painter, area);
}

QString HistogramView::tipAt(QPoint point) const {
    const QRectF area = plot();
    for (std::size_t bin = 0; bin < m_line.bins.size(); ++bin) {
        if (m_line.bins[bin] != 0 && point.x() >= xOf(area, edge(bin)) &&
            point.x() < xOf(area, edge(bin + 1))) {
            return tr("%1 to %2: %3")
                .arg(durationText(analysis::durationBinEdge(bin)),
                     durationText(analysis::durationBinEdge(bin + 1)),
                     spanCountText(m_line.bins[bin]));
        }
    }
    return {};
}

bool HistogramView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace interleave::ui
