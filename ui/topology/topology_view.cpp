// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_view.h"

#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_painter.h"
#include "ui/topology/topology_strip.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace interleave::ui {

TopologyView::TopologyView(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_canvas(new TopologyCanvas(state, this))
    , m_strip(new TopologyStrip(state, this))
    , m_fit(new QPushButton(tr("Fit"), this)) {
    setAccessibleName(tr("Topology"));
    setFocusProxy(m_canvas);
    m_fit->setObjectName(QStringLiteral("fitTopology"));
    m_fit->setToolTip(tr("Usual size again (0); Ctrl+wheel, + and - zoom"));
    m_fit->setAutoDefault(false);
    m_fit->setFocusPolicy(Qt::TabFocus);
    m_fit->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_canvas, 1);
    column->addWidget(m_strip);
    connect(m_fit, &QPushButton::clicked, m_canvas, &TopologyCanvas::fit);
    connect(m_canvas, &TopologyCanvas::zoomChanged, this, &TopologyView::placeFit);
    connect(&state, &ViewState::recordingChanged, this, [this] {
        if (isVisible()) {
            prepare();
        }
    });
}

void TopologyView::placeFit() {
    const QSize size = m_fit->sizeHint();
    m_fit->setGeometry(width() - size.width() - 24, 8, size.width(), size.height());
    m_fit->setVisible(!m_canvas->isFitted());
    m_fit->raise();
}

void TopologyView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeFit();
}

void TopologyView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    prepare();
}

/// Made anew for each recording that is looked at; a view that is hidden costs nothing.
void TopologyView::prepare() {
    const auto& recording = m_state.recording();
    if ((m_model ? m_model->recording : nullptr) == recording) {
        return;
    }
    m_model =
        recording ? std::make_shared<const TopologyModel>(topologyModelOf(recording)) : nullptr;
    m_canvas->setModel(m_model);
    m_strip->setModel(m_model);
    m_strip->setVisible(m_model && !m_model->isEmpty());
}

std::unique_ptr<ViewPainter> TopologyView::painter() const {
    return m_state.recording() ? std::make_unique<TopologyPainter>(
                                     m_state.recording(), m_state.visible(), m_canvas->momentNs())
                               : nullptr;
}

} // namespace interleave::ui
