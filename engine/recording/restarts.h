// SPDX-License-Identifier: GPL-3.0-or-later
// Restarts: which tasks may begin anew, and since when: the messages that carry them were delivered
// again. Whatever had become of such a task by then, done included, another execution is no
// mistake.
#pragma once

#include "engine/base/id.h"
#include "engine/base/time.h"

#include <utility>
#include <vector>

namespace interleave::recording {

class Restarts {
public:
    void add(TaskId task, Nanoseconds ns) { m_times.emplace_back(task.value, ns); }
    /// To be called before allows().
    void sort();
    /// Whether a task that was in a state since `from` may be in any from `to` on. Who was taken
    /// off its core between doing and telling tells late, so `to` is not taken to the nanosecond.
    bool allows(TaskId task, Nanoseconds from, Nanoseconds to) const;
    const std::vector<std::pair<std::uint32_t, Nanoseconds>>& times() const { return m_times; }

private:
    std::vector<std::pair<std::uint32_t, Nanoseconds>> m_times; // task, time
};

/// What of one message is told out of order by no more than this is no oddity: it is what a thread
/// may wait for its core on a busy machine, between doing and telling.
inline constexpr Nanoseconds kMostDisorderNs = 20'000'000;

} // namespace interleave::recording
