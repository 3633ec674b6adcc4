// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/occupation.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace interleave::analysis {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

TimeRange spanOfTasks(const Recording& recording) {
    Nanoseconds first = std::numeric_limits<Nanoseconds>::max();
    Nanoseconds last = std::numeric_limits<Nanoseconds>::min();
    for (const recording::TaskInfo& task : recording.tasks) {
        first = std::min(first, task.submittedNs);
        last = std::max(last, task.endNs);
    }
    return first < last ? TimeRange{first, last} : TimeRange{};
}

Occupation::Occupation(const Recording& recording)
    : m_range(spanOfTasks(recording)) {
    if (m_range.isEmpty()) {
        return;
    }
    addWorkers(recording);
    addTasks(recording);
    std::ranges::sort(m_steps, {}, &Step::ns);
    findPlaces();
}

int Occupation::busyOf(const OccupationSlice& slice) {
    return std::accumulate(slice.workers.begin(), slice.workers.end(), slice.machinery);
}

void Occupation::apply(const Step& step, OccupationSlice& slice) {
    const auto state = static_cast<std::size_t>(step.state);
    switch (step.count) {
    case Count::Worker:
        slice.workers[state] += step.change;
        break;
    case Count::Machinery:
        slice.machinery += step.change;
        break;
    case Count::Alive:
        slice.alive += step.change;
        break;
    case Count::Core:
        slice.coresUsed += step.change;
        break;
    case Count::Task:
        slice.tasks[state] += step.change;
        break;
    case Count::Active:
        slice.active += step.change;
        break;
    }
}

void Occupation::add(TimeRange range, Count count, State state) {
    const TimeRange within = range.intersected(m_range);
    if (!within.isEmpty()) {
        m_steps.push_back({within.beginNs, count, state, 1});
        m_steps.push_back({within.endNs, count, state, -1});
    }
}

/// A worker's spans of depth 0 don't overlap, and what is no span is idle. A worker that only waits
/// for a core without a task counts as idle: it has nothing to do.
void Occupation::addWorkers(const Recording& recording) {
    for (const Track& track : recording.tracks) {
        const recording::SpanColumns& spans = track.spans;
        if (track.kind == TrackKind::Core) {
            for (std::size_t i = 0; i < spans.size(); ++i) {
                if (spans.state[i] == State::Running) {
                    add(spans.rangeAt(i), Count::Core);
                }
            }
        }
        if (track.kind != TrackKind::Worker) {
            continue;
        }
        TimeRange life = recording.worker(WorkerId{track.subject}).life;
        const recording::SpanLane lane =
            spans.lanes().empty() ? recording::SpanLane{} : spans.lanes().front();
        for (std::size_t i = lane.first; i < lane.end(); ++i) {
            const TimeRange range = spans.rangeAt(i);
            // A worker whose end was not told lives as long as it does something.
            life = {std::min(life.beginNs, range.beginNs), std::max(life.endNs, range.endNs)};
            if (spans.task[i]) {
                add(range, Count::Worker, spans.state[i]);
            } else if (spans.state[i] == State::Running) {
                add(range, Count::Machinery);
            }
        }
        add(life, Count::Alive);
    }
}

void Occupation::addTasks(const Recording& recording) {
    for (const Track& track : recording.tracks) {
        if (track.kind != TrackKind::Task) {
            continue;
        }
        const recording::TaskInfo& task = recording.task(TaskId{track.subject});
        add({task.submittedNs, task.endNs}, Count::Active);
        const recording::SpanColumns& spans = track.spans;
        const recording::SpanLane lane =
            spans.lanes().empty() ? recording::SpanLane{} : spans.lanes().front();
        for (std::size_t i = lane.first; i < lane.end(); ++i) {
            const WorkerId worker = spans.worker[i];
            if (!worker || recording.worker(worker).isControl) {
                add(spans.rangeAt(i), Count::Task, spans.state[i]);
            }
            if (spans.state[i] == State::Suspended) {
                const TimeRange away = spans.rangeAt(i).intersected(m_range);
                if (!away.isEmpty()) {
                    m_steps.push_back({away.beginNs, Count::Active, State::Suspended, -1});
                    m_steps.push_back({away.endNs, Count::Active, State::Suspended, 1});
                }
            }
        }
    }
}

void Occupation::findPlaces() {
    int alive = 0;
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const Step& step = m_steps[i];
        alive += step.count == Count::Alive ? step.change : 0;
        const bool isLastOfItsTime = i + 1 == m_steps.size() || m_steps[i + 1].ns > step.ns;
        if (isLastOfItsTime) {
            m_places = std::max(m_places, alive);
        }
    }
}

} // namespace interleave::analysis
