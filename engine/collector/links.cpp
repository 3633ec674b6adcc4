// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/links.h"

#include <algorithm>

namespace interleave::collector {

using record::EventKind;
using recording::LinkEnd;
using recording::LinkKind;
using recording::RecordingBuilder;

namespace {

bool isKnown(const TaskHistory& history, std::uint32_t task) {
    return task != 0 && task <= history.taskCount();
}

/// The first time the task was on a worker.
const TaskSegment* startOf(const TaskHistory& history, TaskId task) {
    const auto segments = history.of(task);
    const auto start = std::ranges::find_if(segments, &TaskSegment::occupiesThread);
    return start == segments.end() ? nullptr : &*start;
}

LinkEnd endAt(const TaskSegment& segment) {
    return {segment.range.beginNs, segment.task, segment.thread->id};
}

class TaskLinks {
public:
    TaskLinks(const TaskHistory& history, RecordingBuilder& builder, Oddities& oddities)
        : m_history(history)
        , m_builder(builder)
        , m_oddities(oddities)
        , m_isStolen(history.taskCount(), false) {}

    void spawned(const TimedEvent& event, const WorkerThread& thread) {
        if (!isKnown(m_history, event.a) || (event.b != 0 && !isKnown(m_history, event.b))) {
            ++m_oddities.unknownIds;
            return;
        }
        const TaskId child{event.a};
        const auto segments = m_history.of(child);
        if (event.b == 0 || segments.empty()) {
            return; // submitted by the run itself
        }
        LinkEnd from{event.ns, TaskId{event.b}, thread.id};
        const TaskSegment* const start = startOf(m_history, child);
        const TaskSegment* const parent = m_history.at(TaskId{event.b}, event.ns);
        if (start != nullptr && start->thread == &thread && parent != nullptr) {
            from.worker = parent->thread->id; // a new thread tells itself who made it
        }
        m_builder.addLink({.kind = LinkKind::Spawn,
                           .from = from,
                           .to = {std::max(event.ns, segments.front().range.beginNs), child, {}}});
        if (start != nullptr && start->thread != &thread && !thread.isControl) {
            m_isStolen[child.value - 1] = true;
            m_builder.addLink({.kind = LinkKind::Steal, .from = from, .to = endAt(*start)});
        }
    }

    void woken(const TimedEvent& event, const WorkerThread& thread) {
        if (!isKnown(m_history, event.a) || (event.b != 0 && !isKnown(m_history, event.b))) {
            ++m_oddities.unknownIds;
            return;
        }
        const auto segments = m_history.of(TaskId{event.a});
        auto next = std::ranges::lower_bound(segments, event.ns, {},
                                             [](const TaskSegment& s) { return s.range.beginNs; });
        next = std::find_if(next, segments.end(),
                            [](const TaskSegment& s) { return s.state == State::Running; });
        if (next == segments.end()) {
            return; // it never got to go on
        }
        LinkEnd from{event.ns, TaskId{event.b}, thread.id};
        if (event.b != 0) {
            // The one who was woken may be the one who tells, afterwards.
            const TaskSegment* const waker = m_history.at(TaskId{event.b}, event.ns);
            from.worker = waker != nullptr ? waker->thread->id : thread.id;
        }
        m_builder.addLink({.kind = LinkKind::Wake, .from = from, .to = endAt(*next)});
    }

    void addSubmits() {
        for (std::uint32_t i = 1; i <= m_history.taskCount(); ++i) {
            const TaskSegment* const start = startOf(m_history, TaskId{i});
            if (start != nullptr && !m_isStolen[i - 1]) {
                const TaskSegment& submitted = m_history.of(TaskId{i}).front();
                if (&submitted == start) {
                    continue; // nobody had to submit it: a thread
                }
                m_builder.addLink(
                    {.kind = LinkKind::Submit, .from = endAt(submitted), .to = endAt(*start)});
            }
        }
    }

private:
    const TaskHistory& m_history;
    RecordingBuilder& m_builder;
    Oddities& m_oddities;
    std::vector<bool> m_isStolen;
};

} // namespace

void addTaskLinks(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                  const TaskHistory& history, RecordingBuilder& builder, Oddities& oddities) {
    TaskLinks links(history, builder, oddities);
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        const WorkerThread* const thread = workers.ofStream(i);
        for (const TimedEvent& event : streams[i].events) {
            if (thread != nullptr && event.kind == EventKind::Spawned) {
                links.spawned(event, *thread);
            } else if (thread != nullptr && event.kind == EventKind::Woken) {
                links.woken(event, *thread);
            }
        }
    }
    links.addSubmits();
}

} // namespace interleave::collector
