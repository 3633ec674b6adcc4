// SPDX-License-Identifier: GPL-3.0-or-later
// A process, this one by default, and its descendants, as /proc shows them now. A process that was
// found stays until it ends, even if its parent ends first.
#pragma once

#include "engine/record/proc_file.h"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace interleave::record {

/// Names of the entries of a folder that are numbers.
std::vector<std::uint32_t> numbersIn(const std::string& folder);

struct ObservedProcess {
    std::uint32_t pid = 0;
    ProcFile statm;
    ProcFile smapsRollup;
};

class ProcessTree {
public:
    explicit ProcessTree(DescriptorBudget& budget, pid_t root = 0);

    /// Looks for new descendants among the processes that were not there the last time. A child
    /// whose parent has ended before it is seen is not recognised.
    void refresh();
    /// A descendant that somebody else has seen.
    void add(std::uint32_t pid);
    void removeEnded();

    std::vector<ObservedProcess>& processes() { return m_processes; }

private:
    bool has(std::uint32_t pid) const;

    DescriptorBudget* m_budget;
    std::vector<ObservedProcess> m_processes; // the root first, while it lives
    ProcFile m_loadAverage{"/proc/loadavg"};
    std::string m_lastPid;             // the newest process or thread of the system
    std::vector<std::uint32_t> m_seen; // all processes of the last refresh(), sorted
};

} // namespace interleave::record
