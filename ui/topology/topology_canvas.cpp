// SPDX-License-Identifier: GPL-3.0-or-later
// TopologyCanvas: layout, painting, zooming.
#include "ui/topology/topology_canvas.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/topology/topology_painter.h"
#include "ui/view_state/canvas_paint.h"

#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kLeastZoom = 0.5;
constexpr double kMostZoom = 3;
constexpr double kLeastFittedZoom = 0.75; // smaller letters can't be read
constexpr double kTopPx = kAccountsPx + 8;
constexpr double kSidePx = 12;

} // namespace

TopologyCanvas::TopologyCanvas(ViewState& state, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_state(state) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Exchanges and queues"));
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    connect(&state, &ViewState::themeChanged, this, &TopologyCanvas::forgetLayout);
    for (const auto signal : {&ViewState::momentChanged, &ViewState::selectedSpanChanged}) {
        connect(&state, signal, viewport(), qOverload<>(&QWidget::update));
    }
    connect(&state, &ViewState::selectedSpanChanged, this, &TopologyCanvas::followSelection);
    connect(&state, &ViewState::visibleChanged, viewport(), qOverload<>(&QWidget::update));
    for (QScrollBar* bar : {verticalScrollBar(), horizontalScrollBar()}) {
        bar->setSingleStep(24);
        connect(bar, &QScrollBar::valueChanged, this, [this] { m_backdrop = {}; });
    }
}

void TopologyCanvas::setModel(std::shared_ptr<const TopologyModel> model) {
    const bool isSame = m_model && model && !m_model->isEmpty() &&
                        m_model->topology().nodes.size() == model->topology().nodes.size();
    m_model = std::move(model);
    if (!isSame) {
        m_current.reset();
        m_message = 0;
    }
    forgetLayout();
    if (!isSame) { // of a high picture the middle, where the short columns are
        verticalScrollBar()->setValue(verticalScrollBar()->maximum() / 2);
    }
}

Nanoseconds TopologyCanvas::momentNs() const {
    const Nanoseconds end = m_model ? m_model->recording->range.endNs : 0;
    return m_state.momentNs().value_or(end);
}

void TopologyCanvas::forgetLayout() {
    m_layout.reset();
    m_backdrop = {};
    if (isVisible()) {
        updateScrollBars();
    }
    viewport()->update();
}

double TopologyCanvas::zoom() const {
    return m_zoom.value_or(
        std::clamp(viewport()->width() / kNarrowestTopologyPx, kLeastFittedZoom, 1.0));
}

const TopologyLayout& TopologyCanvas::layout() {
    if (!m_layout) {
        const QSizeF room(viewport()->width(), std::max(0.0, viewport()->height() - kTopPx));
        m_layout = m_model ? fittingLayout(m_model->topology(), room / zoom(), m_model->hasFates)
                           : TopologyLayout{};
    }
    return *m_layout;
}

void TopologyCanvas::updateScrollBars() {
    const QSizeF size = layout().size * zoom();
    const auto hidden = [](double whole, double seen) {
        return std::max(0, static_cast<int>(std::ceil(whole - seen)));
    };
    horizontalScrollBar()->setRange(0, hidden(size.width(), viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    verticalScrollBar()->setRange(0, hidden(size.height(), viewport()->height() - kTopPx));
    verticalScrollBar()->setPageStep(std::max(1, viewport()->height() - int(kTopPx)));
}

QPointF TopologyCanvas::inLayout(QPointF position) const {
    return (position +
            QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value() - kTopPx)) /
           zoom();
}

QRectF TopologyCanvas::placeOf(const QRectF& rect) const {
    const QPointF shift(-horizontalScrollBar()->value(), kTopPx - verticalScrollBar()->value());
    return {rect.topLeft() * zoom() + shift, rect.size() * zoom()};
}

QRectF TopologyCanvas::visiblePart() const {
    return {inLayout({0, kTopPx}), QSizeF(viewport()->size()) / zoom()};
}

void TopologyCanvas::fit() {
    m_zoom.reset();
    forgetLayout();
    Q_EMIT zoomChanged();
}

void TopologyCanvas::zoomBy(double factor) {
    m_zoom = std::clamp(zoom() * factor, kLeastZoom, kMostZoom);
    forgetLayout();
    Q_EMIT zoomChanged();
}

void TopologyCanvas::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    forgetLayout();
}

void TopologyCanvas::showEvent(QShowEvent* event) {
    QAbstractScrollArea::showEvent(event);
    updateScrollBars();
}

void TopologyCanvas::paintBackdrop() {
    if (!renewBackdrop(m_backdrop, *this, viewport()->size(), m_state.theme().background)) {
        return;
    }
    QPainter painter(&m_backdrop);
    chart::Scene scene;
    if (!m_model || m_model->isEmpty()) {
        if (m_model) {
            scene = noBrokerScene(viewport()->size());
        } else {
            scene.size = viewport()->size();
            chart::addEmptyState(scene, tr("Nothing recorded yet"),
                                 tr("Choose a scenario and a model with a broker, then press Run. "
                                    "Here you will see messages move through exchanges and "
                                    "queues."));
        }
    } else {
        chart::Scene all = backdropOf(*m_model, layout());
        const QRectF seen = visiblePart().adjusted(-20, -20, 20, 20);
        std::erase_if(all.items, [&](const chart::Item& item) {
            return !chart::boundsOf(item).adjusted(-1, -1, 1, 1).intersects(seen);
        });
        scene.items = std::move(all.items);
        painter.translate(placeOf({0, 0, 1, 1}).topLeft());
        painter.scale(zoom(), zoom());
    }
    chart::paintScene(painter, scene, m_state.theme());
}

void TopologyCanvas::paintEvent(QPaintEvent*) {
    const Theme& theme = m_state.theme();
    paintBackdrop();
    QPainter painter(viewport());
    painter.drawPixmap(QPointF(0, 0), m_backdrop);
    m_placed.clear();
    if (m_model && !m_model->isEmpty()) {
        painter.save();
        painter.translate(placeOf({0, 0, 1, 1}).topLeft());
        painter.scale(zoom(), zoom());
        MomentPicture moment =
            momentOf(*m_model, layout(),
                     {momentNs(), travelNs(m_state.visible()), visiblePart(), m_message});
        chart::paintScene(painter, moment.scene, theme);
        m_placed = std::move(moment.messages);
        paintCurrent(painter);
        painter.restore();
        const QRectF band(0, 0, viewport()->width(), kTopPx);
        painter.fillRect(band, theme.background);
        chart::Scene accounts;
        addAccounts(accounts, {kSidePx, 6, band.width() - 2 * kSidePx, kAccountsPx}, *m_model,
                    momentNs());
        chart::paintScene(painter, accounts, theme);
        painter.fillRect(QRectF(0, band.bottom() - 1, band.width(), 1), theme.grid);
    }
    paintFocusFrame(painter, *this, theme);
}

void TopologyCanvas::paintCurrent(QPainter& painter) const {
    if (m_current && m_layout && *m_current < m_layout->nodes.size()) {
        painter.setPen(QPen(m_state.theme().selection, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(m_layout->nodes[*m_current].adjusted(-3, -3, 3, 3));
    }
}

} // namespace interleave::ui
