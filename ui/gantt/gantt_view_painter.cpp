// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_view_painter.h"

#include "ui/gantt/gantt_painter.h"
#include "ui/gantt/span_search.h"
#include "ui/theme/plot_style.h"
#include "ui/view_state/time_navigation.h"

#include <QPaintEngine>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr int kWidth = 1600;
constexpr int kHighest = 19000; // exports refuse more than 20 000
constexpr double kPreferredRowPx = 36;
constexpr double kNotePx = 22;          // "... and 12 more rows"
constexpr double kVectorPixelRatio = 2; // of merged columns, where the device has no pixels

/// As the painter's device has them, so that a picture at twice the size has columns as fine.
double pixelRatioOf(const QPainter& painter) {
    const bool isRaster =
        painter.paintEngine() != nullptr && painter.paintEngine()->type() == QPaintEngine::Raster;
    const double scale = std::sqrt(std::abs(painter.deviceTransform().determinant()));
    return isRaster ? std::clamp(scale, 0.25, 8.0) : kVectorPixelRatio;
}

} // namespace

GanttViewPainter::GanttViewPainter(std::shared_ptr<const recording::Recording> recording,
                                   GanttOptions options)
    : m_recording(std::move(recording))
    , m_layout(std::make_shared<RowLayout>(*m_recording, options.grouping))
    , m_options(options)
    , m_visible(options.visible ? clampedView(*options.visible, m_recording->range)
                                : fittedView(m_recording->range)) {}

GanttGeometry GanttViewPainter::geometryFor(QSizeF size, const Theme& theme,
                                            double pixelRatio) const {
    GanttInputs inputs;
    inputs.recording = m_recording;
    inputs.layout = m_layout;
    inputs.visible = m_visible;
    inputs.size = size;
    inputs.rowPx = m_layout->rowPxFor(size.height() - kRulerPx);
    inputs.hidden = m_options.hidden;
    inputs.grouping = m_options.grouping;
    inputs.labelFont = theme.font(kSmallPx);
    inputs.heightRatios = heightRatiosOf(theme);
    inputs.pixelRatio = pixelRatio;
    if (m_layout->totalHeight(inputs.rowPx) > size.height() - kRulerPx) {
        inputs.rowPx = kLeastRowPx;
        inputs.size.rheight() -= kNotePx;
    }
    return ganttGeometry(inputs);
}

void GanttViewPainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    const GanttGeometry geometry = geometryFor(rect.size(), theme, pixelRatioOf(painter));
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.translate(rect.topLeft());
    const auto source = nameOf(m_recording->info.source);
    const QString sourceName =
        QString::fromUtf8(source.data(), static_cast<qsizetype>(source.size()));
    paintGantt(painter, geometry, {sourceName, m_recording->isLive}, theme);
    if (geometry.hiddenRowCount > 0) {
        const QRectF note(0, geometry.size.height(), rect.width(), kNotePx);
        painter.fillRect(note, theme.panel);
        painter.setPen(theme.mutedText);
        painter.setFont(theme.font(kSmallPx));
        painter.drawText(note.adjusted(10, 0, -10, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         QStringLiteral("%1 more rows below: make the picture higher, or group "
                                        "by worker or core")
                             .arg(geometry.hiddenRowCount));
    }
    painter.restore();
}

QSize GanttViewPainter::preferredSize() const {
    const double height = kRulerPx + m_layout->totalHeight(kPreferredRowPx);
    const double least = kRulerPx + m_layout->totalHeight(kLeastRowPx);
    const double chosen = height <= 2000 ? height : std::max(2000.0, least);
    return {kWidth, std::clamp(static_cast<int>(chosen), 160, kHighest)};
}

QList<LegendEntry> GanttViewPainter::legend(const Theme&) const {
    return ganttLegend(*m_recording, *m_layout, m_visible, m_options.hidden);
}

QList<LegendEntry> ganttLegend(const recording::Recording& recording, const RowLayout& layout,
                               TimeRange visible, const StateSet& hidden) {
    StateSet occurring;
    for (std::size_t row = 0; row < layout.size(); ++row) {
        if (layout.at(row).isHeading()) {
            continue;
        }
        const recording::Track& track = recording.track(layout.at(row).track);
        if (track.kind == recording::TrackKind::Task) {
            const recording::TaskInfo& task = recording.task(TaskId{track.subject});
            const bool isMarked = task.end == State::Failed || task.end == State::Cancelled;
            if (isMarked && !recording.isLive && visible.contains(task.endNs)) {
                occurring.set(static_cast<std::size_t>(task.end));
            }
        }
        const recording::StateTimes times = track.spans.timesIn(visible);
        for (std::size_t i = 0; i < times.size(); ++i) {
            if (times[i] > 0) {
                occurring.set(i);
            }
        }
    }
    QList<LegendEntry> entries;
    for (std::size_t i = 0; i < occurring.size(); ++i) {
        if (occurring[i] && !hidden[i]) {
            const std::string_view name = nameOf(static_cast<State>(i));
            entries.append({static_cast<State>(i), QColor(),
                            QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))});
        }
    }
    return entries;
}

} // namespace interleave::ui
