// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/span_rows.h"

#include <QByteArray>

#include <algorithm>

namespace interleave::ui {

using recording::Recording;
using recording::Span;
using recording::Track;

namespace {

void append(QByteArray& text, std::string_view cell, TableFormat format) {
    const auto raw = QByteArray::fromRawData(cell.data(), static_cast<qsizetype>(cell.size()));
    if (format == TableFormat::Tabs) {
        const qsizetype begin = text.size();
        text.append(raw);
        for (qsizetype i = begin; i < text.size(); ++i) {
            if (text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
                text[i] = ' '; // a cell is one cell
            }
        }
        return;
    }
    const bool needsQuotes = cell.find_first_of(",\"\n\r") != std::string_view::npos;
    if (!needsQuotes) {
        text.append(raw);
        return;
    }
    text.append('"');
    text.append(QByteArray(cell.data(), static_cast<qsizetype>(cell.size())).replace('"', "\"\""));
    text.append('"');
}

void appendRow(QByteArray& text, const Recording& recording, SpanRef ref, TableFormat format) {
    const char separator = format == TableFormat::Tabs ? '\t' : ',';
    const Track& track = recording.track(ref.track);
    const Span span = track.spans.at(ref.index);
    const auto cell = [&](std::string_view value) {
        append(text, value, format);
        text.append(separator);
    };
    cell(track.name);
    cell(span.task ? std::string_view(recording.task(span.task).name) : std::string_view());
    cell(span.worker ? std::string_view(recording.worker(span.worker).name) : std::string_view());
    cell(nameOf(span.state));
    cell(recording.strings.text(span.name));
    cell(recording.strings.text(span.cause));
    text.append(QByteArray::number(span.range.beginNs));
    text.append(separator);
    text.append(QByteArray::number(span.range.durationNs()));
    text.append(separator);
    text.append(QByteArray::number(span.depth));
    text.append('\n');
}

} // namespace

SpanRows::SpanRows(RecordingPtr recording, Grouping grouping, const TrackArrangement& arrangement,
                   TimeRange range, std::optional<TrackId> only)
    : m_recording(std::move(recording)) {
    if (only) {
        addTrack(*only, range);
        return;
    }
    for (const TrackGroup& group : arrangedTracks(*m_recording, grouping, arrangement).groups) {
        for (const TrackId track : group.tracks) {
            addTrack(track, range);
        }
    }
}

void SpanRows::addTrack(TrackId track, TimeRange range) {
    const recording::SpanColumns& spans = m_recording->track(track).spans;
    for (const recording::SpanLane& lane : spans.lanes()) {
        const auto [first, last] = spans.indicesIn(lane, range);
        if (first < last) {
            m_pieces.push_back({track, first, last, m_size});
            m_size += last - first;
        }
    }
}

SpanRef SpanRows::at(std::uint64_t row) const {
    const auto after = std::ranges::upper_bound(m_pieces, row, {}, &Piece::row);
    const Piece& piece = *std::prev(after);
    return {piece.track, piece.first + static_cast<std::size_t>(row - piece.row)};
}

std::optional<std::uint64_t> SpanRows::rowOf(SpanRef span) const {
    for (const Piece& piece : m_pieces) {
        if (piece.track == span.track && span.index >= piece.first && span.index < piece.last) {
            return piece.row + (span.index - piece.first);
        }
    }
    return std::nullopt;
}

QByteArray spanTable(const SpanRows& rows, std::uint64_t first, std::uint64_t last,
                     TableFormat format) {
    QByteArray text("track,task,worker,state,name,cause,begin_ns,duration_ns,depth\n");
    if (format == TableFormat::Tabs) {
        text.replace(',', '\t');
    }
    for (std::uint64_t row = first; row < std::min(last, rows.size()); ++row) {
        appendRow(text, *rows.recording(), rows.at(row), format);
    }
    return text;
}

} // namespace interleave::ui
