// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/restarts.h"

#include <algorithm>

namespace interleave::recording {

void Restarts::sort() {
    if (!std::ranges::is_sorted(m_times)) {
        std::ranges::sort(m_times);
    }
}

bool Restarts::allows(TaskId task, Nanoseconds from, Nanoseconds to) const {
    const auto first = std::ranges::upper_bound(m_times, std::pair(task.value, from));
    return first != m_times.end() && first->first == task.value &&
           first->second - kMostDisorderNs <= to;
}

} // namespace interleave::recording
