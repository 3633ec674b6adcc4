// SPDX-License-Identifier: GPL-3.0-or-later
// RowLayout: which rows the Gantt has, in which order, under which headings, and where each lies.
// Positions are arithmetic on two prefix counts, so ten thousand rows cost nothing until they are
// in sight. Pixels here are of the whole list, before scrolling.
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

struct RowItem {
    TrackId track; // none for a heading
    QString name;
    int laneCount = 1; // spans of different depth lie above one another

    bool isHeading() const { return track.isNone(); }
};

class RowLayout {
public:
    RowLayout() = default;
    RowLayout(const recording::Recording& recording, Grouping grouping);

    std::size_t size() const { return m_rows.size(); }
    bool isEmpty() const { return m_rows.empty(); }
    const RowItem& at(std::size_t row) const { return m_rows[row]; }
    std::size_t trackRowCount() const { return m_trackRows; }

    double topOf(std::size_t row, double rowPx) const;
    double heightOf(std::size_t row, double rowPx) const;
    double totalHeight(double rowPx) const;
    /// The row at a height; none above the first and below the last.
    std::optional<std::size_t> rowAt(double y, double rowPx) const;
    std::optional<std::size_t> rowOf(TrackId track) const;

    /// Few rows share the room there is; many get a fixed height and scroll.
    double rowPxFor(double availablePx) const;

private:
    void addHeading(const QString& name);
    void addTrack(const recording::Track& track);
    void addTasks(const recording::Recording& recording);
    void addWorkers(const recording::Recording& recording);
    void addAll(const recording::Recording& recording, recording::TrackKind kind,
                const QString& heading);

    std::vector<RowItem> m_rows;
    std::vector<std::size_t> m_headingsBefore; // index: row
    std::vector<std::size_t> m_rowOfTrack;     // index: TrackId.value - 1; m_rows.size() if none
    std::size_t m_trackRows = 0;
};

} // namespace interleave::ui
