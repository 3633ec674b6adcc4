// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/utilisation/utilisation_view.h"

#include "ui/chart/parts.h"
#include "ui/utilisation/utilisation_painter.h"

namespace interleave::ui {

UtilisationView::UtilisationView(ViewState& state, QWidget* parent)
    : SceneView(state, parent) {
    setAccessibleName(tr("CPU utilisation"));
}

void UtilisationView::prepare() {
    if (m_recording != state().recording()) {
        m_recording = state().recording();
        m_series = m_recording ? utilisationSeriesOf(*m_recording) : UtilisationSeries{};
    }
}

std::unique_ptr<ViewPainter> UtilisationView::painter() const {
    const auto& recording = state().recording();
    return recording ? std::make_unique<UtilisationPainter>(recording, state().visible()) : nullptr;
}

chart::Picture UtilisationView::pictureFor(QSizeF size) {
    if (!m_recording) {
        m_shown = {};
        m_shown.picture.scene.size = size;
        chart::addEmptyState(m_shown.picture.scene, tr("Nothing recorded yet"),
                             tr("Choose a scenario and a model, then press Run. Here you will see "
                                "which core ran what, and what it cost."));
    } else {
        m_shown = utilisationPicture(*m_recording, m_series, {state().visible(), size, gutterPx()});
    }
    return m_shown.picture;
}

double UtilisationView::preferredHeight() const {
    return m_recording ? preferredUtilisationHeight(m_series) : 0;
}

QString UtilisationView::toolTipAt(QPointF position) {
    return m_recording ? utilisationAt(*m_recording, m_series, m_shown, position) : QString();
}

} // namespace interleave::ui
