// SPDX-License-Identifier: GPL-3.0-or-later
// GanttMouse: what pressing, dragging and turning the wheel over the rows mean. Left selects a span
// or a range, with Shift (or on the ruler) it measures, the middle button or Space held pans;
// Ctrl+wheel zooms at the pointer, Shift+wheel goes along time, the plain wheel scrolls rows.
#pragma once

#include "ui/view_state/view_state.h"

#include <QPointF>

class QMouseEvent;
class QWheelEvent;

namespace interleave::ui {

class GanttView;

class GanttMouse {
public:
    GanttMouse(GanttView& view, ViewState& state)
        : m_view(view)
        , m_state(state) {}

    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    void doubleClick(const QMouseEvent& event);
    void wheel(const QWheelEvent& event);
    void leave();
    /// While the space bar is held the left button pans.
    void setSpaceHeld(bool isHeld);
    /// Whether it was used for that since it was pressed.
    bool hasSpacePanned() const { return m_hasSpacePanned; }

private:
    enum class Drag : std::uint8_t { None, Range, Ruler, Pan };

    TimeRange draggedRange(QPointF to) const;
    void pan(QPointF to);
    void updateCursor(QPointF at);

    GanttView& m_view;
    ViewState& m_state;
    Drag m_drag = Drag::None;
    QPointF m_pressedAt;
    QPointF m_lastAt;
    Nanoseconds m_pressedNs = 0;
    TimeRange m_visibleAtPress;
    bool m_hasMoved = false;
    bool m_isSpaceHeld = false;
    bool m_hasSpacePanned = false;
};

} // namespace interleave::ui
