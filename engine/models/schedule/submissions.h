// SPDX-License-Identifier: GPL-3.0-or-later
// Submissions: which task the run itself submits when. Pure bookkeeping over arrivals, `after`,
// chains and the ends of tasks; it neither sleeps nor records. Each end is O(1), whatever follows
// what.
//
// Thread: takeDue() and nextDueNs() by the one thread that submits; ended() by any.
#pragma once

#include "engine/base/time.h"
#include "engine/scenario/program.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <vector>

namespace interleave::models {

class Submissions {
public:
    explicit Submissions(const scenario::Program& program);

    /// The run begins at this moment (of whatever clock the caller uses throughout).
    void begin(Nanoseconds nowNs);
    /// Tasks whose time has come, in order of arrival; each is handed out once.
    std::vector<TaskId> takeDue(Nanoseconds nowNs);
    /// When the next task falls due by itself; none: only the end of a task can bring one.
    std::optional<Nanoseconds> nextDueNs() const;
    /// A task has ended. What it has not led to, see unspawnedDescendants(), counts as ended with
    /// it; the task that follows it in a chain falls due otherwise. True: the submitting thread has
    /// something new to do (tasks fell due, or all have ended).
    bool ended(TaskId task, Nanoseconds nowNs, const std::vector<TaskId>& neverSpawned = {});
    bool allEnded() const { return m_left.load(std::memory_order_acquire) == 0; }

private:
    struct Due {
        Nanoseconds atNs;
        TaskId task;
        friend bool operator>(const Due& a, const Due& b) {
            return a.atNs != b.atNs ? a.atNs > b.atNs : a.task > b.task;
        }
    };
    /// Tasks that follow the same set of predecessors.
    struct Followers {
        std::vector<TaskId> tasks;
        std::atomic<std::size_t> predecessorsLeft{0};
    };
    bool endOne(TaskId task, Nanoseconds nowNs);

    const scenario::Program& m_program;
    std::vector<std::unique_ptr<Followers>> m_followers;
    std::vector<std::vector<std::uint32_t>> m_followersOf; // by task: indices into m_followers
    std::atomic<std::size_t> m_left;
    mutable std::mutex m_mutex; // guards m_due
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
};

/// What a task that has not ended well leaves undone: the descendants that nobody has spawned and
/// the rest of its chain, with all that these would have spawned. `isUnborn` tells whether a task
/// was never submitted.
std::vector<TaskId> unspawnedDescendants(const scenario::Program& program, TaskId task,
                                         const std::function<bool(TaskId)>& isUnborn);

} // namespace interleave::models
