// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/row_layout.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace interleave::ui {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr int kMostLanes = 4;
constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

int laneCountOf(const Track& track) {
    return std::clamp(static_cast<int>(track.spans.lanes().size()), 1, kMostLanes);
}

QString counted(const QString& name, std::size_t count) {
    return QStringLiteral("%1 (%2)").arg(name).arg(count);
}

} // namespace

RowLayout::RowLayout(const Recording& recording, Grouping grouping) {
    m_rowOfTrack.assign(recording.tracks.size(), kNoRow);
    switch (grouping) {
    case Grouping::Task:
        addTasks(recording);
        break;
    case Grouping::Worker:
        addWorkers(recording);
        break;
    case Grouping::Core:
        addAll(recording, TrackKind::Core, QStringLiteral("Cores"));
        break;
    }
    addAll(recording, TrackKind::Lock, QStringLiteral("Locks"));
}

void RowLayout::addHeading(const QString& name) {
    m_headingsBefore.push_back(m_rows.size() - m_trackRows);
    m_rows.push_back({TrackId{}, name, 1});
}

void RowLayout::addTrack(const Track& track) {
    m_rowOfTrack[track.id.value - 1] = m_rows.size();
    m_headingsBefore.push_back(m_rows.size() - m_trackRows);
    m_rows.push_back({track.id, text(track.name), laneCountOf(track)});
    ++m_trackRows;
}

void RowLayout::addTasks(const Recording& recording) {
    std::map<std::string_view, std::size_t> placeOfGroup;
    std::vector<std::pair<std::string_view, std::vector<TrackId>>> groups;
    for (const TrackId id : recording.tracksOf(TrackKind::Task)) {
        const std::string_view group = recording.task(TaskId{recording.track(id).subject}).group;
        const auto [place, isNew] = placeOfGroup.try_emplace(group, groups.size());
        if (isNew) {
            groups.push_back({group, {}});
        }
        groups[place->second].second.push_back(id);
    }
    const bool areAllSingle = groups.size() == recording.tasks.size();
    if (areAllSingle || groups.size() == 1) { // headings would say nothing
        addAll(recording, TrackKind::Task, QStringLiteral("Tasks"));
        return;
    }
    for (const auto& [group, tracks] : groups) {
        const QString name =
            group.empty() ? QStringLiteral("Tasks") : QStringLiteral("Tasks: %1").arg(text(group));
        addHeading(counted(name, tracks.size()));
        for (const TrackId id : tracks) {
            addTrack(recording.track(id));
        }
    }
}

void RowLayout::addWorkers(const Recording& recording) {
    std::map<std::uint32_t, std::vector<TrackId>> byProcess;
    for (const TrackId id : recording.tracksOf(TrackKind::Worker)) {
        byProcess[recording.worker(WorkerId{recording.track(id).subject}).pid].push_back(id);
    }
    if (byProcess.size() <= 1) {
        addAll(recording, TrackKind::Worker, QStringLiteral("Workers"));
        return;
    }
    for (const auto& [pid, tracks] : byProcess) {
        const std::uint32_t wanted = pid; // a structured binding can't be captured by clang 14
        const auto process =
            std::find_if(recording.processes.begin(), recording.processes.end(),
                         [wanted](const auto& candidate) { return candidate.pid == wanted; });
        const bool isNamed = process != recording.processes.end() && !process->name.empty();
        addHeading(isNamed ? QStringLiteral("%1 · pid %2").arg(text(process->name)).arg(pid)
                           : QStringLiteral("Process %1").arg(pid));
        for (const TrackId id : tracks) {
            addTrack(recording.track(id));
        }
    }
}

void RowLayout::addAll(const Recording& recording, TrackKind kind, const QString& heading) {
    std::vector<TrackId> tracks = recording.tracksOf(kind);
    if (kind == TrackKind::Lock) { // a lock that nobody took is not worth a row
        std::erase_if(tracks, [&](TrackId id) { return recording.track(id).spans.size() == 0; });
    }
    if (tracks.empty()) {
        return;
    }
    addHeading(counted(heading, tracks.size()));
    for (const TrackId id : tracks) {
        addTrack(recording.track(id));
    }
}

double RowLayout::topOf(std::size_t row, double rowPx) const {
    const std::size_t headings = m_headingsBefore[row];
    return static_cast<double>(headings) * kHeadingRowPx +
           static_cast<double>(row - headings) * rowPx;
}

double RowLayout::heightOf(std::size_t row, double rowPx) const {
    return m_rows[row].isHeading() ? kHeadingRowPx : rowPx;
}

double RowLayout::totalHeight(double rowPx) const {
    return isEmpty() ? 0 : topOf(size() - 1, rowPx) + heightOf(size() - 1, rowPx);
}

std::optional<std::size_t> RowLayout::rowAt(double y, double rowPx) const {
    if (y < 0 || y >= totalHeight(rowPx)) {
        return std::nullopt;
    }
    std::size_t low = 0;
    std::size_t high = size(); // topOf(low) <= y < topOf(high)
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (topOf(middle, rowPx) <= y ? low : high) = middle;
    }
    return low;
}

std::optional<std::size_t> RowLayout::rowOf(TrackId track) const {
    if (track.isNone() || track.value > m_rowOfTrack.size() ||
        m_rowOfTrack[track.value - 1] == kNoRow) {
        return std::nullopt;
    }
    return m_rowOfTrack[track.value - 1];
}

double RowLayout::rowPxFor(double availablePx) const {
    if (m_trackRows == 0) {
        return kMostRowPx;
    }
    const double headings = static_cast<double>(size() - m_trackRows) * kHeadingRowPx;
    const double share = (availablePx - headings) / static_cast<double>(m_trackRows);
    return share < kLeastRowPx ? kScrolledRowPx : std::min(std::floor(share), kMostRowPx);
}

} // namespace interleave::ui
