// SPDX-License-Identifier: GPL-3.0-or-later
// Goes through submissions, ends of awaits and ends of tasks in order of time, and keeps for each
// task how late it would be if it never had to wait for a core, a worker or a lock.
#include "engine/analysis/finish_lines.h"

#include "engine/analysis/occupation.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace interleave::analysis {

using recording::Recording;
using recording::SpanColumns;
using recording::Track;
using recording::TrackKind;

namespace {

/// In the order in which they count at one moment: an end, what goes on after it, what it submits.
enum class Occasion : std::uint8_t { Ended, Suspended, Resumed, Submitted };

struct PathEvent {
    Nanoseconds ns = 0;
    Occasion what = Occasion::Ended;
    std::uint32_t task = 0; // index
    auto key() const { return std::tuple(ns, what, task); }
};

class CriticalPath {
public:
    explicit CriticalPath(const Recording& recording)
        : m_recording(recording)
        , m_submissions(recording)
        , m_spans(recording.tasks.size(), nullptr)
        , m_late(recording.tasks.size(), 0)
        , m_seenNs(recording.tasks.size(), 0)
        , m_childrenLate(recording.tasks.size(), 0) {
        for (const Track& track : recording.tracks) {
            if (track.kind == TrackKind::Task) {
                m_spans[track.subject - 1] = &track.spans;
            }
        }
    }

    void go() {
        collect();
        m_first = m_events.empty() ? 0 : m_events.front().ns;
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            apply(m_events[i]);
            const bool isLastOfItsTime =
                i + 1 == m_events.size() || m_events[i + 1].ns > m_events[i].ns;
            if (isLastOfItsTime && i + 1 < m_events.size()) {
                addSerial({m_events[i].ns, m_events[i + 1].ns});
            }
        }
    }

    Nanoseconds lengthNs = 0;
    Nanoseconds serialNs = 0;
    Nanoseconds serialWorkNs = 0; // on a core, of that

private:
    void collect() {
        for (std::uint32_t i = 0; i < m_recording.tasks.size(); ++i) {
            const recording::TaskInfo& task = m_recording.tasks[i];
            m_events.push_back({task.submittedNs, Occasion::Submitted, i});
            m_events.push_back({task.endNs, Occasion::Ended, i});
            if (m_spans[i] == nullptr || !m_spans[i]->hasState(State::Suspended)) {
                continue;
            }
            for (std::size_t at = 0; at < m_spans[i]->size(); ++at) {
                if (m_spans[i]->state[at] == State::Suspended) {
                    const TimeRange away = m_spans[i]->rangeAt(at);
                    m_events.push_back({away.beginNs, Occasion::Suspended, i});
                    m_events.push_back({away.endNs, Occasion::Resumed, i});
                }
            }
        }
        std::ranges::sort(m_events, {}, &PathEvent::key);
    }

    /// How late the task is at that moment by its own doing.
    Nanoseconds lateAt(std::uint32_t task, Nanoseconds ns) {
        m_late[task] += ownIn(task, {m_seenNs[task], ns});
        m_seenNs[task] = std::max(m_seenNs[task], ns);
        return m_late[task];
    }

    Nanoseconds ownIn(std::uint32_t task, TimeRange range, bool onlyWork = false) const {
        if (m_spans[task] == nullptr || range.isEmpty()) {
            return 0;
        }
        const auto times = m_spans[task]->timesIn(range);
        const auto of = [&](State state) { return times[static_cast<std::size_t>(state)]; };
        return of(State::Running) +
               (onlyWork ? 0 : of(State::WaitingIo) + of(State::Sleeping) + of(State::Retrying));
    }

    void apply(const PathEvent& event) {
        switch (event.what) {
        case Occasion::Submitted:
            submit(event);
            break;
        case Occasion::Suspended:
            ++m_away;
            m_sole = m_sole == event.task ? kNobody : m_sole;
            break;
        case Occasion::Resumed:
            --m_away;
            lateAt(event.task, event.ns);
            m_late[event.task] = std::max(m_late[event.task], m_childrenLate[event.task]);
            m_sole = isAlone() ? event.task : kNobody;
            break;
        case Occasion::Ended:
            end(event);
            break;
        }
    }

    void submit(const PathEvent& event) {
        const Submission& submission = m_submissions.of(TaskId{event.task + 1});
        m_seenNs[event.task] = event.ns;
        m_late[event.task] = event.ns - m_first; // its time came then
        if (submission.parent) {
            const std::uint32_t parent = submission.parent.value - 1;
            // Whether it needed other ends as well is not known: this one it did.
            m_late[event.task] = submission.isSpawn ? lateAt(parent, event.ns) : m_late[parent];
        }
        ++m_there;
        // Whoever is there first is waited for only if what comes next comes from it.
        const Submission* const next = m_submissions.next(event.ns);
        const bool isRoot = event.ns == m_first && next != nullptr && next->parent;
        const bool isBroughtAbout = submission.parent || isRoot;
        m_sole = isBroughtAbout && isAlone() ? event.task : kNobody;
    }

    void end(const PathEvent& event) {
        const Nanoseconds late = lateAt(event.task, event.ns);
        lengthNs = std::max(lengthNs, late);
        --m_there;
        m_sole = m_sole == event.task ? kNobody : m_sole;
        const Submission& submission = m_submissions.of(TaskId{event.task + 1});
        if (submission.isSpawn && submission.parent) {
            Nanoseconds& children = m_childrenLate[submission.parent.value - 1];
            children = std::max(children, late);
        }
    }

    /// Nobody else is there but tasks that await something.
    bool isAlone() const { return m_there - m_away == 1; }

    void addSerial(TimeRange range) {
        if (m_sole != kNobody) {
            serialNs += ownIn(m_sole, range);
            serialWorkNs += ownIn(m_sole, range, true);
        }
    }

    static constexpr std::uint32_t kNobody = ~0U;

    const Recording& m_recording;
    Submissions m_submissions;
    std::vector<const SpanColumns*> m_spans; // by task
    std::vector<Nanoseconds> m_late;         // up to m_seenNs
    std::vector<Nanoseconds> m_seenNs;
    std::vector<Nanoseconds> m_childrenLate; // of the children that have ended
    std::vector<PathEvent> m_events;
    Nanoseconds m_first = 0;
    int m_there = 0; // submitted, not ended
    int m_away = 0;  // suspended, of these
    std::uint32_t m_sole = kNobody;
};

} // namespace

Nanoseconds FinishLines::bestNs() const {
    return std::max({workOverCoresNs, criticalPathNs, amdahlNs});
}

std::optional<FinishLines> finishLinesOf(const Recording& recording) {
    if (spanOfTasks(recording).isEmpty()) {
        return std::nullopt;
    }
    FinishLines lines;
    lines.cores = std::max(recording.info.cores, 1);
    for (const Track& track : recording.tracks) {
        if (track.kind == TrackKind::Task) {
            const auto times = track.spans.timesIn(recording.range);
            lines.workNs += times[static_cast<std::size_t>(State::Running)];
        }
    }
    if (lines.workNs == 0) {
        return std::nullopt;
    }
    CriticalPath path(recording);
    path.go();
    lines.workOverCoresNs = lines.workNs / lines.cores;
    lines.criticalPathNs = path.lengthNs;
    lines.serialNs = path.serialNs;
    lines.amdahlNs = path.serialNs + (lines.workNs - path.serialWorkNs) / lines.cores;
    return lines;
}

} // namespace interleave::analysis
