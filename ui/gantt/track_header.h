// SPDX-License-Identifier: GPL-3.0-or-later
// TrackHeader: the row names of a GanttView as something to work with: a click folds a group or
// a row's levels, a drag moves a row or a group, the menu pins, hides and shows again. It
// watches the view's events left of the plot and draws its own marks there.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "ui/gantt/row_layout.h"
#include "ui/view_state/track_menu.h"

#include <QPointF>
#include <QPointer>
#include <optional>

class QKeyEvent;
class QMenu;
class QMouseEvent;
class QPainter;

namespace interleave::ui {

class GanttCanvas;
class GanttView;
struct GanttRow;

class TrackHeader : public QObject {
    Q_OBJECT

public:
    /// Belongs to the view and ends with it.
    TrackHeader(GanttView& view, ViewState& state);

    /// Opens the menu of the row at a point of the canvas, or of the selected span's.
    void showMenuAt(QPointF point);
    void showMenuOfSelection();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool canvasEvent(QEvent* event);
    bool viewEvent(QEvent* event);
    bool isOverNames(QPointF point) const;
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release();
    void click(const RowItem& item);
    void drop();
    bool canDropOn(const RowItem& target) const;
    TrackMenuSubject subjectOf(const RowItem& item) const;
    void openMenu(const TrackMenuSubject& subject, QPoint globalPoint);
    QString groupOf(const RowItem& item) const;
    void update();
    void paint(QPainter& painter) const;
    void paintRow(QPainter& painter, const GanttRow& row) const;
    void paintDrop(QPainter& painter) const;

    GanttView& m_view;
    GanttCanvas* m_canvas; // the view's: its last events come when the view itself is half gone
    ViewState& m_state;
    QPointer<QMenu> m_menu;
    std::optional<std::size_t> m_pressedRow;
    std::optional<std::size_t> m_targetRow; // while dragging
    QPointF m_pressedAt;
    bool m_isDragging = false;
};

} // namespace interleave::ui
