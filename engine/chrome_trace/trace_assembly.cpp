// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_assembly.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace interleave::chrome_trace {

namespace {

bool isAsync(char phase) {
    return std::string_view("beSFTpn").find(phase) != std::string_view::npos;
}

bool isFlow(char phase) {
    return phase == 's' || phase == 't' || phase == 'f';
}

bool isInstant(char phase) {
    return phase == 'i' || phase == 'I' || phase == 'R';
}

} // namespace

TraceAssembly::TraceAssembly(std::span<const Piece> pieces, const char* textBegin)
    : m_pieces(pieces)
    , m_textBegin(textBegin) {
    m_times = {std::numeric_limits<Nanoseconds>::max(), std::numeric_limits<Nanoseconds>::min()};
    for (const Piece& piece : pieces) {
        m_times.zero = std::min(m_times.zero, piece.earliest);
        m_times.end = std::max(m_times.end, piece.latest);
        m_faults.add(piece.faults);
        m_eventCount += piece.eventCount;
    }
    if (m_times.zero > m_times.end) {
        m_times = {}; // nothing has a time
    }
}

void TraceAssembly::assemble() {
    addNames();
    addThreads();
    collectPoints();
    m_faults.add(Fault::ReusedIdentity, m_threads.addTo(m_builder));
    packThreads();
    givePoints();
}

/// Numbers of names and keys that mean the same in all pieces.
void TraceAssembly::addNames() {
    NameTable names;
    NameTable keys;
    std::vector<StringId> ids; // index: number in `names`
    for (const Piece& piece : m_pieces) {
        std::vector<StringId>& nameIds = m_nameIds.emplace_back(1);
        for (const std::string_view raw : piece.names.texts()) {
            const std::uint32_t number = names.numberOf(raw);
            if (number == ids.size()) {
                ids.push_back(m_names.intern(decodeString(raw)));
            }
            nameIds.push_back(ids[number]);
        }
        std::vector<std::uint32_t>& keyNumbers = m_keys.emplace_back(1);
        for (const std::string_view raw : piece.keys.texts()) {
            keyNumbers.push_back(keys.numberOf(raw) + 1);
        }
    }
}

void TraceAssembly::addThreads() {
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        const Piece& piece = m_pieces[i];
        std::vector<std::size_t>& indices = m_threadsOf.emplace_back();
        for (const ThreadKey& key : piece.threads) {
            indices.push_back(m_threads.indexOf(key));
        }
        const auto offset = static_cast<std::uint64_t>(piece.begin - m_textBegin);
        for (const SliceGroup& group : piece.groups) {
            TraceThread& thread = m_threads.thread(indices[group.thread]);
            thread.groups.push_back({group.first, group.count, m_nameIds[i].data(), offset - 1});
            thread.sliceCount += group.count;
        }
    }
}

/// Metadata is taken at once: it says what threads are called, wherever it stands.
void TraceAssembly::collectPoints() {
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        for (const OtherEvent& event : m_pieces[i].others) {
            const std::size_t thread = m_threadsOf[i][event.thread];
            if (event.phase == 'M') {
                const std::uint32_t name = event.name;
                m_threads.takeMetadata(
                    thread, name == 0 ? std::string_view() : m_pieces[i].names.texts()[name - 1],
                    event.args);
                continue;
            }
            TracePoint point;
            point.timeNs = event.time.rounded() - m_times.zero;
            point.phase = event.phase;
            point.scope = event.scope;
            point.bindsEnclosing = event.bindsEnclosing;
            point.thread = static_cast<std::uint32_t>(thread);
            point.name = m_nameIds[i][event.name];
            point.args = event.args;
            point.detail = event.detail;
            point.key = {.category = m_keys[i][event.category],
                         .id = m_keys[i][event.id],
                         .idScope = m_keys[i][event.idScope],
                         .idKind = event.idKind};
            if (event.id != 0) {
                point.idText = m_pieces[i].keys.texts()[event.id - 1];
            }
            const auto process = static_cast<std::uint32_t>(m_threads.thread(thread).process) + 1;
            if (event.phase == 'C') {
                point.key.category = 0;
                point.key.name = point.name.value;
                point.key.process = process;
            } else if (event.idKind == 'l') {
                point.key.process = process;
            }
            if (isFlow(event.phase)) {
                point.key.name = point.name.value;
            }
            const bool isOnThread =
                isFlow(event.phase) ||
                (isInstant(event.phase) && event.scope != 'g' && event.scope != 'p');
            m_threads.thread(thread).isMentioned |= isOnThread;
            m_points.push_back(point);
        }
    }
    std::ranges::stable_sort(m_points, {}, &TracePoint::timeNs);
}

void TraceAssembly::packThreads() {
    const std::vector<std::size_t>& shown = m_threads.shown();
    m_columns.resize(shown.size());
    tbb::enumerable_thread_specific<ThreadPacker> packers;
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, shown.size(), 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
            ThreadPacker& packer = packers.local();
            for (std::size_t i = range.begin(); i < range.end(); ++i) {
                const TraceThread& thread = m_threads.thread(shown[i]);
                m_columns[i] = packer.pack(thread.groups, thread.worker, m_times);
            }
        },
        tbb::simple_partitioner());
    for (ThreadPacker& packer : packers) {
        m_faults.add(packer.faults);
        m_details.insert(m_details.end(), packer.details.begin(), packer.details.end());
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const WorkerId worker = m_threads.thread(shown[i]).worker;
        const recording::SpanColumns& spans = m_columns[i];
        if (!spans.isEmpty()) {
            m_builder.worker(worker).life = {spans.begin[0], spans.endNs()};
        }
        builder().setSpans(recording::TrackKind::Worker, worker.value, spans);
    }
    m_hasDetails = std::ranges::any_of(m_pieces, &Piece::hasDetails);
}

/// When the next span of the worker begins: each lane is sorted by begin.
Nanoseconds TraceAssembly::nextBegin(WorkerId worker, Nanoseconds timeNs) const {
    if (worker.isNone()) {
        return timeNs;
    }
    const recording::SpanColumns& spans = m_columns[worker.value - 1];
    Nanoseconds next = std::numeric_limits<Nanoseconds>::max();
    for (const recording::SpanLane& lane : spans.lanes()) {
        std::size_t low = lane.first;
        std::size_t high = lane.end();
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (spans.begin[middle] < timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low < lane.end()) {
            next = std::min(next, spans.begin[low]);
        }
    }
    return next == std::numeric_limits<Nanoseconds>::max() ? timeNs : next;
}

void TraceAssembly::givePoints() {
    for (const TracePoint& point : m_points) {
        if (isAsync(point.phase)) {
            m_async.add(point);
        } else if (isFlow(point.phase)) {
            m_flows.add(point, m_threads.thread(point.thread).worker);
        } else if (point.phase == 'C') {
            m_counters.add(point, m_threads.processOf(point.thread).number, m_faults);
        }
    }
    m_async.addTo(m_builder, m_names, m_times.end - m_times.zero, {m_faults, m_details});
    m_counters.addTo(m_builder, m_names);
    m_flows.addTo(
        m_builder,
        [this](WorkerId worker, Nanoseconds timeNs) { return nextBegin(worker, timeNs); },
        m_faults);
    addMarks();
}

/// Workers' tracks stand behind those of the tasks, so marks come last.
void TraceAssembly::addMarks() {
    const auto tasks = m_async.taskCount();
    for (const TracePoint& point : m_points) {
        if (!isInstant(point.phase)) {
            continue;
        }
        recording::Mark mark{.timeNs = point.timeNs, .name = point.name, .detail = point.detail};
        if (point.scope == 'p') {
            mark.pid = m_threads.processOf(point.thread).number;
        } else if (point.scope != 'g') {
            mark.track = TrackId{tasks + m_threads.thread(point.thread).worker.value};
        }
        m_builder.addMark(mark);
    }
}

} // namespace interleave::chrome_trace
