// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_canvas.h"

#include "ui/chart/scene_painter.h"
#include "ui/kitchen/kitchen_painter.h"
#include "ui/kitchen/kitchen_text.h"
#include "ui/theme/text.h"
#include "ui/view_state/canvas_paint.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::TrackKind;

KitchenCanvas::KitchenCanvas(ViewState& state, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_state(state) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Chefs"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    verticalScrollBar()->setSingleStep(24);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { m_backdrop = {}; });
    connect(&state, &ViewState::themeChanged, this, &KitchenCanvas::forgetLayout);
    for (const auto signal : {&ViewState::momentChanged, &ViewState::selectedSpanChanged}) {
        connect(&state, signal, viewport(), qOverload<>(&QWidget::update));
    }
    connect(&state, &ViewState::visibleChanged, viewport(), qOverload<>(&QWidget::update));
}

void KitchenCanvas::setKitchen(std::shared_ptr<const analysis::Kitchen> kitchen) {
    const bool isSame =
        m_kitchen && kitchen && m_kitchen->chefs().size() == kitchen->chefs().size();
    m_kitchen = std::move(kitchen);
    if (!isSame) {
        setCurrentChef(std::nullopt);
    }
    forgetLayout();
}

Nanoseconds KitchenCanvas::momentNs() const {
    return m_state.momentNs().value_or(m_kitchen ? m_kitchen->recording()->range.endNs : 0);
}

analysis::KitchenMoment KitchenCanvas::moment() const {
    return m_kitchen->at(momentNs(), kitchenTravelNs(m_state.visible()));
}

KitchenScene KitchenCanvas::scene() {
    return kitchenScene(*m_kitchen, layout(), {momentNs(), kitchenTravelNs(m_state.visible())});
}

const KitchenLayout& KitchenCanvas::layout() {
    if (!m_layout) {
        m_layout = m_kitchen ? kitchenLayout(*m_kitchen, viewport()->size()) : KitchenLayout{};
    }
    return *m_layout;
}

void KitchenCanvas::forgetLayout() {
    m_layout.reset();
    m_backdrop = {};
    if (isVisible()) {
        updateScrollBar();
    }
    viewport()->update();
}

void KitchenCanvas::updateScrollBar() {
    const double hidden = isEmpty() ? 0 : layout().size.height() - viewport()->height();
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(hidden))));
    verticalScrollBar()->setPageStep(viewport()->height());
}

void KitchenCanvas::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    forgetLayout();
}

void KitchenCanvas::showEvent(QShowEvent* event) {
    QAbstractScrollArea::showEvent(event);
    updateScrollBar();
}

QRectF KitchenCanvas::placeOf(const QRectF& rect) const {
    return rect.translated(0, -verticalScrollBar()->value());
}

void KitchenCanvas::paintBackdrop() {
    if (!renewBackdrop(m_backdrop, *this, viewport()->size(), m_state.theme().background)) {
        return;
    }
    QPainter painter(&m_backdrop);
    if (isEmpty()) {
        chart::paintScene(painter, emptyKitchenScene(viewport()->size(), m_kitchen != nullptr),
                          m_state.theme());
        return;
    }
    painter.translate(placeOf({0, 0, 1, 1}).topLeft());
    paintKitchenRoom(painter, *m_kitchen, layout(), m_state.theme());
}

void KitchenCanvas::paintEvent(QPaintEvent*) {
    paintBackdrop();
    QPainter painter(viewport());
    painter.drawPixmap(QPointF(0, 0), m_backdrop);
    if (!isEmpty()) {
        painter.translate(placeOf({0, 0, 1, 1}).topLeft());
        paintKitchenScene(painter, *m_kitchen, layout(), scene(), m_state.theme(), selectedTask());
        if (m_current && *m_current < layout().stations.size()) {
            painter.setPen(QPen(m_state.theme().selection, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(layout().stations[*m_current].rect, 6, 6);
        }
        painter.resetTransform();
    }
    paintFocusFrame(painter, *this, m_state.theme());
}

TaskId KitchenCanvas::selectedTask() const {
    const auto span = m_state.selectedSpanValue();
    return span ? span->task : TaskId{};
}

TaskId KitchenCanvas::dishAt(QPointF position) {
    const KitchenScene shown = scene();
    for (auto dish = shown.dishes.rbegin(); dish != shown.dishes.rend(); ++dish) {
        if (placeOf(dish->rect()).adjusted(-2, -2, 2, 2).contains(position)) {
            return dish->task;
        }
    }
    return {};
}

std::optional<std::uint32_t> KitchenCanvas::chefAt(QPointF position) {
    const auto& stations = layout().stations;
    for (std::uint32_t chef = 0; chef < stations.size(); ++chef) {
        if (placeOf(stations[chef].rect).contains(position)) {
            return chef;
        }
    }
    return std::nullopt;
}

QString KitchenCanvas::textAt(QPointF position) {
    if (isEmpty()) {
        return {};
    }
    if (const TaskId dish = dishAt(position)) {
        return dishText(*m_kitchen, moment(), dish);
    }
    if (const auto chef = chefAt(position)) {
        return chefText(*m_kitchen, moment(), *chef);
    }
    for (std::uint32_t room = 0; room < layout().rooms.size(); ++room) {
        if (placeOf(layout().rooms[room].rect).contains(position)) {
            return roomText(*m_kitchen, moment(), room);
        }
    }
    return {};
}

bool KitchenCanvas::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto& help = static_cast<const QHelpEvent&>(*event);
        QToolTip::showText(help.globalPos(), textAt(help.pos()), viewport());
        return true;
    }
    if (event->type() == QEvent::MouseMove && !isEmpty()) {
        const QPointF at = static_cast<const QMouseEvent&>(*event).position();
        viewport()->setCursor(dishAt(at) || chefAt(at) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void KitchenCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || isEmpty()) {
        return;
    }
    if (const TaskId dish = dishAt(event->position())) {
        setCurrentChef(std::nullopt);
        selectOn(TrackKind::Task, dish.value);
    } else if (const auto chef = chefAt(event->position())) {
        selectChef(*chef);
    } else {
        setCurrentChef(std::nullopt);
        m_state.setSelectedSpan(std::nullopt);
    }
}

void KitchenCanvas::selectChef(std::uint32_t chef) {
    setCurrentChef(chef);
    selectOn(TrackKind::Worker, m_kitchen->chefs()[chef].worker.value);
}

/// The span that is there at the moment, or the last one before it.
void KitchenCanvas::selectOn(TrackKind kind, std::uint32_t subject) {
    const recording::Recording& recording = *m_kitchen->recording();
    const auto track = recording.trackOf(kind, subject);
    if (!track || recording.track(*track).spans.isEmpty() ||
        m_state.recording().get() != &recording) {
        return;
    }
    const auto index = m_kitchen->spanNear(*track, momentNs());
    m_state.setSelectedSpan(SpanRef{*track, index});
    m_state.reveal({*track, index});
}

void KitchenCanvas::setCurrentChef(std::optional<std::uint32_t> chef) {
    if (m_current == chef) {
        return;
    }
    m_current = chef;
    if (chef) {
        const QRectF place = placeOf(layout().stations[*chef].rect);
        const double above = place.top() - 8;
        const double below = place.bottom() + 8 - viewport()->height();
        if (above < 0 || below > 0) {
            verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                          static_cast<int>(above < 0 ? above : below));
        }
    }
    Q_EMIT currentChefChanged();
    viewport()->update();
}

/// To the nearest chef in that direction.
void KitchenCanvas::moveCurrent(int key) {
    const auto& stations = layout().stations;
    if (!m_current) {
        setCurrentChef(0);
        return;
    }
    const QPointF from = stations[*m_current].rect.center();
    std::optional<std::uint32_t> best;
    double nearest = 0;
    for (std::uint32_t i = 0; i < stations.size(); ++i) {
        const QPointF way = stations[i].rect.center() - from;
        const bool isVertical = key == Qt::Key_Up || key == Qt::Key_Down;
        const double along = isVertical ? way.y() : way.x();
        const double across = isVertical ? way.x() : way.y();
        const bool isAhead = key == Qt::Key_Up || key == Qt::Key_Left ? along < -1 : along > 1;
        const double distance = std::abs(along) + 2 * std::abs(across);
        if (isAhead && (!best || distance < nearest)) {
            best = i;
            nearest = distance;
        }
    }
    if (best) {
        setCurrentChef(best);
    }
}

void KitchenCanvas::keyPressEvent(QKeyEvent* event) {
    const bool isPlain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (isPlain && !isEmpty()) {
            moveCurrent(event->key());
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current) {
            selectChef(*m_current);
            return;
        }
        break;
    case Qt::Key_Escape:
        if (m_current || m_state.hasSelection()) {
            setCurrentChef(std::nullopt);
            m_state.clearSelection();
            return;
        }
        break;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    default:
        break;
    }
    event->ignore(); // the window has the keys of the replay
}

} // namespace interleave::ui
