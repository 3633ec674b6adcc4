// SPDX-License-Identifier: GPL-3.0-or-later
// DeadlockWatch: looks at the wait-for table now and then from the control thread. A deadlock is
// believed only when two looks at least kConfirmNs apart find the same tasks in the same waits
// (their versions have not moved) and none of the waits could have ended: so a slow machine is
// never taken for a deadlock.
#pragma once

#include "engine/models/sync/shared_objects.h"
#include "engine/models/sync/wait_graph.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interleave::models {

/// How many tasks a model can have started at once.
struct Staffing {
    int workers = 0;               // 0: as many as there are tasks
    bool awaitFreesWorker = false; // the worker of an awaiting task takes another one meanwhile
};

class DeadlockWatch {
public:
    static constexpr Nanoseconds kPeriodNs = 25'000'000;  // advised time between looks
    static constexpr Nanoseconds kConfirmNs = 20'000'000; // least time between two that agree

    DeadlockWatch(const scenario::Program& program, const SharedObjects& objects,
                  Staffing staffing);

    /// A sentence that names the deadlock, once it is certain. `moreToCome`: tasks will be
    /// submitted later by themselves (arrivals).
    std::optional<std::string> look(bool moreToCome);

private:
    using Signature = std::vector<std::pair<TaskId, std::uint32_t>>; // (task, version of its wait)

    WaitGraph snapshot(bool moreToCome, Signature& versions) const;

    const scenario::Program& m_program;
    const SharedObjects& m_objects;
    Staffing m_staffing;
    Signature m_suspects; // what the last look found, if it looked like a deadlock
    Nanoseconds m_suspectedNs = 0;
};

} // namespace interleave::models
