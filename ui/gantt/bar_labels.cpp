// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/bar_labels.h"

#include <cmath>

namespace interleave::ui {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr double kMarginPx = 5;        // on either side
constexpr qsizetype kLeastLetters = 3; // fewer say nothing

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

QString barName(const Recording& recording, const Track& track, std::size_t span) {
    const TaskId task = track.spans.task[span];
    if (track.kind != TrackKind::Task && task) {
        return text(recording.task(task).name);
    }
    const std::string_view name = recording.strings.text(track.spans.name[span]);
    return text(name.empty() ? nameOf(track.spans.state[span]) : name);
}

BarLabels::BarLabels(const Recording& recording, const QFont& font)
    : m_recording(recording)
    , m_metrics(font) {}

QString BarLabels::labelFor(const Track& track, std::size_t span, double widthPx) {
    const QString name = barName(m_recording, track, span);
    auto width = m_widths.find(name);
    if (width == m_widths.end()) {
        width = m_widths.insert(name, m_metrics.horizontalAdvance(name));
    }
    const double room = widthPx - 2 * kMarginPx;
    if (*width <= room) {
        return name;
    }
    const QPair<QString, int> key(name, static_cast<int>(std::floor(room)));
    auto elided = m_elided.find(key);
    if (elided == m_elided.end()) {
        QString shortened = m_metrics.elidedText(name, Qt::ElideMiddle, key.second);
        const bool saysNothing =
            shortened.size() < kLeastLetters + 1 || m_metrics.horizontalAdvance(shortened) > room;
        elided = m_elided.insert(key, saysNothing ? QString() : shortened);
    }
    return *elided;
}

} // namespace interleave::ui
