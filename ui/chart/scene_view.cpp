// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/scene_view.h"

#include "ui/chart/scene_painter.h"
#include "ui/theme/plot_style.h"
#include "ui/view_state/canvas_paint.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace interleave::chart {

namespace {

constexpr double kZoomStep = 0.8;
constexpr double kPanStep = 0.2;

TimeRange between(Nanoseconds a, Nanoseconds b) {
    return {std::min(a, b), std::max(a, b)};
}

void paintRange(QPainter& painter, const Picture& picture, TimeRange range, const QColor& fill,
                const QColor& edge) {
    const TimeScale& scale = picture.scale;
    if (!range.overlaps(scale.range)) {
        return;
    }
    const double left = scale.clampedX(range.beginNs);
    const double right = scale.clampedX(range.endNs);
    for (const QRectF& plot : picture.plots) {
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), fill);
        if (scale.range.beginNs <= range.beginNs) { // an edge out of sight has no line
            painter.fillRect(QRectF(left, plot.top(), 1, plot.height()), edge);
        }
        if (range.endNs <= scale.range.endNs) {
            painter.fillRect(QRectF(right - 1, plot.top(), 1, plot.height()), edge);
        }
    }
}

} // namespace

void paintOverlay(QPainter& painter, const Picture& picture, const ui::ViewState& state) {
    const ui::Theme& theme = state.theme();
    if (const auto& range = state.selectedRange()) {
        paintRange(painter, picture, *range, theme.selectionFill, theme.accent);
    }
    if (const auto& ruler = state.measuredRange()) {
        paintRange(painter, picture, *ruler, Qt::transparent, theme.selection);
    }
    if (const auto& moment = state.momentNs(); moment && picture.scale.range.contains(*moment)) {
        const double x = std::floor(picture.scale.xOf(*moment)) + 0.5;
        for (const QRectF& plot : picture.plots) {
            ui::paintMoment(painter, x, plot, theme);
        }
    }
    if (const auto& time = state.hoverTimeNs()) {
        const double x = std::floor(picture.scale.xOf(*time));
        if (x >= picture.scale.leftPx && x <= picture.scale.rightPx()) {
            for (const QRectF& plot : picture.plots) {
                painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), theme.text);
            }
        }
    }
}

SceneView::SceneView(ui::ViewState& state, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_state(state) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    using ui::ViewState;
    for (const auto signal : {&ViewState::recordingChanged, &ViewState::themeChanged}) {
        connect(&state, signal, this, &SceneView::refresh);
    }
    connect(&state, &ViewState::visibleChanged, this, &SceneView::refresh);
    for (const auto signal : {&ViewState::hoverTimeChanged, &ViewState::momentChanged,
                              &ViewState::selectedRangeChanged, &ViewState::measuredRangeChanged}) {
        connect(&state, signal, viewport(), qOverload<>(&QWidget::update));
    }
}

const Picture& SceneView::picture() {
    if (!m_picture) {
        prepare();
        const QSizeF size(viewport()->width(),
                          std::max<double>(viewport()->height(), preferredHeight()));
        m_picture = pictureFor(size);
        m_pixmap = {};
    }
    return *m_picture;
}

void SceneView::setGutterPx(double widthPx) {
    if (m_gutterPx != widthPx) {
        m_gutterPx = widthPx;
        refresh();
    }
}

void SceneView::refresh() {
    m_picture.reset();
    if (isVisible()) {
        updateScrollBar();
    }
    viewport()->update();
}

void SceneView::updateScrollBar() {
    prepare();
    const int hidden = std::max(0, static_cast<int>(preferredHeight()) - viewport()->height());
    verticalScrollBar()->setRange(0, hidden);
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(24);
}

void SceneView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    refresh();
}

void SceneView::showEvent(QShowEvent* event) {
    QAbstractScrollArea::showEvent(event);
    updateScrollBar();
}

void SceneView::paintEvent(QPaintEvent*) {
    const Picture& shown = picture();
    if (ui::renewBackdrop(m_pixmap, *this, shown.scene.size, m_state.theme().background)) {
        QPainter painter(&m_pixmap);
        paintScene(painter, shown.scene, m_state.theme());
    }
    QPainter painter(viewport());
    painter.translate(0, -verticalScrollBar()->value());
    painter.drawPixmap(QPointF(0, 0), m_pixmap);
    paintOverlay(painter, shown, m_state);
    painter.resetTransform();
    ui::paintFocusFrame(painter, *this, m_state.theme());
}

QPointF SceneView::scenePosition(QPointF viewportPosition) const {
    return viewportPosition + QPointF(0, verticalScrollBar()->value());
}

bool SceneView::isOverTime(QPointF position) {
    const auto& plots = picture().plots;
    return std::any_of(plots.begin(), plots.end(),
                       [&](const QRectF& plot) { return plot.contains(position); });
}

Nanoseconds SceneView::timeAt(QPointF position) {
    const TimeScale& scale = picture().scale;
    return scale.timeAt(std::clamp(position.x(), scale.leftPx, scale.rightPx()));
}

bool SceneView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_state.setHoverTimeNs(std::nullopt);
    } else if (event->type() == QEvent::ToolTip) {
        const auto& help = static_cast<const QHelpEvent&>(*event);
        QToolTip::showText(help.globalPos(), toolTipAt(scenePosition(help.pos())), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void SceneView::wheelEvent(QWheelEvent* event) {
    const QPoint delta = event->angleDelta();
    const double steps = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        m_state.zoomAt(timeAt(scenePosition(event->position())), std::pow(kZoomStep, steps));
    } else if (event->modifiers().testFlag(Qt::ShiftModifier) || delta.y() == 0) {
        m_state.panBy(-kPanStep * steps);
    } else {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    event->accept();
}

void SceneView::mousePressEvent(QMouseEvent* event) {
    m_pressedAt = scenePosition(event->position());
    m_hasMoved = false;
    m_visibleAtPress = m_state.visible();
    m_drag = Drag::None;
    if (isOverTime(m_pressedAt)) {
        if (event->button() == Qt::MiddleButton) {
            m_drag = Drag::Pan;
        } else if (event->button() == Qt::LeftButton) {
            m_drag = event->modifiers().testFlag(Qt::ShiftModifier) ? Drag::Ruler : Drag::Range;
        }
    }
}

void SceneView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF position = scenePosition(event->position());
    if (m_drag == Drag::None || event->buttons() == Qt::NoButton) {
        m_state.setHoverTimeNs(isOverTime(position) ? std::optional(timeAt(position))
                                                    : std::nullopt);
        return;
    }
    const double distance = std::abs(position.x() - m_pressedAt.x());
    m_hasMoved = m_hasMoved || distance >= QApplication::startDragDistance();
    if (!m_hasMoved) {
        return;
    }
    if (m_drag == Drag::Pan) {
        const double shift = (m_pressedAt.x() - position.x()) * picture().scale.nsPerPx();
        const auto by = static_cast<Nanoseconds>(shift);
        m_state.setVisible({m_visibleAtPress.beginNs + by, m_visibleAtPress.endNs + by},
                           ui::ViewState::Move::Step);
        return;
    }
    const TimeRange range = between(timeAt(m_pressedAt), timeAt(position));
    if (m_drag == Drag::Range) {
        m_state.setSelectedRange(range);
    } else {
        m_state.setMeasuredRange(range);
    }
    m_state.setHoverTimeNs(timeAt(position));
}

void SceneView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !m_hasMoved) {
        m_state.setSelectedRange(std::nullopt);
        m_state.setMeasuredRange(std::nullopt);
        if (isOverTime(m_pressedAt)) {
            m_state.setMomentNs(timeAt(m_pressedAt));
        }
        clickAt(scenePosition(event->position()));
    }
    m_drag = Drag::None;
}

void SceneView::mouseDoubleClickEvent(QMouseEvent* event) {
    const QPointF position = scenePosition(event->position());
    if (event->button() != Qt::LeftButton || !isOverTime(position)) {
        return;
    }
    const auto& range = m_state.selectedRange();
    if (range && range->contains(timeAt(position))) {
        m_state.zoomTo(*range);
    } else {
        m_state.zoomAt(timeAt(position), kZoomStep * kZoomStep * kZoomStep);
    }
}

void SceneView::keyPressEvent(QKeyEvent* event) {
    if (!navigate(*event)) {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

// W, A, S, D by position on the keyboard (evdev codes + 8), so that other layouts keep the shape.
bool SceneView::navigate(const QKeyEvent& event) {
    if (event.modifiers().testFlag(Qt::ControlModifier)) {
        return false;
    }
    const TimeRange view = m_state.visible();
    const Nanoseconds middle = m_state.hoverTimeNs().value_or(view.beginNs + view.durationNs() / 2);
    const quint32 code = event.nativeScanCode();
    const int key = event.key();
    const auto is = [&](quint32 position, Qt::Key letter) {
        return code != 0 ? code == position : key == letter;
    };
    if (is(25, Qt::Key_W) || key == Qt::Key_Plus || key == Qt::Key_Equal) {
        m_state.zoomAt(middle, kZoomStep);
    } else if (is(39, Qt::Key_S) || key == Qt::Key_Minus) {
        m_state.zoomAt(middle, 1 / kZoomStep);
    } else if (is(38, Qt::Key_A) || key == Qt::Key_Left) {
        m_state.panBy(-kPanStep);
    } else if (is(40, Qt::Key_D) || key == Qt::Key_Right) {
        m_state.panBy(kPanStep);
    } else if (key == Qt::Key_Home || key == Qt::Key_0) {
        m_state.fit();
    } else if (is(41, Qt::Key_F) && m_state.selectedRange()) {
        m_state.zoomTo(*m_state.selectedRange());
    } else if (key == Qt::Key_Escape) {
        m_state.clearSelection();
    } else {
        return false;
    }
    return true;
}

} // namespace interleave::chart
