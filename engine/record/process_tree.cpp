// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/process_tree.h"

#include <algorithm>
#include <cstdlib>
#include <dirent.h>
#include <iterator>
#include <unistd.h>
#include <utility>

namespace interleave::record {

namespace {

std::string procOf(std::uint32_t pid) {
    return "/proc/" + std::to_string(pid);
}

} // namespace

std::vector<std::uint32_t> numbersIn(const std::string& folder) {
    std::vector<std::uint32_t> numbers;
    if (DIR* open = opendir(folder.c_str())) {
        while (const dirent* entry = readdir(open)) {
            const unsigned long number = std::strtoul(entry->d_name, nullptr, 10);
            if (number > 0 && number <= UINT32_MAX) {
                numbers.push_back(static_cast<std::uint32_t>(number));
            }
        }
        closedir(open);
    }
    return numbers;
}

ProcessTree::ProcessTree(DescriptorBudget& budget, pid_t root)
    : m_budget(&budget) {
    add(static_cast<std::uint32_t>(root == 0 ? getpid() : root));
}

bool ProcessTree::has(std::uint32_t pid) const {
    return std::any_of(m_processes.begin(), m_processes.end(),
                       [pid](const ObservedProcess& process) { return process.pid == pid; });
}

void ProcessTree::add(std::uint32_t pid) {
    if (!has(pid)) {
        m_processes.push_back(
            {pid, ProcFile(procOf(pid) + "/statm"), ProcFile(procOf(pid) + "/smaps_rollup")});
    }
}

void ProcessTree::removeEnded() {
    char buffer[4096];
    std::erase_if(m_processes, [&](ObservedProcess& process) {
        return process.statm.read(*m_budget, buffer).empty();
    });
}

void ProcessTree::refresh() {
    removeEnded();
    char buffer[4096];
    std::string_view load = m_loadAverage.read(*m_budget, buffer); // "0.1 0.1 0.1 1/99 4711"
    load.remove_prefix(std::min(load.rfind(' ') + 1, load.size()));
    if (!load.empty() && load == m_lastPid) {
        return;
    }
    m_lastPid = load;
    std::vector<std::uint32_t> all = numbersIn("/proc");
    std::sort(all.begin(), all.end());
    std::vector<std::uint32_t> fresh;
    std::set_difference(all.begin(), all.end(), m_seen.begin(), m_seen.end(),
                        std::back_inserter(fresh));
    m_seen = std::move(all);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> parents; // process, its parent
    DescriptorBudget none;
    for (const std::uint32_t pid : fresh) {
        const std::string_view line = ProcFile(procOf(pid) + "/stat").read(none, buffer);
        const std::size_t name = line.rfind(") "); // names may hold anything, spaces too
        if (name != std::string_view::npos) {
            parents.emplace_back(pid,
                                 static_cast<std::uint32_t>(numberAt(line.substr(name + 2), 1)));
        }
    }
    // The vector grows while it is walked: children of children come too.
    for (std::size_t i = 0; i < m_processes.size(); ++i) {
        for (const auto& [pid, parent] : parents) {
            if (parent == m_processes[i].pid) {
                add(pid);
            }
        }
    }
}

} // namespace interleave::record
