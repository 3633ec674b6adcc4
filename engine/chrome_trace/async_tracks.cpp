// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/async_tracks.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace interleave::chrome_trace {

namespace {

/// The rows of one operation: begins and ends, and the steps of the older kind.
class OperationRows {
public:
    OperationRows(std::vector<Row>& rows, TraceNames& names, TraceNotes notes)
        : m_rows(rows)
        , m_names(names)
        , m_pairing(rows, notes.faults, notes.details) {}

    void take(const TracePoint& point) {
        const Row row{.begin = point.timeNs, .detail = point.detail, .name = point.name};
        switch (point.phase) {
        case 'b':
        case 'S':
            m_pairing.begin(row);
            m_pastBegin = point.timeNs;
            break;
        case 'e':
        case 'F':
            endStep(point.timeNs);
            m_pairing.end(row);
            break;
        case 'T':
            endStep(point.timeNs);
            m_step = m_rows.size();
            m_pairing.addComplete(stepRow(point, point.timeNs));
            break;
        case 'p':
            m_pairing.addComplete(stepRow(point, m_pastBegin.value_or(point.timeNs)));
            m_pastBegin = point.timeNs;
            break;
        default:
            break;
        }
    }
    void finish(Nanoseconds end) {
        endStep(end);
        m_pairing.finish(end);
    }

private:
    void endStep(Nanoseconds time) {
        if (m_step) {
            m_rows[*m_step].duration = time - m_rows[*m_step].begin;
            m_step.reset();
        }
    }
    /// A step is called what its args say.
    Row stepRow(const TracePoint& point, Nanoseconds begin) {
        Row row{.begin = begin,
                .duration = point.timeNs - begin,
                .detail = point.detail,
                .name = point.name};
        forEachField(point.args, [&](std::string_view key, std::string_view value) {
            if (key == "step") {
                row.name = m_names.intern(decodeString(unquoted(value)));
            }
        });
        return row;
    }

    std::vector<Row>& m_rows;
    TraceNames& m_names;
    RowPairing m_pairing;
    std::optional<std::size_t> m_step;      // the row of the step that goes on
    std::optional<Nanoseconds> m_pastBegin; // when the step began that a `p` will end
};

/// What several operations of one name are told apart by.
std::string nameOf(std::string_view name, const TracePoint& point) {
    return point.idText.empty() ? std::string(name)
                                : fmt::format("{} {}", name, decodeString(point.idText));
}

} // namespace

std::vector<AsyncTracks::Operation> AsyncTracks::operations() const {
    std::vector<Operation> found;
    for (const auto& [key, points] : m_operations) {
        const auto begin = std::ranges::find_if(points, [](const TracePoint& point) {
            return point.phase == 'b' || point.phase == 'S';
        });
        found.push_back({(begin == points.end() ? points.begin() : begin)->name, &points});
    }
    return found;
}

void AsyncTracks::addTask(recording::RecordingBuilder& builder, TraceNames& names,
                          std::span<const Operation> operations, Nanoseconds end,
                          TraceNotes notes) {
    m_rows.clear();
    bool hasMarks = false;
    for (const Operation& operation : operations) {
        OperationRows rows(m_rows, names, notes);
        for (const TracePoint& point : *operation.points) {
            rows.take(point);
            hasMarks = hasMarks || point.phase == 'n';
        }
        rows.finish(end);
    }
    if (m_rows.empty() && !hasMarks) {
        return; // only ends
    }
    const std::string name{names.text(operations.front().name)};
    const bool isUnfinished = std::ranges::any_of(m_rows, &Row::isUnfinished);
    recording::TaskInfo info;
    info.name = operations.size() == 1 ? nameOf(name, operations.front().points->front()) : name;
    info.group = name;
    info.end = isUnfinished ? State::Cancelled : State::Done;
    info.submittedNs = operations.front().points->front().timeNs;
    info.endNs = info.submittedNs;
    for (const Row& row : m_rows) {
        info.submittedNs = std::min(info.submittedNs, row.begin);
        info.endNs = std::max(info.endNs, row.begin + row.duration);
    }
    const TaskId task = builder.addTask(std::move(info));
    ++m_taskCount;
    builder.setSpans(recording::TrackKind::Task, task.value,
                     m_packer.pack(m_rows, task, {}, notes.faults));
    for (const Operation& operation : operations) {
        for (const TracePoint& point : *operation.points) {
            if (point.phase == 'n') { // tasks' tracks come first, in the tasks' order
                builder.addMark({.timeNs = point.timeNs,
                                 .track = TrackId{task.value},
                                 .name = point.name,
                                 .detail = point.detail});
            }
        }
    }
}

void AsyncTracks::addTo(recording::RecordingBuilder& builder, TraceNames& names, Nanoseconds end,
                        TraceNotes notes) {
    std::vector<Operation> all = operations();
    if (all.size() <= kMostTracks) {
        std::ranges::stable_sort(
            all, {}, [](const Operation& operation) { return operation.points->front().timeNs; });
        for (const Operation& operation : all) {
            addTask(builder, names, {&operation, 1}, end, notes);
        }
        return;
    }
    std::ranges::stable_sort(all, {}, &Operation::name);
    for (auto from = all.begin(); from != all.end();) {
        const auto to = std::find_if(from, all.end(), [&](const Operation& operation) {
            return operation.name != from->name;
        });
        addTask(builder, names, {from, to}, end, notes);
        from = to;
    }
}

} // namespace interleave::chrome_trace
