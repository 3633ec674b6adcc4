// SPDX-License-Identifier: GPL-3.0-or-later
// The pure part of finding a deadlock: who waits, for what, and which tasks would have to go on
// first. Two cases: a cycle among the waiting tasks (whoever else runs), and nobody left who could
// wake those that wait. It neither reads shared memory nor knows time; DeadlockWatch does.
#pragma once

#include "engine/scenario/program.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::models {

/// A started task that can't go on.
struct Waiter {
    TaskId task;
    const scenario::Action* waitsFor = nullptr; // null: covered by another task on its thread
    std::vector<TaskId> blockers;               // each of these has to go on before this one can
    std::uint32_t level = 0; // queue: items in it; barrier: arrived; semaphore: permits left
};

struct WaitGraph {
    std::vector<Waiter> waiters;
    /// Somebody outside `waiters` may still wake one: a task that runs, sleeps or waits for I/O, or
    /// one that is still to start on a worker that is free.
    bool somebodyCanAct = false;
    /// Tasks that are queued but can't start since every worker is taken by a waiting task.
    std::size_t starved = 0;
};

struct Deadlock {
    std::vector<Waiter> waiters; // of a cycle: each is blocked by the next, the last by the first
    bool isCycle = false;
    std::size_t starved = 0;
};

std::optional<Deadlock> findDeadlock(const WaitGraph& graph);

/// "left" waits for "salt", held by "right"; "right" waits for "pepper", held by "left".
std::string describe(const Deadlock& deadlock, const scenario::Program& program);

} // namespace interleave::models
