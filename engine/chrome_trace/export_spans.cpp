// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export_spans.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace interleave::chrome_trace {

using recording::kBlockValues;
using recording::Recording;
using recording::SpanColumns;
using recording::SpanLane;
using recording::StateColumn;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::size_t kPartSpans = 4096;
constexpr Nanoseconds kEarliest = std::numeric_limits<Nanoseconds>::min();
constexpr Nanoseconds kEnd = std::numeric_limits<Nanoseconds>::max();

/// A span as it lies in its columns.
struct SpanRow {
    Nanoseconds beginNs = 0;
    Nanoseconds durationNs = 0;
    std::int64_t stateAndMarks = 0;
    TaskId task{};
    WorkerId worker{};
    StringId name{};
    StringId cause{};
    std::int16_t core = -1;
    std::uint64_t detail = 0;

    State state() const { return StateColumn::stateOf(stateAndMarks); }
};

SpanRow rowAt(const SpanColumns& spans, std::size_t index) {
    return {spans.begin[index], spans.duration[index], spans.state.packed().at(index),
            spans.task[index],  spans.worker[index],   spans.name[index],
            spans.cause[index], spans.core[index],     spans.detail[index]};
}

/// Calls function(row) for [first, last), a block of 256 unpacked at a time.
template <class Function>
void forEachRow(const SpanColumns& spans, std::size_t first, std::size_t last,
                Function&& function) {
    using Block = std::array<std::int64_t, kBlockValues>;
    std::array<Block, SpanColumns::kColumns> blocks;
    const std::array<const recording::PackedColumn*, SpanColumns::kColumns> columns{
        &spans.begin.packed(), &spans.duration.packed(), &spans.state.packed(),
        &spans.task.packed(),  &spans.worker.packed(),   &spans.name.packed(),
        &spans.cause.packed(), &spans.core.packed(),     &spans.detail.packed()};
    while (first < last) {
        const std::size_t count = std::min(kBlockValues - first % kBlockValues, last - first);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            columns[c]->unpack(first, count, blocks[c].data());
        }
        for (std::size_t i = 0; i < count; ++i) {
            function(SpanRow{blocks[0][i], blocks[1][i], blocks[2][i],
                             spans.task.idOf(blocks[3][i]), spans.worker.idOf(blocks[4][i]),
                             spans.name.idOf(blocks[5][i]), spans.cause.idOf(blocks[6][i]),
                             static_cast<std::int16_t>(blocks[7][i]),
                             static_cast<std::uint64_t>(blocks[8][i])});
        }
        first += count;
    }
}

/// States in which a span does what its name says; in the others it waits, and for what is more
/// worth reading than with what it will go on.
constexpr bool saysItsName(State state) {
    return state == State::Running || state == State::Held || state == State::Other;
}

/// The writer of one group: what its lines begin with, and what need not be said in them.
class LineWriter {
public:
    LineWriter(const Recording& recording, const ExportTexts& texts, const LaneGroup& group,
               TextBuffer& to)
        : m_recording(recording)
        , m_texts(texts)
        , m_group(group)
        , m_kind(group.track->kind)
        , m_subject(group.track->subject)
        , m_to(to)
        , m_mostBytes(1024 + group.id.size() + 3 * texts.strings.longest() + texts.tasks.longest() +
                      texts.workers.longest()) {
        const std::string place = ",\"pid\":" + std::to_string(group.place.pid) +
                                  ",\"tid\":" + std::to_string(group.place.tid) + ",\"ts\":";
        if (group.isAsync) {
            const std::string identity = std::string(",\"cat\":\"") +
                                         (m_kind == TrackKind::Task ? "task" : "queue") +
                                         "\",\"id\":\"" + group.id + '"' + place;
            m_begin = ",\n{\"ph\":\"b\"" + identity;
            m_end = ",\n{\"ph\":\"e\"" + identity;
        } else {
            m_begin = ",\n{\"ph\":\"X\"" + place;
        }
    }

    void writeSlice(const SpanRow& row, std::size_t depth) {
        char* at = writeStart(m_begin, row.beginNs);
        at = interleave::write(at, ",\"dur\":");
        at = writeMicroseconds(at, row.durationNs);
        const std::string_view name = nameOf(row);
        at = interleave::write(at, ",\"name\":");
        at = writeShort(at, name);
        at = interleave::write(at, ",\"cat\":");
        at = writeShort(at, m_texts.states[static_cast<std::size_t>(row.state())]);
        at = writeArgs(at, row, depth, false);
        finish(at, row);
    }

    void writeBegin(const SpanRow& row, std::size_t depth) {
        char* at = writeStart(m_begin, row.beginNs);
        at = interleave::write(at, ",\"name\":");
        at = writeShort(at, nameOf(row));
        at = writeArgs(at, row, depth, true);
        finish(at, row);
    }

    void writeEnd(const SpanRow& row) {
        char* at = writeStart(m_end, endOf(row));
        at = interleave::write(at, ",\"name\":");
        at = writeShort(at, nameOf(row));
        *at++ = '}';
        m_to.setEnd(at);
    }

    /// The slice around all of an async group, which gives the row its name.
    void writeAround(bool isBegin, Nanoseconds timeNs) {
        std::string rest = ",\"name\":";
        appendJsonString(rest, m_group.title);
        if (isBegin && m_kind == TrackKind::Task) {
            const recording::TaskInfo& task = m_recording.tasks[m_subject - 1];
            rest += ",\"args\":{\"group\":";
            appendJsonString(rest, task.group);
            rest += ",\"end\":\"";
            rest += interleave::nameOf(task.end);
            rest += "\"}";
        }
        rest += '}';
        m_to.setEnd(writeStart(isBegin ? m_begin : m_end, timeNs));
        m_to.append(rest);
    }

    static Nanoseconds endOf(const SpanRow& row) {
        return static_cast<Nanoseconds>(static_cast<std::uint64_t>(row.beginNs) +
                                        static_cast<std::uint64_t>(row.durationNs));
    }

private:
    char* writeStart(const std::string& prefix, Nanoseconds timeNs) {
        char* at = m_to.room(m_mostBytes);
        return writeMicroseconds(interleave::write(at, prefix), timeNs);
    }

    std::string_view nameOf(const SpanRow& row) const {
        if (saysItsName(row.state())) {
            if (row.name) {
                return m_texts.strings[row.name.value];
            }
            const bool isOwnTask = m_kind == TrackKind::Task && row.task.value == m_subject;
            if (row.task && !isOwnTask) {
                return m_texts.tasks[row.task.value - 1];
            }
            if (row.worker && m_kind == TrackKind::Lock) {
                return m_texts.workers[row.worker.value - 1];
            }
        } else if (m_kind == TrackKind::Queue && row.task) {
            return m_texts.tasks[row.task.value - 1];
        }
        return m_texts.states[static_cast<std::size_t>(row.state())];
    }

    template <std::size_t N>
    static char* writeKey(char* at, bool& isFirst, const char (&key)[N]) {
        if (isFirst) {
            at = interleave::write(at, ",\"args\":{\"");
            isFirst = false;
        } else {
            at = interleave::write(at, ",\"");
        }
        at = interleave::write(at, key);
        return interleave::write(at, "\":");
    }

    // Whatever restore.cpp reads; what is left out there means the default.
    char* writeArgs(char* at, const SpanRow& row, std::size_t depth, bool isAsync) {
        bool isFirst = true;
        if (isAsync) {
            at = writeKey(at, isFirst, "state");
            at = writeShort(at, m_texts.states[static_cast<std::size_t>(row.state())]);
            at = writeKey(at, isFirst, "dur");
            at = writeMicroseconds(at, row.durationNs);
        }
        at = writeNameArgs(at, isFirst, row);
        at = writeIdArgs(at, isFirst, row);
        if (row.cause) {
            at = writeKey(at, isFirst, "cause");
            at = writeShort(at, m_texts.strings[row.cause.value]);
            if (!m_texts.strings.isExact(row.cause.value)) {
                at = writeKey(at, isFirst, "cause_id");
                at = writeNumber(at, row.cause.value);
            }
        }
        if ((row.stateAndMarks & StateColumn::kPreempted) != 0) {
            at = writeKey(at, isFirst, "preempted");
            at = interleave::write(at, "true");
        }
        if ((row.stateAndMarks & StateColumn::kUnfinished) != 0) {
            at = writeKey(at, isFirst, "unfinished");
            at = interleave::write(at, "true");
        }
        if (depth != 0) {
            at = writeKey(at, isFirst, "depth");
            at = writeNumber(at, std::uint64_t{depth});
        }
        if (row.detail != 0 && m_recording.details != nullptr) {
            at = writeKey(at, isFirst, "detail"); // its text is appended by finish()
        }
        m_hasArgs = !isFirst;
        return at;
    }

    char* writeNameArgs(char* at, bool& isFirst, const SpanRow& row) {
        if (saysItsName(row.state())) {
            if (!row.name) {
                at = writeKey(at, isFirst, "unnamed");
                at = interleave::write(at, "true");
            }
        } else if (row.name) {
            at = writeKey(at, isFirst, "step");
            at = writeShort(at, m_texts.strings[row.name.value]);
        }
        if (row.name && !m_texts.strings.isExact(row.name.value)) {
            at = writeKey(at, isFirst, "name_id");
            at = writeNumber(at, row.name.value);
        }
        return at;
    }

    char* writeIdArgs(char* at, bool& isFirst, const SpanRow& row) {
        if (row.task.value != (m_kind == TrackKind::Task ? m_subject : 0)) {
            at = writeKey(at, isFirst, "task");
            at = writeNumber(at, row.task.value);
        }
        if (row.worker.value != (m_kind == TrackKind::Worker ? m_subject : 0)) {
            at = writeKey(at, isFirst, "worker");
            at = writeNumber(at, row.worker.value);
        }
        if (row.core != (m_kind == TrackKind::Core ? static_cast<std::int64_t>(m_subject) : -1)) {
            at = writeKey(at, isFirst, "core");
            at = writeNumber(at, std::int64_t{row.core});
        }
        return at;
    }

    void finish(char* at, const SpanRow& row) {
        if (row.detail != 0 && m_recording.details != nullptr) [[unlikely]] {
            m_to.setEnd(at);
            m_to.append(detailJson(m_recording.details->text(row.detail)));
            at = m_to.room(8);
        }
        if (m_hasArgs) {
            *at++ = '}';
        }
        *at++ = '}';
        m_to.setEnd(at);
    }

    const Recording& m_recording;
    const ExportTexts& m_texts;
    const LaneGroup& m_group;
    TrackKind m_kind;
    std::uint32_t m_subject;
    TextBuffer& m_to;
    std::size_t m_mostBytes;
    std::string m_begin;
    std::string m_end;
    bool m_hasArgs = false;
};

/// The first span of a lane that begins at or after the time.
std::size_t firstFrom(const SpanColumns& spans, const SpanLane& lane, Nanoseconds time) {
    std::size_t low = lane.first;
    std::size_t high = lane.end();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (spans.begin[middle] < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/// Walks the nested lanes of an async group in order of time, with the spans that are open as a
/// stack: its depth is the lane's, because each lane lies within the one above.
class AsyncWalk {
public:
    AsyncWalk(const LaneGroup& group, const SpanPart& part, LineWriter& lines)
        : m_group(group)
        , m_spans(group.track->spans)
        , m_part(part)
        , m_lines(lines) {
        const auto lanes = m_spans.lanes().subspan(group.firstLane, group.laneCount);
        for (const SpanLane& lane : lanes) {
            if (part.isFirst) {
                m_next.push_back(lane.first);
                m_ends.push_back(lane.end());
                continue;
            }
            m_next.push_back(firstToWrite(lane));
            m_ends.push_back(lane.end());
            // Begun before this part and still open: another part has written its begin.
            const std::size_t next = m_next.back();
            if (m_open.size() + 1 == m_next.size() && next > lane.first) {
                const SpanRow row = rowAt(m_spans, next - 1);
                if (row.durationNs > 0 && LineWriter::endOf(row) > part.fromNs) {
                    m_open.push_back(row);
                }
            }
        }
    }

    void walk() {
        while (true) {
            const std::size_t lane = m_open.size();
            const bool hasNext = lane < m_next.size() && m_next[lane] < m_ends[lane];
            if (hasNext && isWithinTop(m_next[lane], lane)) {
                const Nanoseconds begin = m_spans.begin[m_next[lane]];
                // An empty span at the very end of its parent belongs to the parent's part.
                const bool isAtEnd = !m_open.empty() && begin == LineWriter::endOf(m_open.back());
                if (!m_part.isLast && begin >= m_part.untilNs && !isAtEnd) {
                    return;
                }
                m_open.push_back(rowAt(m_spans, m_next[lane]++));
                m_lines.writeBegin(m_open.back(), m_group.firstLane + lane);
                continue;
            }
            if (m_open.empty()) {
                return;
            }
            const SpanRow& top = m_open.back();
            if (!m_part.isLast && top.durationNs > 0 && LineWriter::endOf(top) > m_part.untilNs) {
                return;
            }
            m_lines.writeEnd(top);
            m_open.pop_back();
        }
    }

private:
    /// The next lane down, with the lanes above it known already.
    std::size_t firstToWrite(const SpanLane& lane) const {
        std::size_t next = firstFrom(m_spans, lane, m_part.fromNs);
        if (m_next.empty() || m_open.size() == m_next.size()) {
            return next;
        }
        const std::size_t parent = m_next.back();
        const bool beginsAnew = parent < m_ends.back() && m_spans.begin[parent] == m_part.fromNs;
        while (!beginsAnew && next < lane.end() && m_spans.begin[next] == m_part.fromNs &&
               m_spans.duration[next] == 0) {
            ++next; // at the very end of a parent in an earlier part, which has written both
        }
        return next;
    }

    /// Whether the next span of a lane comes before the end of the innermost open one. At the very
    /// end, an empty one still lies within it, unless the next parent begins there as well.
    bool isWithinTop(std::size_t index, std::size_t lane) const {
        if (m_open.empty()) {
            return true;
        }
        const Nanoseconds begin = m_spans.begin[index];
        const Nanoseconds end = LineWriter::endOf(m_open.back());
        if (begin != end) {
            return begin < end;
        }
        const std::size_t sibling = m_next[lane - 1];
        return sibling >= m_ends[lane - 1] || m_spans.begin[sibling] > begin;
    }

    const LaneGroup& m_group;
    const SpanColumns& m_spans;
    const SpanPart& m_part;
    LineWriter& m_lines;
    std::vector<std::size_t> m_next; // by lane of the group
    std::vector<std::size_t> m_ends;
    std::vector<SpanRow> m_open;
};

void addSliceParts(const LaneGroup& group, std::size_t number, std::vector<SpanPart>& parts) {
    const auto lanes = group.track->spans.lanes().subspan(group.firstLane, group.laneCount);
    for (const SpanLane& lane : lanes) {
        for (std::size_t i = lane.first; i < lane.end(); i += kPartSpans) {
            const std::size_t last = std::min(i + kPartSpans, lane.end());
            parts.push_back({.group = number, .first = i, .last = last, .weight = last - i});
        }
    }
}

/// Cuts where some lane has made a part's share of spans, so that no part has many times more.
void addAsyncParts(const LaneGroup& group, std::size_t number, std::vector<SpanPart>& parts) {
    const SpanColumns& spans = group.track->spans;
    std::vector<Nanoseconds> cuts;
    std::size_t count = 0;
    for (const SpanLane& lane : spans.lanes().subspan(group.firstLane, group.laneCount)) {
        count += lane.count;
        for (std::size_t i = lane.first + kPartSpans; i < lane.end(); i += kPartSpans) {
            cuts.push_back(spans.begin[i]);
        }
    }
    std::ranges::sort(cuts);
    cuts.erase(std::ranges::unique(cuts).begin(), cuts.end());
    const std::size_t weight = count / (cuts.size() + 1) + 1;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        parts.push_back({.group = number,
                         .fromNs = i == 0 ? kEarliest : cuts[i - 1],
                         .untilNs = i == cuts.size() ? kEnd : cuts[i],
                         .isFirst = i == 0,
                         .isLast = i == cuts.size(),
                         .weight = weight});
    }
}

} // namespace

ExportTexts::ExportTexts(const Recording& recording) {
    for (std::uint32_t i = 0; i < recording.strings.size(); ++i) {
        strings.add(recording.strings.text(StringId{i}));
    }
    for (const recording::TaskInfo& task : recording.tasks) {
        tasks.add(task.name);
    }
    for (const recording::WorkerInfo& worker : recording.workers) {
        workers.add(worker.name);
    }
    for (int i = 0; i < kStateCount; ++i) {
        states.add(nameOf(static_cast<State>(i)));
    }
    strings.finish();
    tasks.finish();
    workers.finish();
    states.finish();
}

std::vector<SpanPart> SpanWriter::parts() const {
    std::vector<SpanPart> parts;
    for (std::size_t i = 0; i < m_layout.groups.size(); ++i) {
        const LaneGroup& group = m_layout.groups[i];
        group.isAsync ? addAsyncParts(group, i, parts) : addSliceParts(group, i, parts);
    }
    return parts;
}

void SpanWriter::write(const SpanPart& part, TextBuffer& to) const {
    m_layout.groups[part.group].isAsync ? writeAsync(part, to) : writeSlices(part, to);
}

void SpanWriter::writeSlices(const SpanPart& part, TextBuffer& to) const {
    const LaneGroup& group = m_layout.groups[part.group];
    const SpanColumns& spans = group.track->spans;
    const std::size_t depth = spans.depthAt(part.first);
    LineWriter lines(m_recording, m_texts, group, to);
    forEachRow(spans, part.first, part.last,
               [&](const SpanRow& row) { lines.writeSlice(row, depth); });
}

void SpanWriter::writeAsync(const SpanPart& part, TextBuffer& to) const {
    const LaneGroup& group = m_layout.groups[part.group];
    const SpanColumns& spans = group.track->spans;
    const SpanLane& outermost = spans.lanes()[group.firstLane];
    LineWriter lines(m_recording, m_texts, group, to);
    if (part.isFirst) {
        lines.writeAround(true, spans.begin[outermost.first]);
    }
    AsyncWalk(group, part, lines).walk();
    if (part.isLast) {
        lines.writeAround(false, spans.rangeAt(outermost.end() - 1).endNs);
    }
}

} // namespace interleave::chrome_trace
