// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/track_header.h"

#include "ui/gantt/gantt_view.h"
#include "ui/gantt/state_highlight.h"
#include "ui/theme/plot_style.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kDragPx = 5; // less is a click with an unsteady hand
constexpr double kScrollEdgePx = 18;
constexpr double kScrollStepPx = 12;
constexpr double kFoldPx = 14; // a row's fold mark is clicked left of its name

/// Points down where things below are shown, else to the right.
void paintFoldMark(QPainter& painter, QPointF centre, bool isFolded, const QColor& colour) {
    constexpr double kHalf = 3.5;
    const QPolygonF mark = isFolded
                               ? QPolygonF({centre + QPointF(-2, -kHalf), centre + QPointF(2, 0),
                                            centre + QPointF(-2, kHalf)})
                               : QPolygonF({centre + QPointF(-kHalf, -2),
                                            centre + QPointF(kHalf, -2), centre + QPointF(0, 2)});
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(mark);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace

TrackHeader::TrackHeader(GanttView& view, ViewState& state)
    : QObject(&view)
    , m_view(view)
    , m_canvas(view.canvas())
    , m_state(state) {
    m_canvas->addOverlay([this](QPainter& painter) { paint(painter); });
    m_canvas->installEventFilter(this); // before the view's own
    view.installEventFilter(this);
    connect(&state, &ViewState::highlightedStateChanged, this, &TrackHeader::update);
}

void TrackHeader::update() {
    m_canvas->replotOverlay();
}

bool TrackHeader::isOverNames(QPointF point) const {
    const GanttGeometry& geometry = m_view.geometry();
    return m_state.recording() && point.x() < geometry.plot.left() &&
           point.y() >= geometry.plot.top();
}

QString TrackHeader::groupOf(const RowItem& item) const {
    const auto& groups = m_view.layout().tracks().groups;
    return item.kind != RowKind::Note && item.group < groups.size() ? groups[item.group].id
                                                                    : QString();
}

TrackMenuSubject TrackHeader::subjectOf(const RowItem& item) const {
    return {item.track, groupOf(item)};
}

bool TrackHeader::eventFilter(QObject* watched, QEvent* event) {
    return watched == m_canvas ? canvasEvent(event) : viewEvent(event);
}

bool TrackHeader::canvasEvent(QEvent* event) {
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick: {
        const auto& mouse = *static_cast<QMouseEvent*>(event);
        if (!isOverNames(mouse.position()) ||
            (mouse.button() != Qt::LeftButton && mouse.button() != Qt::RightButton)) {
            return false;
        }
        m_view.setFocus(Qt::MouseFocusReason);
        if (mouse.button() == Qt::LeftButton) {
            press(mouse);
        }
        return true;
    }
    case QEvent::MouseMove:
        if (m_pressedRow) {
            move(*static_cast<QMouseEvent*>(event));
            return true;
        }
        return false;
    case QEvent::MouseButtonRelease:
        if (m_pressedRow) {
            release();
            return true;
        }
        return false;
    case QEvent::ContextMenu: {
        const auto& menu = *static_cast<QContextMenuEvent*>(event);
        if (!isOverNames(menu.pos())) {
            return false;
        }
        showMenuAt(menu.pos());
        return true;
    }
    default:
        return false;
    }
}

bool TrackHeader::viewEvent(QEvent* event) {
    if (event->type() == QEvent::ContextMenu) {
        if (static_cast<QContextMenuEvent*>(event)->reason() != QContextMenuEvent::Keyboard) {
            return false;
        }
        showMenuOfSelection();
        return true;
    }
    if (event->type() != QEvent::KeyPress || !m_state.recording()) {
        return false;
    }
    const auto& key = *static_cast<QKeyEvent*>(event);
    const bool isMenu = key.key() == Qt::Key_Menu ||
                        (key.key() == Qt::Key_F10 && key.modifiers() == Qt::ShiftModifier);
    if (isMenu) {
        showMenuOfSelection();
        return true;
    }
    const bool isMove = key.modifiers() == (Qt::ControlModifier | Qt::ShiftModifier) &&
                        (key.key() == Qt::Key_Up || key.key() == Qt::Key_Down);
    if (isMove && m_state.selectedSpan()) {
        const SpanRef span = *m_state.selectedSpan();
        moveTrackBy(m_state, span.track, key.key() == Qt::Key_Up ? -1 : 1);
        m_view.reveal(span);
    }
    return isMove;
}

void TrackHeader::press(const QMouseEvent& event) {
    const GanttRow* row = m_view.geometry().rowAt(event.position().y());
    m_pressedRow = row != nullptr ? std::optional(row->index) : std::nullopt;
    m_pressedAt = event.position();
    m_isDragging = false;
}

bool TrackHeader::canDropOn(const RowItem& target) const {
    const RowItem& moved = m_view.layout().at(*m_pressedRow);
    if (target.kind == RowKind::Note || moved.kind == RowKind::Note) {
        return false;
    }
    if (moved.kind == RowKind::Heading) {
        return !moved.isPinned && !target.isPinned;
    }
    return target.group == moved.group || target.isPinned || moved.isPinned;
}

void TrackHeader::move(const QMouseEvent& event) {
    const QPointF at = event.position();
    m_isDragging = m_isDragging || std::abs(at.y() - m_pressedAt.y()) >= kDragPx;
    if (!m_isDragging) {
        return;
    }
    const QRectF plot = m_view.geometry().plot;
    if (at.y() < plot.top() + kScrollEdgePx) {
        m_view.scrollRowsBy(-kScrollStepPx);
    } else if (at.y() > plot.bottom() - kScrollEdgePx) {
        m_view.scrollRowsBy(kScrollStepPx);
    }
    const GanttRow* row =
        m_view.geometry().rowAt(std::clamp(at.y(), plot.top(), plot.bottom() - 1));
    const bool canDrop = row != nullptr && row->index < m_view.layout().size() &&
                         canDropOn(m_view.layout().at(row->index));
    m_targetRow = canDrop ? std::optional(row->index) : std::nullopt;
    m_view.canvas()->setCursor(canDrop ? Qt::ClosedHandCursor : Qt::ForbiddenCursor);
    update();
}

void TrackHeader::release() {
    const std::size_t pressed = *m_pressedRow;
    if (m_isDragging) {
        m_view.canvas()->unsetCursor();
        drop();
    } else if (pressed < m_view.layout().size()) {
        click(m_view.layout().at(pressed));
    }
    m_pressedRow.reset();
    m_targetRow.reset();
    m_isDragging = false;
    update();
}

void TrackHeader::click(const RowItem& item) {
    TrackArrangement tracks = m_state.tracks();
    if (item.kind == RowKind::Note) {
        tracks.hidden.clear();
        tracks.filter.clear();
    } else if (item.kind == RowKind::Heading) {
        tracks.setFolded(groupOf(item), !item.isFolded);
    } else if (item.trackLaneCount > 1 && m_pressedAt.x() < kFoldPx) {
        const bool hasMore = item.laneCount < item.trackLaneCount;
        tracks.setLaneView(keyOf(m_state.recording()->track(item.track)),
                           item.lanes == LaneView::One ? LaneView::Some
                           : hasMore                   ? LaneView::All
                                                       : LaneView::One);
    }
    m_state.setTracks(std::move(tracks));
}

void TrackHeader::drop() {
    const RowLayout& layout = m_view.layout();
    if (!m_targetRow || *m_targetRow >= layout.size() || *m_pressedRow >= layout.size()) {
        return;
    }
    const RowItem moved = layout.at(*m_pressedRow);
    const RowItem target = layout.at(*m_targetRow);
    const recording::Recording& recording = *m_state.recording();
    TrackArrangement tracks = m_state.tracks();
    if (moved.kind == RowKind::Heading) {
        moveGroup(tracks, recording, m_state.grouping(), groupOf(moved), groupOf(target));
    } else {
        const TrackKey key = keyOf(recording.track(moved.track));
        if (target.isPinned != moved.isPinned) {
            tracks.setPinned(key, target.isPinned);
        }
        if (!target.track.isNone() && target.group == moved.group) {
            moveTrack(tracks, recording, m_state.grouping(), groupOf(moved), key,
                      keyOf(recording.track(target.track)));
        } else if (!target.track.isNone() && target.isPinned) {
            moveTrack(tracks, recording, m_state.grouping(), kPinnedGroup, key,
                      keyOf(recording.track(target.track)));
        }
    }
    m_state.setTracks(std::move(tracks));
}

void TrackHeader::openMenu(const TrackMenuSubject& subject, QPoint globalPoint) {
    if (m_menu || !m_state.recording()) { // the Menu key comes as a key and as an event
        return;
    }
    m_menu = new QMenu(&m_view);
    m_menu->setAttribute(Qt::WA_DeleteOnClose);
    fillTrackMenu(*m_menu, m_state, subject);
    m_menu->popup(globalPoint);
}

void TrackHeader::showMenuAt(QPointF point) {
    const GanttRow* row = m_view.geometry().rowAt(point.y());
    const TrackMenuSubject subject = row != nullptr && row->index < m_view.layout().size()
                                         ? subjectOf(m_view.layout().at(row->index))
                                         : TrackMenuSubject{};
    openMenu(subject, m_view.canvas()->mapToGlobal(point.toPoint()));
}

void TrackHeader::showMenuOfSelection() {
    const GanttGeometry& geometry = m_view.geometry();
    const GanttRow* row =
        m_state.selectedSpan() ? geometry.rowOf(m_state.selectedSpan()->track) : nullptr;
    if (row == nullptr) { // else the first track in sight
        for (const GanttRow& each : geometry.rows) {
            if (!each.isHeading) {
                row = &each;
                break;
            }
        }
    }
    if (row == nullptr && !geometry.rows.empty()) {
        row = &geometry.rows.front();
    }
    const QPointF at = row != nullptr ? QPointF(geometry.plot.left() / 2, row->rect.center().y())
                                      : geometry.plot.topLeft() - QPointF(20, 0);
    showMenuAt(at);
}

void TrackHeader::paintRow(QPainter& painter, const GanttRow& row) const {
    const RowItem& item = m_view.layout().at(row.index);
    const Theme& theme = m_state.theme();
    const QPointF mark(5.5, std::round(row.rect.center().y()) + 0.5);
    if (item.kind == RowKind::Heading) {
        paintFoldMark(painter, mark, item.isFolded, theme.mutedText);
    } else if (item.kind == RowKind::Track && item.trackLaneCount > 1) {
        const bool hasMore = item.laneCount < item.trackLaneCount;
        paintFoldMark(painter, mark + QPointF(3, 0), hasMore, theme.accent);
        if (hasMore && row.rect.height() >= kScrolledRowPx + kLanePx) {
            painter.setFont(theme.font(kSmallPx));
            painter.setPen(theme.mutedText);
            const QRectF room(16, row.rect.bottom() - 16, m_view.geometry().plot.left() - 24, 14);
            painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                             tr("%1 of %2 levels").arg(item.laneCount).arg(item.trackLaneCount));
        }
    }
    if (item.isPinned) {
        painter.fillRect(QRectF(0, row.rect.top(), 2, row.rect.height()), theme.accent);
        if (row.index + 1 == m_view.layout().pinnedRowCount()) {
            painter.fillRect(QRectF(0, row.rect.bottom() - 1, row.rect.width(), 1), theme.accent);
        }
    }
}

void TrackHeader::paintDrop(QPainter& painter) const {
    if (!m_isDragging || !m_targetRow || !m_pressedRow) {
        return;
    }
    for (const GanttRow& row : m_view.geometry().rows) {
        if (row.index == *m_targetRow) {
            const bool isDown = *m_targetRow > *m_pressedRow;
            const double y = isDown ? row.rect.bottom() - 1 : row.rect.top() - 1;
            painter.fillRect(QRectF(0, y, m_view.geometry().plot.left(), 3),
                             m_state.theme().accent);
        }
    }
}

void TrackHeader::paint(QPainter& painter) const {
    if (!m_state.recording()) {
        return;
    }
    const GanttGeometry& geometry = m_view.geometry();
    if (m_state.highlightedState()) {
        paintStateHighlight(painter, geometry, *m_state.highlightedState(), m_state.theme());
    }
    painter.save();
    painter.setClipRect(
        QRectF(0, geometry.plot.top(), geometry.size.width(), geometry.plot.height()));
    for (const GanttRow& row : geometry.rows) {
        if (row.index < m_view.layout().size()) {
            paintRow(painter, row);
        }
    }
    paintDrop(painter);
    painter.restore();
}

} // namespace interleave::ui
