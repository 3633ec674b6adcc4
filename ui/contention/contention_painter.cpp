// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_painter.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/contention/contention_geometry.h"
#include "ui/contention/contention_summary.h"
#include "ui/theme/text.h"

#include <QPainter>

#include <algorithm>

namespace interleave::ui {

ContentionPainter::ContentionPainter(std::shared_ptr<const recording::Recording> recording,
                                     TimeRange visible, ObjectId lock)
    : m_recording(std::move(recording))
    , m_visible(visible)
    , m_model(contentionModelOf(*m_recording, lock)) {}

void ContentionPainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    chart::Scene scene;
    if (m_model.isEmpty()) {
        scene = noLockScene(rect.size());
    } else {
        scene = contentionPicture(*m_recording, m_model, {m_visible, rect.size()}).picture.scene;
    }
    painter.save();
    painter.translate(rect.topLeft());
    chart::paintScene(painter, scene, theme);
    painter.restore();
}

QSize ContentionPainter::preferredSize() const {
    return {1600, std::max(700, static_cast<int>(preferredContentionHeight(m_model)))};
}

QList<LegendEntry> ContentionPainter::legend(const Theme& theme) const {
    if (m_model.isEmpty()) {
        return {};
    }
    QList<LegendEntry> entries;
    entries.append({State::Held, {}, tr("held, holder on a core (two shades, by turns)")});
    if (m_model.contention.offCore && !m_model.contention.offCore->empty()) {
        entries.append({std::nullopt, chart::colourOf({chart::Role::OffCore, 0}, theme),
                        tr("striped: held, but the holder is not on a core")});
    }
    if (!m_model.contention.waits.empty()) {
        entries.append({waitStateOf(m_model), {}, tr("waits for it")});
    }
    if (m_model.row().statistics.forcedHandoffs > 0) {
        entries.append({std::nullopt, chart::colourOf({chart::Role::Warning}, theme),
                        tr("flag: forced hand-over")});
    }
    return entries;
}

} // namespace interleave::ui
