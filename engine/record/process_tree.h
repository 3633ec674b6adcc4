// SPDX-License-Identifier: GPL-3.0-or-later
// This process and its descendants, as /proc shows them now. A process that was found stays until
// it ends, even if its parent ends first.
#pragma once

#include "engine/record/proc_file.h"

#include <cstdint>
#include <string>
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
    explicit ProcessTree(DescriptorBudget& budget);

    /// Looks for new descendants: by the list of each thread's children where there are few
    /// threads, else by everybody's parent, whichever costs less.
    void refresh();
    /// A descendant that somebody else has seen.
    void add(std::uint32_t pid);
    void removeEnded();

    std::vector<ObservedProcess>& processes() { return m_processes; }

private:
    bool addChildrenOf(std::uint32_t pid);
    void scanAll();
    bool has(std::uint32_t pid) const;

    DescriptorBudget* m_budget;
    std::vector<ObservedProcess> m_processes; // this one first
};

} // namespace interleave::record
