// SPDX-License-Identifier: GPL-3.0-or-later
// SpanRows: the spans of a range as numbered rows, without a list of them: tracks as the Gantt
// shows them, in each track lane by lane, in a lane by time. Ten million rows are a few thousand
// pieces, found by binary search. Also the rows as text for other programs.
#pragma once

#include "ui/view_state/view_state.h"

#include <optional>
#include <vector>

namespace interleave::ui {

class SpanRows {
public:
    using RecordingPtr = ViewState::RecordingPtr;

    SpanRows() = default;
    /// Of the tracks that are not hidden, or of one alone.
    SpanRows(RecordingPtr recording, Grouping grouping, const TrackArrangement& arrangement,
             TimeRange range, std::optional<TrackId> only = std::nullopt);

    std::uint64_t size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    const RecordingPtr& recording() const { return m_recording; }
    SpanRef at(std::uint64_t row) const;
    std::optional<std::uint64_t> rowOf(SpanRef span) const;

private:
    struct Piece {
        TrackId track;
        std::size_t first = 0;
        std::size_t last = 0;
        std::uint64_t row = 0; // of its first span
    };

    void addTrack(TrackId track, TimeRange range);

    RecordingPtr m_recording;
    std::vector<Piece> m_pieces;
    std::uint64_t m_size = 0;
};

enum class TableFormat : std::uint8_t { Tabs, Commas };
/// Rows [first, last) with a line of headers; times in nanoseconds, as `spans --csv` writes them.
QByteArray spanTable(const SpanRows& rows, std::uint64_t first, std::uint64_t last,
                     TableFormat format);

} // namespace interleave::ui
