// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/utilisation/utilisation_painter.h"

#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"
#include "ui/utilisation/utilisation_geometry.h"

#include <QPainter>

#include <algorithm>

namespace interleave::ui {

namespace {

bool hasOtherPrograms(const recording::Recording& recording) {
    const auto cores = recording.tracksOf(recording::TrackKind::Core);
    return std::ranges::any_of(
        cores, [&](TrackId id) { return recording.track(id).spans.hasState(State::Other); });
}

} // namespace

UtilisationPainter::UtilisationPainter(std::shared_ptr<const recording::Recording> recording,
                                       TimeRange visible)
    : m_recording(std::move(recording))
    , m_visible(visible)
    , m_series(utilisationSeriesOf(*m_recording)) {}

void UtilisationPainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    const UtilisationPicture shown =
        utilisationPicture(*m_recording, m_series, {m_visible, rect.size()});
    painter.save();
    painter.translate(rect.topLeft());
    chart::paintScene(painter, shown.picture.scene, theme);
    painter.restore();
}

QSize UtilisationPainter::preferredSize() const {
    return {1600, std::max(780, static_cast<int>(preferredUtilisationHeight(m_series)))};
}

QList<LegendEntry> UtilisationPainter::legend(const Theme& theme) const {
    QList<LegendEntry> entries;
    entries.append({State::Running, {}, tr("a task on a core")});
    if (!m_series.ready.time.empty()) {
        entries.append({State::Ready, {}, tr("ready: could run, but no core is free")});
    }
    if (hasOtherPrograms(*m_recording)) {
        entries.append(
            {std::nullopt, chart::colourOf({chart::Role::Other}, theme), tr("other programs")});
    }
    return entries;
}

} // namespace interleave::ui
