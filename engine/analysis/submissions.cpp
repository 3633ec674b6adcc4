// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/submissions.h"

#include <algorithm>

namespace interleave::analysis {

using recording::Recording;

namespace {

/// What follows an end sooner than this follows from it: a runner that is not kept off its core
/// submits within microseconds.
constexpr Nanoseconds kAtOnceNs = 500'000;

struct TaskEnd {
    Nanoseconds ns = 0;
    TaskId task;
};

std::vector<TaskEnd> taskEndsByTime(const Recording& recording) {
    std::vector<TaskEnd> ends;
    for (std::uint32_t i = 0; i < recording.tasks.size(); ++i) {
        ends.push_back({recording.tasks[i].endNs, TaskId{i + 1}});
    }
    std::ranges::sort(ends, {}, &TaskEnd::ns);
    return ends;
}

} // namespace

Submissions::Submissions(const Recording& recording) {
    for (std::uint32_t i = 0; i < recording.tasks.size(); ++i) {
        m_all.push_back({recording.tasks[i].submittedNs, TaskId{i + 1}});
    }
    for (const recording::Link& link : recording.links) {
        if (link.kind == recording::LinkKind::Spawn && link.to.task) {
            Submission& child = m_all[link.to.task.value - 1];
            child.parent = link.from.task;
            child.isSpawn = true;
        }
    }
    std::ranges::stable_sort(m_all, {}, &Submission::ns);
    const std::vector<TaskEnd> ends = taskEndsByTime(recording);
    std::size_t before = 0;
    for (Submission& submission : m_all) {
        while (before < ends.size() && ends[before].ns <= submission.ns) {
            ++before;
        }
        const bool follows = before > 0 && submission.ns - ends[before - 1].ns < kAtOnceNs &&
                             submission.ns > m_all.front().ns;
        if (!submission.parent && follows && ends[before - 1].task != submission.task) {
            submission.parent = ends[before - 1].task;
        }
    }
    m_indexOf.resize(m_all.size());
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        m_indexOf[m_all[i].task.value - 1] = i;
    }
}

const Submission* Submissions::next(Nanoseconds after) const {
    const auto found = std::ranges::upper_bound(m_all, after, {}, &Submission::ns);
    return found == m_all.end() ? nullptr : &*found;
}

} // namespace interleave::analysis
