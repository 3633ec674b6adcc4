// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/finish_line_axis.h"

#include "ui/chart/time_scale.h"
#include "ui/theme/contrast.h"
#include "ui/theme/text.h"

#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr int kAxisSteps = 500; // of the whole axis: what a drag can tell apart
constexpr int kSidePx = 14;
constexpr double kAxisRulerPx = 22;
constexpr double kAxisRowPx = 18;
constexpr int kAxisTextPx = 12;
constexpr double kPillPx = 18;

} // namespace

FinishLineAxis::FinishLineAxis(QWidget* parent)
    : QAbstractSlider(parent)
    , m_theme(themeOf(ThemeKind::Light)) {
    setOrientation(Qt::Horizontal);
    setRange(0, kAxisSteps);
    setSingleStep(kAxisSteps / 100);
    setPageStep(kAxisSteps / 10);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SizeHorCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setAccessibleName(tr("Finish line"));
    connect(this, &QAbstractSlider::actionTriggered, this, [this] {
        putFlag(m_lengthNs * sliderPosition() / kAxisSteps);
        Q_EMIT flagMoved(*m_flagNs);
    });
    describe();
}

void FinishLineAxis::setLength(Nanoseconds lengthNs) {
    m_lengthNs = std::max<Nanoseconds>(1000, lengthNs);
    if (m_flagNs) {
        putFlag(*m_flagNs);
    }
    update();
}

void FinishLineAxis::setFlag(std::optional<Nanoseconds> timeNs) {
    if (timeNs) {
        putFlag(*timeNs);
    } else {
        m_flagNs.reset();
        describe();
        update();
    }
}

void FinishLineAxis::putFlag(Nanoseconds timeNs) {
    m_flagNs = std::max<Nanoseconds>(0, timeNs);
    while (*m_flagNs > m_lengthNs) {
        m_lengthNs *= 2;
    }
    const QSignalBlocker silent(this); // the flag is more exact than the steps
    setValue(static_cast<int>(std::lround(static_cast<double>(*m_flagNs) * kAxisSteps /
                                          static_cast<double>(m_lengthNs))));
    describe();
    update();
}

void FinishLineAxis::describe() {
    setAccessibleDescription(m_flagNs ? durationText(*m_flagNs)
                                      : tr("Nothing predicted yet; the arrow keys move it"));
}

void FinishLineAxis::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QRectF FinishLineAxis::plot() const {
    return QRectF(rect()).adjusted(kSidePx, kAxisRulerPx, -kSidePx, -1);
}

chart::TimeScale FinishLineAxis::scale() const {
    return {{0, m_lengthNs}, plot().left(), plot().width()};
}

void FinishLineAxis::moveTo(double x) {
    const double step = static_cast<double>(m_lengthNs) / kAxisSteps;
    const double time =
        static_cast<double>(scale().timeAt(std::clamp(x, plot().left(), plot().right())));
    putFlag(static_cast<Nanoseconds>(std::round(std::round(time / step) * step)));
    Q_EMIT flagMoved(*m_flagNs);
}

void FinishLineAxis::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        setSliderDown(true);
        moveTo(event->position().x());
    }
}

void FinishLineAxis::mouseMoveEvent(QMouseEvent* event) {
    if (isSliderDown()) {
        moveTo(event->position().x());
    }
}

void FinishLineAxis::mouseReleaseEvent(QMouseEvent*) {
    setSliderDown(false);
}

void FinishLineAxis::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(m_theme.font(kAxisTextPx));
    painter.fillRect(rect(), m_theme.panel);
    paintRows(painter);
    paintRuler(painter);
    paintFlag(painter);
    painter.setPen(hasFocus() ? QPen(m_theme.accent, 2) : QPen(m_theme.grid, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void FinishLineAxis::paintRows(QPainter& painter) const {
    const QRectF area = plot();
    painter.fillRect(area, m_theme.background);
    for (double y = area.top() + kAxisRowPx; y < area.bottom(); y += 2 * kAxisRowPx) {
        painter.fillRect(
            QRectF(area.left(), y, area.width(), std::min(kAxisRowPx, area.bottom() - y)),
            m_theme.alternateRow);
    }
}

void FinishLineAxis::paintRuler(QPainter& painter) const {
    const chart::TimeScale axis = scale();
    const QFontMetricsF metrics(painter.font());
    double free = 0;
    for (const chart::Tick& tick : chart::timeTicks(axis, 70)) {
        const double x = std::round(axis.xOf(static_cast<Nanoseconds>(tick.position))) + 0.5;
        painter.setPen(m_theme.grid);
        painter.drawLine(QLineF(x, plot().top(), x, plot().bottom()));
        const double width = metrics.horizontalAdvance(tick.label);
        const double left = std::clamp(x - width / 2, 2.0, rect().width() - width - 2);
        if (left >= free) {
            painter.setPen(m_theme.mutedText);
            painter.drawText(QRectF(left, 2, width + 1, kAxisRulerPx - 4), Qt::AlignCenter,
                             tick.label);
            free = left + width + 8;
        }
    }
}

void FinishLineAxis::paintFlag(QPainter& painter) const {
    if (!m_flagNs) {
        painter.setPen(m_theme.mutedText);
        painter.drawText(plot(), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Drag the finish line to where the run will end"));
        return;
    }
    const double x = std::round(scale().xOf(*m_flagNs)) + 0.5;
    painter.setPen(QPen(m_theme.accent, 2, isEnabled() ? Qt::SolidLine : Qt::DashLine));
    painter.drawLine(QLineF(x, plot().top(), x, plot().bottom()));
    const QString text = durationText(*m_flagNs);
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 14;
    const bool fitsRight = x + width < rect().width() - 2;
    const QRectF pill(fitsRight ? x : x - width, plot().top() + 4, width, kPillPx);
    painter.fillRect(pill, m_theme.accent);
    painter.setPen(inkOn(m_theme.accent));
    painter.drawText(pill, Qt::AlignCenter, text);
}

} // namespace interleave::ui
