// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_mouse.h"

#include "ui/gantt/gantt_view.h"

#include <QCursor>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kDragPx = 4; // less is a click with an unsteady hand
constexpr double kZoomPerNotch = 0.8;
constexpr double kPanPerNotch = 0.12;
constexpr double kRowsPerNotchPx = 66;
constexpr double kMergedZoom = 0.125;

} // namespace

void GanttMouse::press(const QMouseEvent& event) {
    if (event.button() == Qt::BackButton) {
        m_state.goBack();
        return;
    }
    if (event.button() == Qt::ForwardButton) {
        m_state.goForward();
        return;
    }
    const GanttGeometry& geometry = m_view.geometry();
    const QPointF at = event.position();
    if (!m_state.recording() || at.x() < geometry.plot.left()) {
        return;
    }
    const bool isOnRuler = at.y() < geometry.plot.top();
    const bool isMeasuring = isOnRuler || event.modifiers().testFlag(Qt::ShiftModifier);
    m_pressedAt = m_lastAt = at;
    m_pressedNs = geometry.timeAt(at.x());
    m_visibleAtPress = m_state.visible();
    m_hasMoved = false;
    if (event.button() == Qt::MiddleButton || (event.button() == Qt::LeftButton && m_isSpaceHeld)) {
        m_drag = Drag::Pan;
        m_hasSpacePanned = m_isSpaceHeld;
    } else if (event.button() == Qt::LeftButton) {
        m_drag = isMeasuring ? Drag::Ruler : Drag::Range;
    }
    updateCursor(at);
}

void GanttMouse::updateCursor(QPointF at) {
    const GanttGeometry& geometry = m_view.geometry();
    const bool isOnRuler = at.y() < geometry.plot.top() && at.x() >= geometry.plot.left();
    if (m_drag == Drag::Pan) {
        m_view.canvas()->setCursor(Qt::ClosedHandCursor);
    } else if (m_isSpaceHeld) {
        m_view.canvas()->setCursor(Qt::OpenHandCursor);
    } else if (isOnRuler || m_drag == Drag::Ruler) {
        m_view.canvas()->setCursor(Qt::CrossCursor);
    } else {
        m_view.canvas()->unsetCursor();
    }
}

void GanttMouse::setSpaceHeld(bool isHeld) {
    m_hasSpacePanned = m_hasSpacePanned && isHeld;
    m_isSpaceHeld = isHeld;
    updateCursor(m_view.canvas()->mapFromGlobal(QPointF(QCursor::pos())));
}

TimeRange GanttMouse::draggedRange(QPointF to) const {
    const GanttGeometry& geometry = m_view.geometry();
    const double x = std::clamp(to.x(), geometry.plot.left(), geometry.plot.right());
    const Nanoseconds now = geometry.timeAt(x);
    const auto [begin, end] = std::minmax(m_pressedNs, now);
    return {begin, end};
}

void GanttMouse::pan(QPointF to) {
    const double width = m_view.geometry().plot.width();
    const double nsPerPx = static_cast<double>(m_visibleAtPress.durationNs()) / width;
    const auto moved = static_cast<Nanoseconds>((m_pressedAt.x() - to.x()) * nsPerPx);
    m_state.setVisible({m_visibleAtPress.beginNs + moved, m_visibleAtPress.endNs + moved},
                       ViewState::Move::Step);
    m_view.scrollRowsBy(m_lastAt.y() - to.y());
    m_lastAt = to;
}

void GanttMouse::move(const QMouseEvent& event) {
    const QPointF at = event.position();
    const GanttGeometry& geometry = m_view.geometry();
    const bool isOverTime = m_state.recording() && at.x() >= geometry.plot.left();
    m_state.setHoverTimeNs(isOverTime ? std::optional(geometry.timeAt(at.x())) : std::nullopt);
    if (m_drag == Drag::None) {
        updateCursor(at);
        return;
    }
    m_hasMoved = m_hasMoved || (at - m_pressedAt).manhattanLength() >= kDragPx;
    if (!m_hasMoved) {
        return;
    }
    switch (m_drag) {
    case Drag::Range:
        m_state.setSelectedRange(draggedRange(at));
        break;
    case Drag::Ruler:
        m_state.setMeasuredRange(draggedRange(at));
        break;
    case Drag::Pan:
        pan(at);
        break;
    case Drag::None:
        break;
    }
}

void GanttMouse::release(const QMouseEvent& event) {
    const Drag drag = std::exchange(m_drag, Drag::None);
    updateCursor(event.position());
    if (m_hasMoved || drag == Drag::None || drag == Drag::Pan) {
        return;
    }
    if (drag == Drag::Ruler) {
        m_state.setMeasuredRange(std::nullopt);
        return;
    }
    m_state.setSelectedRange(std::nullopt);
    m_state.setMomentNs(m_pressedNs);
    m_state.setSelectedSpan(m_view.spanAt(event.position()));
}

void GanttMouse::doubleClick(const QMouseEvent& event) {
    const QPointF at = event.position();
    if (event.button() != Qt::LeftButton || !m_state.recording() ||
        at.x() < m_view.geometry().plot.left()) {
        return;
    }
    if (const GanttBar* bar = m_view.geometry().barAt(at)) {
        const SpanRef span = bar->span; // the geometry changes with the selection
        m_state.setSelectedSpan(span);
        m_state.zoomTo(m_state.selectedSpanValue()->range);
    } else {
        m_state.zoomAt(m_view.geometry().timeAt(at.x()), kMergedZoom);
    }
}

void GanttMouse::wheel(const QWheelEvent& event) {
    // With Alt held, and on some platforms with Shift, the vertical wheel reports itself as x.
    const QPoint delta = event.angleDelta();
    const double notches = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
    const GanttGeometry& geometry = m_view.geometry();
    if (event.modifiers().testFlag(Qt::ControlModifier)) {
        const double x =
            std::clamp(event.position().x(), geometry.plot.left(), geometry.plot.right());
        m_state.zoomAt(geometry.timeAt(x), std::pow(kZoomPerNotch, notches));
    } else if (event.modifiers().testFlag(Qt::ShiftModifier) || delta.y() == 0) {
        m_state.panBy(-notches * kPanPerNotch);
    } else {
        m_view.scrollRowsBy(-notches * kRowsPerNotchPx);
    }
}

void GanttMouse::leave() {
    m_state.setHoverTimeNs(std::nullopt);
}

} // namespace interleave::ui
