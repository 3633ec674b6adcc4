// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export_links.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tbb/parallel_for.h>
#include <tuple>

namespace interleave::chrome_trace {

using recording::Link;
using recording::LinkEnd;
using recording::Recording;
using recording::SpanColumns;
using recording::SpanLane;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kLineBytes = 512;

/// The span of a lane that contains the time.
std::optional<std::size_t> spanAt(const SpanColumns& spans, const SpanLane& lane,
                                  Nanoseconds time) {
    const auto [first, last] = spans.indicesIn(lane, {time, time + 1});
    if (first == last || !spans.rangeAt(first).contains(time)) {
        return std::nullopt;
    }
    return first;
}

/// A time within the span at `time` or, failing that, within the one that ends there. An arrow
/// leaves from what has ended and arrives at what begins.
std::optional<std::pair<std::size_t, Nanoseconds>>
spanNear(const SpanColumns& spans, const SpanLane& lane, Nanoseconds time, bool isFrom) {
    const Nanoseconds before = time - 1;
    for (const Nanoseconds each : {isFrom ? before : time, isFrom ? time : before}) {
        if (const auto found = spanAt(spans, lane, each)) {
            const bool isInside = spans.rangeAt(*found).contains(time);
            return std::pair(*found, isInside ? time : each);
        }
    }
    return std::nullopt;
}

} // namespace

LinkWriter::LinkWriter(const Recording& recording, const ExportLayout& layout)
    : m_recording(recording)
    , m_layout(layout)
    , m_groupOfWorker(recording.workers.size(), kNone)
    , m_groupOfTask(recording.tasks.size(), kNone)
    , m_ends(2 * recording.links.size()) {
    for (std::size_t i = layout.groups.size(); i-- > 0;) {
        const Track& track = *layout.groups[i].track;
        if (track.kind == TrackKind::Worker) {
            m_groupOfWorker[track.subject - 1] = i;
        } else if (track.kind == TrackKind::Task) {
            m_groupOfTask[track.subject - 1] = i;
        }
    }
    tbb::parallel_for(std::size_t{0}, recording.links.size(), [this](std::size_t i) {
        m_ends[2 * i] = endOf(m_recording.links[i].from, true);
        m_ends[2 * i + 1] = endOf(m_recording.links[i].to, false);
    });
}

WorkerId LinkWriter::workerOf(const LinkEnd& end, bool isFrom) const {
    if (end.worker && end.worker.value <= m_groupOfWorker.size()) {
        return end.worker;
    }
    if (!end.task || end.task.value > m_groupOfTask.size() ||
        m_groupOfTask[end.task.value - 1] == kNone) {
        return {};
    }
    const LaneGroup& group = m_layout.groups[m_groupOfTask[end.task.value - 1]];
    const SpanColumns& spans = group.track->spans;
    const auto near = spanNear(spans, spans.lanes()[group.firstLane], end.timeNs, isFrom);
    return near ? spans.worker[near->first] : WorkerId{};
}

LinkWriter::End LinkWriter::endOf(const LinkEnd& end, bool isFrom) const {
    const WorkerId worker = workerOf(end, isFrom);
    if (!worker) {
        return {m_layout.elsewhere, end.timeNs, false};
    }
    const ThreadPlace place = m_layout.workers[worker.value - 1];
    if (m_groupOfWorker[worker.value - 1] == kNone) {
        return {place, end.timeNs, false};
    }
    const LaneGroup& group = m_layout.groups[m_groupOfWorker[worker.value - 1]];
    const SpanColumns& spans = group.track->spans;
    const auto near = spanNear(spans, spans.lanes()[group.firstLane], end.timeNs, isFrom);
    return near ? End{group.place, near->second, true} : End{group.place, end.timeNs, false};
}

void LinkWriter::writeAnchors(TextBuffer& to) const {
    std::vector<std::tuple<std::uint32_t, std::uint32_t, Nanoseconds>> anchors;
    for (const End& end : m_ends) {
        if (!end.hasSlice) {
            anchors.emplace_back(end.place.pid, end.place.tid, end.timeNs);
        }
    }
    std::ranges::sort(anchors);
    anchors.erase(std::ranges::unique(anchors).begin(), anchors.end());
    for (const auto& [pid, tid, time] : anchors) {
        char* at = interleave::write(to.room(kLineBytes), ",\n{\"ph\":\"X\",\"pid\":");
        at = interleave::write(writeNumber(at, pid), ",\"tid\":");
        at = interleave::write(writeNumber(at, tid), ",\"ts\":");
        at = interleave::write(writeMicroseconds(at, time),
                               ",\"dur\":0.001,\"name\":\"link\",\"cat\":\"anchor\"}");
        to.setEnd(at);
    }
}

void LinkWriter::writeEnd(std::size_t link, bool isFrom, TextBuffer& to) const {
    const Link& each = m_recording.links[link];
    const End& end = m_ends[2 * link + (isFrom ? 0 : 1)];
    char* at = to.room(kLineBytes);
    at = isFrom ? interleave::write(at, ",\n{\"ph\":\"s\",\"pid\":")
                : interleave::write(at, ",\n{\"ph\":\"f\",\"bp\":\"e\",\"pid\":");
    at = interleave::write(writeNumber(at, end.place.pid), ",\"tid\":");
    at = interleave::write(writeNumber(at, end.place.tid), ",\"ts\":");
    at = interleave::write(writeMicroseconds(at, end.timeNs), ",\"id\":");
    at = interleave::write(writeNumber(at, std::uint64_t{link + 1}), ",\"cat\":\"");
    at = interleave::write(at, recording::nameOf(each.kind));
    at = interleave::write(at, "\",\"name\":\"");
    at = interleave::write(at, recording::nameOf(each.kind));
    *at++ = '"';
    if (isFrom) { // both ends, so that the other event isn't needed to restore the link
        const auto writeLinkEnd = [&at](const LinkEnd& what) {
            at = interleave::write(writeNumber(at, what.timeNs), ",");
            at = interleave::write(writeNumber(at, what.task.value), ",");
            at = writeNumber(at, what.worker.value);
        };
        at = interleave::write(at, ",\"args\":{\"from\":[");
        writeLinkEnd(each.from);
        at = interleave::write(at, "],\"to\":[");
        writeLinkEnd(each.to);
        *at++ = ']';
        if (each.object) {
            at = writeNumber(interleave::write(at, ",\"object\":"), each.object.value);
        }
        if (each.isForced) {
            at = interleave::write(at, ",\"forced\":true");
        }
        *at++ = '}';
    }
    *at++ = '}';
    to.setEnd(at);
}

void LinkWriter::write(std::size_t first, std::size_t last, TextBuffer& to) const {
    for (std::size_t i = first; i < last; ++i) {
        writeEnd(i, true, to);
        writeEnd(i, false, to);
    }
}

} // namespace interleave::chrome_trace
