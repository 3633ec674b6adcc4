// SPDX-License-Identifier: GPL-3.0-or-later
// TopologyCanvas: mouse, wheel, keys, and what they select.
#include "ui/gantt/span_search.h"
#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_text.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

using analysis::NodeKind;
using recording::TrackKind;

namespace {

constexpr double kZoomPerNotch = 1.2;
constexpr double kReachPx = 2; // around a message, which is small

} // namespace

std::optional<std::uint32_t> TopologyCanvas::nodeAt(QPointF position) {
    const auto& nodes = layout().nodes;
    const auto found =
        std::ranges::find_if(nodes, [&](const QRectF& node) { return node.contains(position); });
    return found == nodes.end() ? std::nullopt
                                : std::optional(static_cast<std::uint32_t>(found - nodes.begin()));
}

std::uint32_t TopologyCanvas::messageAt(QPointF position) const {
    for (auto placed = m_placed.rbegin(); placed != m_placed.rend(); ++placed) {
        if (placed->rect.adjusted(-kReachPx, -kReachPx, kReachPx, kReachPx).contains(position)) {
            return placed->message;
        }
    }
    return 0;
}

QString TopologyCanvas::textAt(QPointF viewportPosition) {
    if (!m_model || m_model->isEmpty()) {
        return {};
    }
    const QPointF position = inLayout(viewportPosition);
    if (const std::uint32_t message = messageAt(position); message != 0) {
        return messageText(*m_model, message, momentNs());
    }
    for (const PlacedKeys& keys : layout().keys) {
        if (keys.rect.contains(position)) {
            return keysText(*m_model, keys.edge);
        }
    }
    const auto node = nodeAt(position);
    return node ? nodeText(*m_model, *node, momentNs()) : QString();
}

bool TopologyCanvas::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto& help = static_cast<const QHelpEvent&>(*event);
        QToolTip::showText(help.globalPos(), textAt(help.pos()), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TopologyCanvas::mousePressEvent(QMouseEvent* event) {
    m_pressedAt = event->position();
    m_scrolledAt = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
    m_hasMoved = false;
}

void TopologyCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF moved = event->position() - m_pressedAt;
    if (event->buttons() == Qt::NoButton) {
        const QPointF position = inLayout(event->position());
        const bool isOverSomething =
            m_model && !m_model->isEmpty() && (messageAt(position) != 0 || nodeAt(position));
        viewport()->setCursor(isOverSomething ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    m_hasMoved = m_hasMoved || moved.manhattanLength() >= QApplication::startDragDistance();
    if (m_hasMoved) {
        horizontalScrollBar()->setValue(m_scrolledAt.x() - static_cast<int>(moved.x()));
        verticalScrollBar()->setValue(m_scrolledAt.y() - static_cast<int>(moved.y()));
    }
}

void TopologyCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !m_hasMoved && m_model && !m_model->isEmpty()) {
        select(event->position());
    }
}

void TopologyCanvas::wheelEvent(QWheelEvent* event) {
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        const QPointF at = event->position();
        const QPointF under = inLayout(at);
        zoomBy(std::pow(kZoomPerNotch, event->angleDelta().y() / 120.0));
        const QPointF now = placeOf({under, QSizeF(1, 1)}).topLeft();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + int(now.x() - at.x()));
        verticalScrollBar()->setValue(verticalScrollBar()->value() + int(now.y() - at.y()));
        event->accept();
        return;
    }
    QAbstractScrollArea::wheelEvent(event);
}

void TopologyCanvas::select(QPointF viewportPosition) {
    const QPointF position = inLayout(viewportPosition);
    if (const std::uint32_t message = messageAt(position); message != 0) {
        selectMessage(message);
    } else if (const auto node = nodeAt(position)) {
        selectNode(*node);
    } else {
        m_message = 0;
        setCurrentNode(std::nullopt);
        m_state.setSelectedSpan(std::nullopt);
    }
}

void TopologyCanvas::selectNode(std::uint32_t node) {
    m_message = 0;
    const analysis::TopologyNode& it = m_model->topology().nodes[node];
    if (it.kind == NodeKind::Queue) {
        selectOn(TrackKind::Queue, it.object.value);
    } else if (it.kind == NodeKind::Consumer ||
               (it.kind == NodeKind::Publisher && it.publishers.empty())) {
        selectOn(TrackKind::Worker, it.worker.value);
    } else if (it.kind == NodeKind::Publisher) {
        selectOn(TrackKind::Task, it.publishers.front().value);
    }
    setCurrentNode(node);
}

void TopologyCanvas::selectMessage(std::uint32_t message) {
    m_message = message;
    setCurrentNode(std::nullopt);
    if (const TaskId task = m_model->flow.taskOf(message)) {
        selectOn(TrackKind::Task, task.value);
    }
    viewport()->update();
}

/// The span of the track that is there at the moment, or the nearest one.
void TopologyCanvas::selectOn(TrackKind kind, std::uint32_t subject) {
    const recording::Recording& recording = *m_model->recording;
    const auto track = recording.trackOf(kind, subject);
    const auto span = track ? nearestSpan(recording.track(*track).spans, momentNs()) : std::nullopt;
    if (span) {
        m_state.setSelectedSpan(SpanRef{*track, *span});
        m_state.reveal({*track, *span});
    }
}

void TopologyCanvas::setCurrentNode(std::optional<std::uint32_t> node) {
    if (m_current != node) {
        m_current = node;
        if (node) {
            const QRectF place = placeOf(layout().nodes[*node]);
            const double above = place.top() - kAccountsPx - 20;
            const double below = place.bottom() + 12 - viewport()->height();
            if (above < 0 || below > 0) {
                verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                              int(above < 0 ? above : below));
            }
        }
        Q_EMIT currentNodeChanged();
    }
    viewport()->update();
}

/// What is selected elsewhere is pointed out here.
void TopologyCanvas::followSelection() {
    const auto& span = m_state.selectedSpan();
    if (!span || !m_model || m_model->isEmpty() || m_model->recording != m_state.recording()) {
        return;
    }
    const recording::Track& track = m_model->recording->track(span->track);
    if (track.kind == TrackKind::Queue) {
        if (const auto node = m_model->topology().queue(ObjectId{track.subject})) {
            setCurrentNode(node);
        }
    } else if (track.kind == TrackKind::Worker) {
        if (const auto node = m_model->topology().consumer(WorkerId{track.subject})) {
            setCurrentNode(node);
        }
    }
}

/// To the nearest node in that direction.
bool TopologyCanvas::moveCurrent(int key) {
    if (!m_model || m_model->isEmpty()) {
        return false;
    }
    const auto& nodes = layout().nodes;
    if (!m_current) {
        setCurrentNode(0);
        return true;
    }
    const QPointF from = nodes[*m_current].center();
    std::optional<std::uint32_t> best;
    double nearest = 0;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        const QPointF way = nodes[i].center() - from;
        const bool isVertical = key == Qt::Key_Up || key == Qt::Key_Down;
        const double along = isVertical ? way.y() : way.x();
        const double across = isVertical ? way.x() : way.y();
        const bool isAhead = key == Qt::Key_Up || key == Qt::Key_Left ? along < -1 : along > 1;
        const bool isInColumn = !isVertical || std::abs(across) < 1;
        const double distance = std::abs(along) + 0.5 * std::abs(across);
        if (isInColumn && isAhead && (!best || distance < nearest)) {
            best = i;
            nearest = distance;
        }
    }
    if (best) {
        setCurrentNode(best);
    }
    return true;
}

void TopologyCanvas::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (event->modifiers() == Qt::NoModifier && moveCurrent(event->key())) {
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current) {
            selectNode(*m_current);
            return;
        }
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(kZoomPerNotch);
        return;
    case Qt::Key_Minus:
        zoomBy(1 / kZoomPerNotch);
        return;
    case Qt::Key_0:
        fit();
        return;
    case Qt::Key_Escape:
        m_message = 0;
        setCurrentNode(std::nullopt);
        m_state.clearSelection();
        return;
    default:
        break;
    }
    event->ignore(); // the view has the keys of time
}

} // namespace interleave::ui
