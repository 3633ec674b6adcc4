// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_painter.h"

#include "ui/chart/scene_painter.h"
#include "ui/compare/compare_geometry.h"
#include "ui/view_state/time_navigation.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

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

/// The shape of a slide where all of it fits into one.
QSize ComparePainter::preferredSize() const {
    constexpr double kBandPx = 36;
    constexpr double kPageFramePx = 90; // title and margins that the page adds
    const auto groups = static_cast<double>(m_model.groups.size());
    const double width = groups <= 4 ? 1240 : 1560;
    const CompareInputs inputs{.visible = m_visible, .size = {width, 0}, .sort = m_sort};
    const double wanted =
        summaryHeight(m_model, inputs) + timelinesHeight(m_model, inputs, kBandPx);
    return QSizeF(width, std::max(width * 9 / 16 - kPageFramePx, std::ceil(wanted))).toSize();
}

QList<LegendEntry> ComparePainter::legend(const Theme&) const {
    return {}; // in the picture itself, beside what it explains
}

} // namespace interleave::ui
