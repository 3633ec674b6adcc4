// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/row_layout.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::Recording;
using recording::Track;

namespace {

constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

int laneCountOf(const recording::SpanColumns& spans) {
    return std::max(1, static_cast<int>(spans.lanes().size()));
}

int lanesShown(int lanes, LaneView view) {
    switch (view) {
    case LaneView::All:
        return lanes;
    case LaneView::One:
        return 1;
    case LaneView::Some:
        break;
    }
    return std::min(lanes, kSomeLanes);
}

/// "4 of 80" where not all are shown.
QString sizeText(const TrackGroup& group) {
    return group.tracks.size() == group.total
               ? QString::number(group.total)
               : QStringLiteral("%1 of %2").arg(group.tracks.size()).arg(group.total);
}

} // namespace

RowLayout::RowLayout(const Recording& recording, Grouping grouping,
                     const TrackArrangement& arrangement)
    : m_tracks(arrangedTracks(recording, grouping, arrangement)) {
    m_rowOfTrack.assign(recording.tracks.size(), kNoRow);
    m_rows.reserve(m_tracks.shown + m_tracks.groups.size() + 1);
    m_lanePxBefore.push_back(0);
    for (std::size_t group = 0; group < m_tracks.groups.size(); ++group) {
        addGroup(recording, arrangement, group);
        if (m_tracks.groups[group].id == kPinnedGroup) {
            m_pinnedRows = m_rows.size();
        }
    }
    addNote();
}

void RowLayout::addRow(RowItem item) {
    m_headingsBefore.push_back(m_rows.size() - m_trackRows);
    m_lanePxBefore.push_back(m_lanePxBefore.back() + kLanePx * (item.laneCount - 1));
    if (!item.isHeading()) {
        m_rowOfTrack[item.track.value - 1] = m_rows.size();
        ++m_trackRows;
    }
    m_rows.push_back(std::move(item));
}

void RowLayout::addGroup(const Recording& recording, const TrackArrangement& arrangement,
                         std::size_t index) {
    const TrackGroup& group = m_tracks.groups[index];
    const bool isPinned = group.id == kPinnedGroup;
    RowItem heading;
    heading.kind = RowKind::Heading;
    heading.name = QStringLiteral("%1 (%2)").arg(group.title, sizeText(group));
    heading.group = index;
    heading.isFolded = group.isFolded;
    heading.isPinned = isPinned;
    addRow(std::move(heading));
    if (group.isFolded) {
        return;
    }
    for (const TrackId id : group.tracks) {
        const Track& track = recording.track(id);
        RowItem item;
        item.track = id;
        item.name = text(track.name);
        item.trackLaneCount = laneCountOf(track.spans);
        item.lanes = arrangement.laneViewOf(keyOf(track));
        item.laneCount = lanesShown(item.trackLaneCount, item.lanes);
        item.group = index;
        item.isPinned = isPinned;
        addRow(std::move(item));
    }
}

void RowLayout::addNote() {
    QStringList parts;
    if (m_tracks.hidden > 0) {
        parts << QStringLiteral("%1 hidden").arg(m_tracks.hidden);
    }
    if (m_tracks.filtered > 0) {
        parts << QStringLiteral("%1 filtered out").arg(m_tracks.filtered);
    }
    if (parts.isEmpty()) {
        return;
    }
    RowItem note;
    note.kind = RowKind::Note;
    note.name = QStringLiteral("%1: show").arg(parts.join(QStringLiteral(", ")));
    addRow(std::move(note));
}

double RowLayout::topOf(std::size_t row, double rowPx) const {
    const std::size_t headings = m_headingsBefore[row];
    return static_cast<double>(headings) * kHeadingRowPx +
           static_cast<double>(row - headings) * rowPx + m_lanePxBefore[row];
}

double RowLayout::heightOf(std::size_t row, double rowPx) const {
    return m_rows[row].isHeading() ? kHeadingRowPx : rowPx + kLanePx * (m_rows[row].laneCount - 1);
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

double RowLayout::pinnedHeight(double rowPx) const {
    return m_pinnedRows == 0 ? 0
                             : topOf(m_pinnedRows - 1, rowPx) + heightOf(m_pinnedRows - 1, rowPx);
}

std::vector<PlacedRow> RowLayout::placedRows(double scrollPx, double heightPx, double rowPx) const {
    std::vector<PlacedRow> placed;
    for (std::size_t row = 0; row < m_pinnedRows && topOf(row, rowPx) < heightPx; ++row) {
        placed.push_back({row, topOf(row, rowPx)});
    }
    const double pinned = pinnedHeight(rowPx);
    std::size_t row = rowAt(std::max(0.0, scrollPx) + pinned, rowPx).value_or(size());
    for (; row < size(); ++row) {
        const double top = topOf(row, rowPx) - scrollPx;
        if (top >= heightPx) {
            break;
        }
        placed.push_back({row, top});
    }
    return placed;
}

std::optional<std::size_t> RowLayout::rowInSightAt(double y, double scrollPx, double rowPx) const {
    return rowAt(y < pinnedHeight(rowPx) ? y : y + scrollPx, rowPx);
}

double RowLayout::rowPxFor(double availablePx) const {
    if (m_trackRows == 0) {
        return kMostRowPx;
    }
    const double headings = static_cast<double>(size() - m_trackRows) * kHeadingRowPx;
    const double share =
        (availablePx - headings - m_lanePxBefore.back()) / static_cast<double>(m_trackRows);
    return share < kLeastRowPx ? kScrolledRowPx : std::min(std::floor(share), kMostRowPx);
}

} // namespace interleave::ui
