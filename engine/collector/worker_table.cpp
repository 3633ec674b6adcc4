// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/worker_table.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace interleave::collector {

using record::EventKind;
using record::StreamRole;

namespace {

/// A control stream that executes tasks as well is a worker like the others.
bool executesTasks(const StreamEvents& stream) {
    return stream.info.role == StreamRole::Worker ||
           std::ranges::any_of(stream.events, [](const TimedEvent& event) {
               return event.kind == record::kindOf(State::Running);
           });
}

std::optional<Nanoseconds> cpuTimeOf(const StreamEvents& stream) {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> last;
    for (const TimedEvent& event : stream.events) {
        if (event.kind == EventKind::ThreadCpuTime) {
            const std::uint64_t ns = event.a | std::uint64_t{event.b} << 32;
            last = first ? std::optional(ns) : std::nullopt;
            first = first ? first : ns;
        }
    }
    if (!last || *last < *first) {
        return std::nullopt;
    }
    return static_cast<Nanoseconds>(*last - *first);
}

/// Begin and end as the stream says; without a begin or an end mark, its first and last event.
TimeRange livedBy(const StreamEvents& stream, bool& isEndSeen) {
    TimeRange life{stream.events.front().ns, stream.events.front().ns};
    for (const TimedEvent& event : stream.events) {
        life.beginNs = std::min(life.beginNs, event.ns);
        life.endNs = std::max(life.endNs, event.ns);
    }
    for (const TimedEvent& event : stream.events) {
        if (event.kind == EventKind::ThreadStarted) {
            life.beginNs = event.ns;
        } else if (event.kind == EventKind::ThreadEnded) {
            life.endNs = event.ns;
            isEndSeen = true;
        }
    }
    life.endNs = std::max(life.beginNs, life.endNs);
    return life;
}

void appendClipped(const std::vector<CoreSlice>& slices, TimeRange range,
                   std::vector<CoreSlice>& result) {
    auto slice = std::ranges::upper_bound(slices, range.beginNs, {},
                                          [](const CoreSlice& s) { return s.range.endNs; });
    for (; slice != slices.end() && slice->range.beginNs < range.endNs; ++slice) {
        CoreSlice clipped = *slice;
        clipped.range = slice->range.intersected(range);
        if (clipped.range.endNs < slice->range.endNs) {
            clipped.isEndSeen = clipped.isPreempted = false;
        }
        if (!clipped.range.isEmpty()) {
            result.push_back(clipped);
        }
    }
}

/// The parts of `life` in which no other worker has the same thread.
std::vector<TimeRange> partsWithout(TimeRange life, std::vector<TimeRange> others) {
    std::ranges::sort(others, {}, &TimeRange::beginNs);
    std::vector<TimeRange> parts;
    Nanoseconds at = life.beginNs;
    for (const TimeRange other : others) {
        if (other.beginNs > at) {
            parts.push_back({at, std::min(other.beginNs, life.endNs)});
        }
        at = std::max(at, other.endNs);
    }
    parts.push_back({at, std::max(at, life.endNs)});
    return parts;
}

/// When the threads of each number begin, in order: numbers are used again.
using ThreadBegins = std::unordered_map<std::uint32_t, std::vector<Nanoseconds>>;

ThreadBegins threadBegins(const std::vector<StreamEvents>& streams) {
    ThreadBegins begins;
    for (const StreamEvents& stream : streams) {
        if (stream.isAgents && !stream.events.empty()) {
            begins[stream.tid].push_back(stream.events.front().ns);
        }
    }
    for (auto& [tid, times] : begins) {
        std::ranges::sort(times);
    }
    return begins;
}

/// When another thread of the same number begins, after a moment.
Nanoseconds reuseOfThread(const ThreadBegins& begins, std::uint32_t tid, Nanoseconds after) {
    const auto found = begins.find(tid);
    if (found == begins.end()) {
        return std::numeric_limits<Nanoseconds>::max();
    }
    const auto next = std::ranges::upper_bound(found->second, after);
    return next == found->second.end() ? std::numeric_limits<Nanoseconds>::max() : *next;
}

/// "worker 10" comes after "worker 9".
std::pair<std::string_view, std::uint64_t> nameOrder(std::string_view name) {
    const auto digits = name.find_last_not_of("0123456789") + 1; // npos + 1 is 0
    std::uint64_t number = 0;
    std::from_chars(name.data() + digits, name.data() + name.size(), number);
    return {name.substr(0, digits), number};
}

void countSwitches(const WorkerThread& thread, recording::RecordingBuilder& builder) {
    recording::WorkerInfo& info = builder.worker(thread.id);
    for (std::size_t i = 0; i < thread.slices.size(); ++i) {
        const CoreSlice& slice = thread.slices[i];
        if (slice.isEndSeen) {
            ++(slice.isPreempted ? info.involuntarySwitches : info.voluntarySwitches);
        }
        if (slice.isEndSeen && !thread.isControl) {
            builder.addSwitch({slice.range.endNs, thread.id, slice.core, slice.isPreempted});
        }
        info.migrations += i > 0 && thread.slices[i - 1].core != slice.core ? 1U : 0U;
    }
}

} // namespace

WorkerTable WorkerTable::build(const std::vector<StreamEvents>& streams, const CoreTime& cores,
                               const ProcessLives& processes, TimeRange range,
                               recording::RecordingBuilder& builder, Oddities& oddities) {
    struct Entry {
        std::uint32_t stream;
        bool isControl;
        bool isEndSeen = false;
        TimeRange life;
    };
    const ThreadBegins begins = threadBegins(streams);
    std::vector<Entry> entries;
    std::map<std::uint32_t, std::vector<TimeRange>> workerLives; // by thread
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        if (!streams[i].isProgram() || streams[i].events.empty()) {
            continue;
        }
        Entry entry{i, !executesTasks(streams[i]), false, {}};
        entry.life = livedBy(streams[i], entry.isEndSeen);
        const auto slices = cores.byThread.find(streams[i].tid);
        if (streams[i].isAgents) {
            if (!entry.isEndSeen) {
                entry.life.endNs =
                    std::max(entry.life.endNs,
                             std::min(processes.of(streams[i].segment).endNs,
                                      reuseOfThread(begins, streams[i].tid, entry.life.beginNs)));
            }
        } else if (!entry.isEndSeen && slices != cores.byThread.end()) {
            // The kernel saw the thread for longer than it could write.
            entry.life.endNs = std::max(entry.life.endNs, slices->second.back().range.endNs);
        }
        if (!entry.isControl) {
            workerLives[streams[i].tid].push_back(entry.life);
        }
        entries.push_back(entry);
    }
    std::ranges::stable_sort(entries, {}, [&](const Entry& entry) {
        const StreamEvents& stream = streams[entry.stream];
        return stream.isAgents && stream.info.tid == 0
                   ? std::tuple(!entry.isControl, true, processes.of(stream.segment).beginNs,
                                stream.segment, nameOrder({}), entry.life.beginNs)
                   : std::tuple(!entry.isControl, stream.isAgents, Nanoseconds{0}, std::uint32_t{0},
                                nameOrder(stream.info.name), entry.life.beginNs);
    });

    WorkerTable table;
    table.m_byStream.assign(streams.size(), -1);
    for (const Entry& entry : entries) {
        const StreamEvents& stream = streams[entry.stream];
        WorkerThread thread;
        thread.pid = stream.pid;
        thread.tid = stream.tid;
        thread.life = entry.life;
        thread.isControl = entry.isControl;
        thread.isEndSeen = entry.isEndSeen;
        if (const auto found = cores.byThread.find(stream.tid); found != cores.byThread.end()) {
            const auto parts = entry.isControl ? partsWithout(entry.life, workerLives[stream.tid])
                                               : std::vector{entry.life};
            for (const TimeRange part : parts) {
                appendClipped(found->second, part.intersected({part.beginNs, range.endNs}),
                              thread.slices);
            }
        }
        thread.knowsCores = cores.isKnown && !thread.slices.empty();
        oddities.unfollowedWorkers += cores.isKnown && !thread.knowsCores && !entry.isControl;
        thread.id = builder.addWorker({.name = stream.info.name,
                                       .pid = stream.pid,
                                       .tid = stream.tid,
                                       .life = entry.life,
                                       .cpuTimeNs = cpuTimeOf(stream),
                                       .isControl = entry.isControl});
        countSwitches(thread, builder);
        table.m_byStream[entry.stream] = static_cast<std::int32_t>(table.m_threads.size());
        table.m_threads.push_back(std::move(thread));
    }
    return table;
}

const WorkerThread* WorkerTable::ofStream(std::uint32_t stream) const {
    const std::int32_t index = m_byStream[stream];
    return index < 0 ? nullptr : &m_threads[static_cast<std::size_t>(index)];
}

} // namespace interleave::collector
