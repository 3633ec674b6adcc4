// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/bar_labels.h"

#include <QImage>
#include <QPainter>
#include <cmath>

namespace interleave::ui {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr double kLabelMarginPx = 5;   // on either side
constexpr qsizetype kLeastLetters = 3; // fewer say nothing
constexpr double kRoomStepPx = 4;      // rooms are rounded down to it: fewer variants to keep
constexpr std::size_t kMostLabels = 20'000;

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

enum class NameKind : std::uint8_t { Task, Step, State };

quint64 keyOf(const Track& track, std::size_t span) {
    const auto key = [](NameKind kind, std::uint32_t id) {
        return static_cast<quint64>(kind) << 32 | id;
    };
    const TaskId task = track.spans.task[span];
    if (track.kind != TrackKind::Task && task) {
        return key(NameKind::Task, task.value);
    }
    const StringId name = track.spans.name[span];
    return name ? key(NameKind::Step, name.value)
                : key(NameKind::State, static_cast<std::uint32_t>(track.spans.state[span]));
}

} // namespace

QString barName(const Recording& recording, const Track& track, std::size_t span) {
    const TaskId task = track.spans.task[span];
    if (track.kind != TrackKind::Task && task) {
        return text(recording.task(task).name);
    }
    const std::string_view name = recording.strings.text(track.spans.name[span]);
    return text(name.empty() ? interleave::nameOf(track.spans.state[span]) : name);
}

void BarLabels::use(std::shared_ptr<const Recording> recording, const QFont& font,
                    double pixelRatio) {
    if (m_labels.empty() || m_labels.size() > kMostLabels || m_font != font ||
        m_pixelRatio != pixelRatio) {
        m_font = font;
        m_metrics = QFontMetricsF(font);
        m_pixelRatio = pixelRatio;
        m_names.clear();
        m_labels.assign(1, {}); // 0 is none
        m_nameOfKey.clear();
        m_nameOfText.clear();
        m_shortenedTo.clear();
    }
    if (m_recording.lock() != recording) { // ids mean other names now
        m_nameOfKey.clear();
        m_recording = recording;
    }
    m_current = recording.get();
}

std::uint32_t BarLabels::addLabel(const QString& text) {
    m_labels.push_back({text, {}});
    return static_cast<std::uint32_t>(m_labels.size() - 1);
}

std::uint32_t BarLabels::nameOf(const Track& track, std::size_t span) {
    const quint64 key = keyOf(track, span);
    const auto known = m_nameOfKey.constFind(key);
    if (known != m_nameOfKey.constEnd()) {
        return *known;
    }
    const QString text = barName(*m_current, track, span);
    auto name = m_nameOfText.constFind(text);
    if (name == m_nameOfText.constEnd()) {
        m_names.push_back({text, m_metrics.horizontalAdvance(text), addLabel(text)});
        name = m_nameOfText.insert(text, static_cast<quint32>(m_names.size() - 1));
    }
    m_nameOfKey.insert(key, *name);
    return *name;
}

std::uint32_t BarLabels::labelFor(const Track& track, std::size_t span, double widthPx) {
    const std::uint32_t index = nameOf(track, span);
    const Name& name = m_names[index];
    const double room = widthPx - 2 * kLabelMarginPx;
    if (name.width <= room) {
        return name.whole;
    }
    const auto step = static_cast<quint64>(std::max(0.0, std::floor(room / kRoomStepPx)));
    const quint64 key = static_cast<quint64>(index) << 32 | step;
    const auto known = m_shortenedTo.constFind(key);
    if (known != m_shortenedTo.constEnd()) {
        return *known;
    }
    const double roundedRoom = static_cast<double>(step) * kRoomStepPx;
    const QString shortened = m_metrics.elidedText(name.text, Qt::ElideMiddle, roundedRoom);
    const bool saysNothing = shortened.size() < kLeastLetters + 1 ||
                             m_metrics.horizontalAdvance(shortened) > roundedRoom;
    const std::uint32_t label = saysNothing ? 0 : addLabel(shortened);
    m_shortenedTo.insert(key, label);
    return label;
}

void BarLabels::prepare(std::uint32_t label) {
    Label& entry = m_labels[label];
    if (label == 0 || entry.mask.width != 0) {
        return;
    }
    TextMask& mask = entry.mask;
    mask.width =
        static_cast<int>(std::ceil((m_metrics.horizontalAdvance(entry.text) + 1) * m_pixelRatio));
    mask.height = static_cast<int>(std::ceil(m_metrics.height() * m_pixelRatio));
    QImage image(mask.width, mask.height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    image.setDevicePixelRatio(m_pixelRatio);
    QPainter painter(&image);
    painter.setFont(m_font);
    painter.setPen(Qt::black);
    painter.drawText(QPointF(0, m_metrics.ascent()), entry.text);
    painter.end();
    mask.coverage.resize(static_cast<std::size_t>(mask.width) *
                         static_cast<std::size_t>(mask.height));
    auto coverage = mask.coverage.begin();
    for (int y = 0; y < mask.height; ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
        for (int x = 0; x < mask.width; ++x) {
            *coverage++ = static_cast<std::uint8_t>(qAlpha(line[x]));
        }
    }
}

} // namespace interleave::ui
