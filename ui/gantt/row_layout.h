// SPDX-License-Identifier: GPL-3.0-or-later
// RowLayout: which rows the Gantt has, in which order, under which headings, and where each lies.
// Positions are arithmetic on prefix counts, so ten thousand rows cost nothing until they are in
// sight. Pixels here are of the whole list, before scrolling. The first rows may be pinned: they
// stay where they are while the others scroll beneath them.
#pragma once

#include "engine/recording/recording.h"
#include "ui/view_state/view_state.h"

#include <QString>
#include <optional>
#include <vector>

namespace interleave::ui {

inline constexpr double kHeadingRowPx = 22;
inline constexpr double kLeastRowPx = 18;
inline constexpr double kScrolledRowPx = 24; // where the rows don't fit anyway
inline constexpr double kMostRowPx = 60;
inline constexpr double kLanePx = 12; // each lane after the first makes its row this much higher

enum class RowKind : std::uint8_t {
    Track,
    Heading, // of a group; all there is of one that is folded
    Note,    // at the end: how many tracks are not shown
};

struct RowItem {
    TrackId track; // none for a heading
    QString name;
    int laneCount = 1; // lanes shown, one below the other; deeper spans are not
    RowKind kind = RowKind::Track;
    int trackLaneCount = 1; // lanes there are
    std::size_t group = 0;  // of a track or a heading, in RowLayout::tracks()
    bool isFolded = false;  // of a heading
    bool isPinned = false;  // of a track, or the heading of the pinned ones
    LaneView lanes = LaneView::Some;

    bool isHeading() const { return track.isNone(); }
};

/// A row in sight: where it begins on a picture of the rows alone.
struct PlacedRow {
    std::size_t row = 0;
    double top = 0;
};

class RowLayout {
public:
    RowLayout() = default;
    RowLayout(const recording::Recording& recording, Grouping grouping,
              const TrackArrangement& arrangement = {});

    std::size_t size() const { return m_rows.size(); }
    bool isEmpty() const { return m_rows.empty(); }
    const RowItem& at(std::size_t row) const { return m_rows[row]; }
    std::size_t trackRowCount() const { return m_trackRows; }
    /// The groups that the rows were made of, and how many tracks are shown and not.
    const ArrangedTracks& tracks() const { return m_tracks; }

    double topOf(std::size_t row, double rowPx) const;
    double heightOf(std::size_t row, double rowPx) const;
    double totalHeight(double rowPx) const;
    /// The row at a height; none above the first and below the last.
    std::optional<std::size_t> rowAt(double y, double rowPx) const;
    std::optional<std::size_t> rowOf(TrackId track) const;

    /// Rows of the pinned group with its heading: the first ones.
    std::size_t pinnedRowCount() const { return m_pinnedRows; }
    double pinnedHeight(double rowPx) const;
    /// What is in sight in a picture of this height scrolled by so much: the pinned rows at the
    /// top, then the others, of which the first may reach under the pinned ones.
    std::vector<PlacedRow> placedRows(double scrollPx, double heightPx, double rowPx) const;
    /// The row at a height of such a picture.
    std::optional<std::size_t> rowInSightAt(double y, double scrollPx, double rowPx) const;

    /// Few rows share the room there is; many get a fixed height and scroll.
    double rowPxFor(double availablePx) const;

private:
    void addRow(RowItem item);
    void addGroup(const recording::Recording& recording, const TrackArrangement& arrangement,
                  std::size_t group);
    void addNote();

    std::vector<RowItem> m_rows;
    std::vector<std::size_t> m_headingsBefore; // index: row
    std::vector<double> m_lanePxBefore; // index: row; what lanes after the first add. One more at
                                        // the end.
    std::vector<std::size_t> m_rowOfTrack; // index: TrackId.value - 1
    std::size_t m_trackRows = 0;
    std::size_t m_pinnedRows = 0;
    ArrangedTracks m_tracks;
};

} // namespace interleave::ui
