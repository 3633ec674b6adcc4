// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export_layout.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tbb/parallel_for.h>
#include <unordered_set>

namespace interleave::chrome_trace {

using recording::Recording;
using recording::SpanColumns;
using recording::SpanLane;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::uint32_t kFirstPseudoId = 5'000'001; // beyond the pids of Linux, which end at 2^22

std::uint64_t keyOf(ThreadPlace place) {
    return std::uint64_t{place.pid} << 32 | place.tid;
}

/// Gives out process and thread ids that nothing in the recording has.
class FreeIds {
public:
    explicit FreeIds(const Recording& recording) {
        for (const recording::WorkerInfo& worker : recording.workers) {
            m_used.insert(worker.pid);
            m_used.insert(worker.tid);
        }
        for (const recording::ProcessInfo& process : recording.processes) {
            m_used.insert(process.pid);
        }
        for (const recording::Counter& counter : recording.counters) {
            m_used.insert(counter.subject);
        }
        for (const recording::Mark& mark : recording.marks) {
            m_used.insert(mark.pid);
        }
    }
    std::uint32_t next() {
        while (m_used.contains(m_next) || m_next == 0) {
            ++m_next;
        }
        return m_next++;
    }

private:
    std::unordered_set<std::uint32_t> m_used;
    std::uint32_t m_next = kFirstPseudoId;
};

class Planner {
public:
    explicit Planner(const Recording& recording)
        : m_recording(recording)
        , m_ids(recording) {}

    ExportLayout plan() {
        m_layout.pseudo = {m_ids.next(), m_ids.next(), m_ids.next(), m_ids.next(), m_ids.next()};
        m_layout.elsewhere = {m_layout.pseudo.tasks, m_ids.next()};
        m_layout.threads.push_back({m_layout.elsewhere, "elsewhere"});
        placeWorkers();
        findGroups();
        for (const Track& track : m_recording.tracks) {
            m_layout.firstGroupOfTrack.push_back(m_layout.groups.size());
            addGroups(track);
        }
        m_layout.firstGroupOfTrack.push_back(m_layout.groups.size());
        return std::move(m_layout);
    }

private:
    void placeWorkers() {
        std::unordered_set<std::uint64_t> used;
        for (const recording::WorkerInfo& worker : m_recording.workers) {
            ThreadPlace place{worker.pid, worker.tid};
            if (place.pid == 0) {
                place.pid = m_layout.pseudo.workers;
            }
            if (place.tid == 0 || used.contains(keyOf(place))) {
                place.tid = m_ids.next();
            }
            used.insert(keyOf(place));
            m_layout.workers.push_back(place);
            m_layout.threads.push_back({place, worker.name});
        }
    }

    /// For each track the first lane of each group.
    void findGroups() {
        m_firstLanes.resize(m_recording.tracks.size());
        tbb::parallel_for(std::size_t{0}, m_recording.tracks.size(), [this](std::size_t i) {
            const Track& track = m_recording.tracks[i];
            const auto lanes = track.spans.lanes();
            // Holders of a semaphore are beside each other, even where one happens to be within
            // another; so are the items of a queue.
            const bool mayNest = track.kind != TrackKind::Lock && track.kind != TrackKind::Queue;
            for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
                const bool isJoined = lane > 0 && mayNest && lanes[lane].count != 0 &&
                                      isNested(track.spans, lanes[lane - 1], lanes[lane]);
                if (!isJoined) {
                    m_firstLanes[i].push_back(lane);
                }
            }
        });
    }

    void addGroups(const Track& track) {
        const std::vector<std::size_t>& firsts = m_firstLanes[track.id.value - 1];
        const std::size_t lanes = track.spans.lanes().size();
        std::size_t number = 0;
        for (std::size_t i = 0; i < firsts.size(); ++i) {
            const std::size_t end = i + 1 < firsts.size() ? firsts[i + 1] : lanes;
            LaneGroup group{.track = &track, .firstLane = firsts[i], .laneCount = end - firsts[i]};
            if (track.spans.lanes()[group.firstLane].count != 0) {
                place(group, number++);
                m_layout.groups.push_back(std::move(group));
            }
        }
    }

    void place(LaneGroup& group, std::size_t number) {
        const Track& track = *group.track;
        group.title = number == 0 ? track.name : fmt::format("{} ({})", track.name, number + 1);
        switch (track.kind) {
        case TrackKind::Task:
        case TrackKind::Queue: {
            const bool isTask = track.kind == TrackKind::Task;
            const std::uint32_t pid = isTask ? m_layout.pseudo.tasks : m_layout.pseudo.queues;
            group.isAsync = true;
            group.place = {pid, pid};
            group.id = fmt::format("{}{}", isTask ? 't' : 'q', track.subject);
            if (number != 0) {
                group.id += fmt::format(".{}", number);
            }
            return;
        }
        case TrackKind::Worker:
            group.place = m_layout.workers[track.subject - 1];
            break;
        case TrackKind::Core:
            group.place = {m_layout.pseudo.cores, m_ids.next()};
            break;
        case TrackKind::Lock:
            group.place = {m_layout.pseudo.locks, m_ids.next()};
            break;
        }
        if (track.kind == TrackKind::Worker && number != 0) {
            group.place.tid = m_ids.next();
        }
        if (track.kind != TrackKind::Worker || number != 0) {
            m_layout.threads.push_back({group.place, group.title});
        }
    }

    const Recording& m_recording;
    FreeIds m_ids;
    ExportLayout m_layout;
    std::vector<std::vector<std::size_t>> m_firstLanes;
};

} // namespace

bool isNested(const SpanColumns& spans, const SpanLane& above, const SpanLane& lane) {
    std::size_t parent = above.first;
    for (std::size_t i = lane.first; i < lane.end(); ++i) {
        const TimeRange child = spans.rangeAt(i);
        while (parent + 1 < above.end() && spans.begin[parent + 1] <= child.beginNs) {
            ++parent;
        }
        if (parent >= above.end()) {
            return false;
        }
        const TimeRange range = spans.rangeAt(parent);
        if (child.beginNs < range.beginNs || child.endNs > range.endNs ||
            child.endNs < child.beginNs) {
            return false;
        }
    }
    return true;
}

ExportLayout layOut(const Recording& recording) {
    return Planner(recording).plan();
}

} // namespace interleave::chrome_trace
