// SPDX-License-Identifier: GPL-3.0-or-later
// StateTotalsView: painted by hand with the swatches of the legend.
#include "ui/panels/state_totals_view.h"

#include "ui/panels/legend_panel.h"
#include "ui/theme/hatch.h"
#include "ui/theme/text.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kColumnPx = 205;
constexpr int kBarPx = 16;
constexpr int kGapPx = 6;
constexpr int kLineGapPx = 3;

} // namespace

StateTotalsView::StateTotalsView(QWidget* parent)
    : QWidget(parent)
    , m_theme(themeOf(ThemeKind::Light)) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void StateTotalsView::setTotals(const QString& title, const analysis::StateTotals& totals) {
    m_title = title;
    m_totals = totals;
    setAccessibleName(title);
    setAccessibleDescription(lines().join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void StateTotalsView::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

std::vector<State> StateTotalsView::occurring() const {
    std::vector<State> result;
    for (std::size_t i = 0; i < m_totals.ns.size(); ++i) {
        if (m_totals.ns[i] > 0) {
            result.push_back(static_cast<State>(i));
        }
    }
    return result;
}

QStringList StateTotalsView::lines() const {
    const double total = static_cast<double>(std::max<Nanoseconds>(1, m_totals.total()));
    QStringList result;
    for (const State state : occurring()) {
        const Nanoseconds ns = m_totals.ns[static_cast<std::size_t>(state)];
        const double percent = 100.0 * static_cast<double>(ns) / total;
        result << tr("%1 %2 (%3 %)")
                      .arg(labelOf(state), durationText(ns),
                           locale().toString(percent, 'f', percent < 9.95 ? 1 : 0));
    }
    return result;
}

QSize StateTotalsView::sizeHint() const {
    return {2 * kColumnPx, heightForWidth(2 * kColumnPx)};
}

int StateTotalsView::heightForWidth(int width) const {
    const int columns = std::max(1, width / kColumnPx);
    const int rows = (static_cast<int>(occurring().size()) + columns - 1) / columns;
    const int line = fontMetrics().height();
    return line + kGapPx + (rows > 0 ? kBarPx + kGapPx : 0) + rows * (line + kLineGapPx);
}

void StateTotalsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int line = fontMetrics().height();
    painter.setPen(m_theme.text);
    painter.drawText(QRect(0, 0, width(), line), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    const std::vector<State> states = occurring();
    if (states.empty()) {
        return;
    }
    const double total = static_cast<double>(m_totals.total());
    double x = 0;
    const double top = line + kGapPx;
    const double widthPx = std::min(width(), 4 * kColumnPx) - 1;
    for (const State state : states) {
        const double part =
            widthPx * static_cast<double>(m_totals.ns[static_cast<std::size_t>(state)]) / total;
        const QRectF rect(x, top, part, kBarPx);
        painter.fillRect(rect, m_theme.of(state).fill);
        x += part;
    }
    painter.setPen(m_theme.outline);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(0.5, top + 0.5, widthPx, kBarPx - 1));

    const int columns = std::max(1, width() / kColumnPx);
    const QStringList texts = lines();
    for (std::size_t i = 0; i < states.size(); ++i) {
        const int column = static_cast<int>(i) % columns;
        const int row = static_cast<int>(i) / columns;
        const int left = column * kColumnPx;
        const int y = static_cast<int>(top) + kBarPx + kGapPx + row * (line + kLineGapPx);
        drawStateSwatch(painter, QRectF(left + 0.5, y + (line - 12) / 2.0, 24, 12), states[i],
                        m_theme);
        painter.setPen(m_theme.text);
        painter.drawText(QRect(left + 30, y, kColumnPx - 32, line),
                         Qt::AlignLeft | Qt::AlignVCenter, texts[static_cast<qsizetype>(i)]);
    }
}

} // namespace interleave::ui
