// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/task_history.h"

#include <algorithm>
#include <numeric>

namespace interleave::collector {

namespace {

constexpr bool isPending(State state) {
    return state == State::Queued || state == State::Reserved || state == State::Starting ||
           state == State::Retrying;
}

/// The last segment whose begin is not after `ns`; null if there is none.
template <class Segments>
const TaskSegment* segmentBegunBy(const Segments& segments, Nanoseconds ns) {
    const auto next = std::ranges::upper_bound(
        segments, ns, {}, [](const TaskSegment& segment) { return segment.range.beginNs; });
    return next == segments.begin() ? nullptr : &*std::prev(next);
}

/// The task whose wait begins earlier now; none if none fits.
TaskId beginEarlierIn(std::span<TaskSegment> segments, const EarlierWait& wait) {
    const auto next =
        std::ranges::upper_bound(segments, wait.beginNs, {},
                                 [](const TaskSegment& segment) { return segment.range.beginNs; });
    if (next == segments.begin() || next == segments.end()) {
        return {};
    }
    TaskSegment& running = *std::prev(next);
    const bool fits = running.state == State::Running && next->state == State::WaitingGil &&
                      next->task == running.task && next->object == wait.object &&
                      next->range.beginNs <= wait.latestNs && running.occupiesThread() &&
                      next->occupiesThread();
    if (!fits) {
        return {};
    }
    running.range.endNs = wait.beginNs;
    next->range.beginNs = wait.beginNs;
    next->holder = wait.holder;
    return next->task;
}

} // namespace

bool TaskSegment::occupiesThread() const {
    return !isDetached && !isUnknown && !isPending(state) && !isEnd(state);
}

TaskHistory TaskHistory::build(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                               const Manifest& manifest, const recording::Restarts& restarts,
                               Nanoseconds endNs, Oddities& oddities) {
    const std::size_t taskCount = manifest.tasks.size();
    const std::size_t objectCount = manifest.objects.size();
    const std::size_t stepCount = manifest.steps.size();
    TaskHistory history;
    history.m_first.assign(taskCount + 1, 0);
    const auto forEachState = [&](auto&& use) {
        for (std::uint32_t i = 0; i < streams.size(); ++i) {
            const WorkerThread* const thread = workers.ofStream(i);
            const TimedEvent* before = nullptr;
            for (const TimedEvent& event : streams[i].events) {
                if (thread != nullptr && (record::isState(event.kind) ||
                                          event.kind == record::EventKind::StateUnknown)) {
                    use(event, thread, before);
                }
                before = &event;
            }
        }
    };
    // Sorted by task by counting, then each task's few events by time.
    forEachState([&](const TimedEvent& event, const WorkerThread*, const TimedEvent*) {
        if (event.a == 0 || event.a > taskCount) {
            ++oddities.unknownIds;
        } else {
            ++history.m_first[event.a];
        }
    });
    std::partial_sum(history.m_first.begin(), history.m_first.end(), history.m_first.begin());
    history.m_segments.resize(history.m_first.back());
    std::vector<std::size_t> next(history.m_first.begin(), history.m_first.end() - 1);
    forEachState(
        [&](const TimedEvent& event, const WorkerThread* thread, const TimedEvent* before) {
            if (event.a == 0 || event.a > taskCount) {
                return;
            }
            auto detail = record::StateDetail::unpack(event.b);
            if (detail.object.value > objectCount || detail.step.value > stepCount) {
                ++oddities.unknownIds;
                detail.object = detail.object.value > objectCount ? ObjectId{} : detail.object;
                detail.step = detail.step.value > stepCount ? StepId{} : detail.step;
            }
            // A waiting thread of a recorded program says first who is in its way.
            const bool knowsHolder = before != nullptr &&
                                     before->kind == record::EventKind::LockWaited &&
                                     before->b == detail.object.value && before->a <= taskCount;
            const bool isUnknown = event.kind == record::EventKind::StateUnknown;
            history.m_segments[next[event.a - 1]++] = {
                .range = {event.ns, event.ns},
                .task = TaskId{event.a},
                .state = isUnknown ? State::Ready : record::stateOf(event.kind),
                .object = detail.object,
                .holder = knowsHolder ? TaskId{before->a} : TaskId{},
                .step = detail.step,
                .thread = thread,
                .isDetached = detail.isDetached,
                .isUnknown = isUnknown};
        });
    history.setEnds(restarts, endNs, oddities);
    return history;
}

void TaskHistory::setEnds(const recording::Restarts& restarts, Nanoseconds endNs,
                          Oddities& oddities) {
    const auto beginOf = [](const TaskSegment& segment) { return segment.range.beginNs; };
    for (std::size_t task = 0; task + 1 < m_first.size(); ++task) {
        const std::span<TaskSegment> segments(m_segments.data() + m_first[task],
                                              m_first[task + 1] - m_first[task]);
        if (!std::ranges::is_sorted(segments, {}, beginOf)) {
            std::ranges::stable_sort(segments, {}, beginOf);
        }
        for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
            TaskSegment& segment = segments[i];
            const TaskSegment& next = segments[i + 1];
            segment.range.endNs = next.range.beginNs;
            const bool beginsAnew =
                isLegalStart(next.state) &&
                restarts.allows(segment.task, segment.range.beginNs, next.range.beginNs);
            if (beginsAnew && segment.occupiesThread() && !segment.thread->isControl &&
                !segment.thread->isEndSeen) {
                // Who was at work on it was killed; the message took a while to come back.
                segment.range.endNs = std::clamp(segment.thread->life.endNs, segment.range.beginNs,
                                                 next.range.beginNs);
            }
            oddities.eventsAfterEnd += isEnd(segment.state) && !beginsAnew &&
                                       !isLegalTransition(segment.state, next.state);
        }
        if (segments.empty() || isEnd(segments.back().state)) {
            continue;
        }
        // Nobody has said how it ended: it lasts as long as the one who could have said so.
        TaskSegment& last = segments.back();
        const bool diedWithThread = last.occupiesThread() && !last.thread->isControl;
        last.range.endNs = std::max(
            last.range.beginNs, diedWithThread ? std::min(endNs, last.thread->life.endNs) : endNs);
    }
}

std::span<const TaskSegment> TaskHistory::of(TaskId task) const {
    return {m_segments.data() + m_first[task.value - 1],
            m_first[task.value] - m_first[task.value - 1]};
}

std::optional<State> TaskHistory::endOf(TaskId task) const {
    const auto segments = of(task);
    return !segments.empty() && isEnd(segments.back().state) ? std::optional(segments.back().state)
                                                             : std::nullopt;
}

const TaskSegment* TaskHistory::at(TaskId task, Nanoseconds ns) const {
    return segmentBegunBy(of(task), ns);
}

void TaskHistory::beginEarlier(TaskId task, const EarlierWait& wait) {
    beginEarlierIn({m_segments.data() + m_first[task.value - 1],
                    m_first[task.value] - m_first[task.value - 1]},
                   wait);
}

TaskId Occupancy::beginEarlier(WorkerId worker, const EarlierWait& wait) {
    return beginEarlierIn(m_segments[worker.value - 1], wait);
}

Occupancy::Occupancy(const TaskHistory& history, std::size_t workerCount, Oddities& oddities)
    : m_segments(workerCount) {
    for (const TaskSegment& segment : history.segments()) {
        if (segment.occupiesThread() && !segment.range.isEmpty()) {
            m_segments[segment.thread->id.value - 1].push_back(segment);
        }
    }
    for (auto& segments : m_segments) {
        std::ranges::stable_sort(segments, {},
                                 [](const TaskSegment& s) { return s.range.beginNs; });
        for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
            TimeRange& range = segments[i].range;
            if (range.endNs > segments[i + 1].range.beginNs) {
                oddities.tasksAtOnce += segments[i].state == State::Running;
                range.endNs = segments[i + 1].range.beginNs;
            }
        }
    }
}

TaskId Occupancy::firstTaskIn(WorkerId worker, TimeRange range) const {
    const auto segments = of(worker);
    const auto first =
        std::ranges::upper_bound(segments, range.beginNs, {},
                                 [](const TaskSegment& segment) { return segment.range.endNs; });
    return first != segments.end() && first->range.beginNs < range.endNs ? first->task : TaskId{};
}

TaskId Occupancy::taskAt(WorkerId worker, Nanoseconds ns) const {
    const TaskSegment* const segment = segmentBegunBy(of(worker), ns);
    return segment != nullptr && segment->range.endNs >= ns ? segment->task : TaskId{};
}

} // namespace interleave::collector
