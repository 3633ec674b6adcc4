// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/scrubber.h"

#include "ui/theme/text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr int kSteps = 10'000; // what assistive technology can tell apart
constexpr double kKnobPx = 6;
constexpr double kBookmarkReachPx = 4;

} // namespace

Scrubber::Scrubber(ReplayPlayer& player, QWidget* parent)
    : QAbstractSlider(parent)
    , m_player(player) {
    setOrientation(Qt::Horizontal);
    setRange(0, kSteps);
    setSingleStep(kSteps / 200);
    setPageStep(kSteps / 20);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Moment of the replay"));
    connect(&player, &ReplayPlayer::changed, this, &Scrubber::follow);
    connect(this, &QAbstractSlider::valueChanged, this, [this](int value) {
        if (const ViewState* state = m_player.viewState()) {
            const TimeRange all = state->extent();
            m_player.moveTo(
                all.beginNs +
                static_cast<Nanoseconds>(static_cast<double>(all.durationNs()) * value / kSteps));
        }
    });
    follow();
}

void Scrubber::follow() {
    const ViewState* state = m_player.viewState();
    setEnabled(m_player.canPlay());
    if (state != nullptr && m_player.canPlay()) {
        const QSignalBlocker silent(this); // the cursor is more exact than the steps
        const TimeRange all = state->extent();
        setValue(
            static_cast<int>(std::lround(static_cast<double>(m_player.cursorNs() - all.beginNs) *
                                         kSteps / static_cast<double>(all.durationNs()))));
        setAccessibleDescription(durationText(m_player.cursorNs()));
    }
    update();
}

QRectF Scrubber::line() const {
    return QRectF(rect()).adjusted(kKnobPx + 2, height() / 2.0 - 2, -kKnobPx - 2,
                                   -(height() / 2.0) + 2);
}

double Scrubber::xOf(Nanoseconds when) const {
    const TimeRange all = m_player.viewState()->extent();
    const double share = static_cast<double>(when - all.beginNs) /
                         static_cast<double>(std::max<Nanoseconds>(1, all.durationNs()));
    return line().left() + std::clamp(share, 0.0, 1.0) * line().width();
}

Nanoseconds Scrubber::timeAt(double x) const {
    const TimeRange all = m_player.viewState()->extent();
    const double share = std::clamp((x - line().left()) / std::max(1.0, line().width()), 0.0, 1.0);
    return all.beginNs + static_cast<Nanoseconds>(share * static_cast<double>(all.durationNs()));
}

QString Scrubber::textAt(double x) const {
    if (!m_player.canPlay()) {
        return tr("Nothing is recorded yet");
    }
    for (const Mark& mark : m_player.viewState()->marks()) {
        if (std::abs(xOf(mark.timeNs) - x) <= kBookmarkReachPx) {
            const QString time = durationText(mark.timeNs);
            return mark.note.isEmpty() ? tr("Bookmark %1 at %2").arg(mark.label, time)
                                       : tr("%1: %2").arg(time, mark.note);
        }
    }
    return tr("%1: drag to move through the run").arg(durationText(timeAt(x)));
}

bool Scrubber::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto& help = static_cast<const QHelpEvent&>(*event);
        QToolTip::showText(help.globalPos(), textAt(help.pos().x()), this);
        return true;
    }
    return QAbstractSlider::event(event);
}

void Scrubber::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar = line();
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Mid));
    painter.drawRoundedRect(bar, 2, 2);
    if (!m_player.canPlay()) {
        return;
    }
    const Theme& theme = m_player.viewState()->theme();
    const auto part = [&](TimeRange range, double grow) {
        const double left = xOf(range.beginNs);
        return QRectF(left, bar.top() - grow, std::max(2.0, xOf(range.endNs) - left),
                      bar.height() + 2 * grow);
    };
    if (m_player.isLooping()) {
        painter.setBrush(theme.selectionFill);
        painter.drawRect(part(m_player.playedRange(), 6));
        painter.setBrush(theme.accent);
        for (const Nanoseconds edge :
             {m_player.playedRange().beginNs, m_player.playedRange().endNs}) {
            painter.drawRect(QRectF(xOf(edge) - 1, bar.top() - 6, 2, bar.height() + 12));
        }
    }
    painter.setBrush(theme.accent);
    painter.drawRoundedRect(part({m_player.viewState()->extent().beginNs, m_player.cursorNs()}, 0),
                            2, 2);
    for (const Mark& mark : m_player.viewState()->marks()) {
        const double x = xOf(mark.timeNs);
        painter.setBrush(theme.selection);
        painter.drawPolygon(QPolygonF{QPointF(x - 4, 1), QPointF(x + 4, 1), QPointF(x + 4, 8),
                                      QPointF(x, 5.5), QPointF(x - 4, 8)}); // a ribbon
    }
    painter.setBrush(theme.background);
    painter.setPen(QPen(theme.accent, hasFocus() ? 3 : 2));
    painter.drawEllipse(QPointF(xOf(m_player.cursorNs()), bar.center().y()), kKnobPx, kKnobPx);
}

void Scrubber::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && m_player.canPlay()) {
        setSliderDown(true);
        m_player.moveTo(timeAt(event->position().x()));
    }
}

void Scrubber::mouseMoveEvent(QMouseEvent* event) {
    if (isSliderDown()) {
        m_player.moveTo(timeAt(event->position().x()));
    }
}

void Scrubber::mouseReleaseEvent(QMouseEvent*) {
    setSliderDown(false);
}

/// Arrows and pages move the cursor; Home and End mean here what they mean in the replay.
void Scrubber::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Home || event->key() == Qt::Key_End) {
        event->ignore();
        return;
    }
    QAbstractSlider::keyPressEvent(event);
}

} // namespace interleave::ui
