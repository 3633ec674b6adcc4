// SPDX-License-Identifier: GPL-3.0-or-later
// PythonWatch: finds deadlocks of a run in Python from the shared block. A cycle among tasks that
// wait for locks or for each other is believed when two looks agree. That nobody is left who could
// wake the others can't be seen from the block alone (a thread that has just been woken still waits
// there), so it is believed only if in both looks every thread of the program was asleep, too.
#pragma once

#include "engine/base/time.h"
#include "engine/models/python/python_block.h"
#include "engine/scenario/program.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interleave::models {

struct WaitGraph;

class PythonWatch {
public:
    /// `workers`: how many tasks can have begun at once; 0: any number. `isAsleep`: whether no
    /// thread of the program runs or could.
    PythonWatch(const scenario::Program& program, const PythonBlock& block, int workers,
                std::function<bool()> isAsleep);

    /// A sentence that names the deadlock, once it is certain. Call it every 25 ms or so.
    std::optional<std::string> look();
    /// Tasks that are not ended.
    std::vector<TaskId> unended() const;

private:
    using Signature = std::vector<std::pair<TaskId, std::uint32_t>>;

    WaitGraph snapshot(Signature& versions) const;
    bool willBeSubmitted(const scenario::Task& task) const;

    const scenario::Program& m_program;
    const PythonBlock& m_block;
    int m_workers;
    std::function<bool()> m_isAsleep;
    Signature m_suspects;
    Nanoseconds m_suspectedNs = 0;
};

} // namespace interleave::models
