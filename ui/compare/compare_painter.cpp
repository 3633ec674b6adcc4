// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_painter.h"

#include "ui/chart/scene_painter.h"
#include "ui/compare/compare_geometry.h"
#include "ui/view_state/time_navigation.h"

#include <QPainter>

#include <algorithm>

namespace interleave::ui {

ComparePainter::ComparePainter(const Recordings& recordings, std::optional<TimeRange> visible,
                               CompareSort sort, std::optional<std::size_t> baseline)
    : m_model(compareModelOf(recordings, sort, baseline))
    , m_sort(sort)
    , m_visible(visible.value_or(fittedView(m_model.extent))) {}

void ComparePainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    const ComparePicture shown =
        comparePicture(m_model, {.visible = m_visible, .size = rect.size(), .sort = m_sort});
    painter.save();
    painter.translate(rect.topLeft());
    chart::paintScene(painter, shown.picture.scene, theme);
    painter.restore();
}

QSize ComparePainter::preferredSize() const {
    constexpr int kRunPx = 140;
    const int wanted = 40 + kRunPx * static_cast<int>(m_model.runs.size());
    return {1600, std::max(wanted, static_cast<int>(preferredCompareHeight(m_model)))};
}

QList<LegendEntry> ComparePainter::legend(const Theme&) const {
    QList<LegendEntry> entries;
    for (const State state : statesIn(m_model)) {
        const std::string_view name = nameOf(state);
        entries.append(
            {state, {}, QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))});
    }
    return entries;
}

} // namespace interleave::ui
