// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_view.h"

#include "ui/kitchen/kitchen_canvas.h"
#include "ui/kitchen/kitchen_painter.h"

#include <QVBoxLayout>

namespace interleave::ui {

KitchenView::KitchenView(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_canvas(new KitchenCanvas(state, this)) {
    setAccessibleName(tr("Kitchen"));
    setFocusProxy(m_canvas);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_canvas);
    connect(&state, &ViewState::recordingChanged, this, [this] {
        if (isVisible()) {
            prepare();
        }
    });
}

void KitchenView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    prepare();
}

/// Made anew for each recording that is looked at; a view that is hidden costs nothing.
void KitchenView::prepare() {
    const auto& recording = m_state.recording();
    if ((m_kitchen ? m_kitchen->recording() : nullptr) == recording) {
        return;
    }
    m_kitchen = recording ? std::make_shared<const analysis::Kitchen>(recording) : nullptr;
    m_canvas->setKitchen(m_kitchen);
}

std::unique_ptr<ViewPainter> KitchenView::painter() const {
    return m_kitchen ? std::make_unique<KitchenPainter>(m_kitchen, m_state.visible(),
                                                        m_canvas->momentNs())
                     : nullptr;
}

} // namespace interleave::ui
