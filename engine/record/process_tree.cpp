// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/process_tree.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <dirent.h>
#include <unistd.h>
#include <utility>

namespace interleave::record {

namespace {

/// A process with more threads than that is not asked thread by thread.
constexpr std::size_t kFewThreads = 32;

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

ProcessTree::ProcessTree(DescriptorBudget& budget)
    : m_budget(&budget) {
    add(static_cast<std::uint32_t>(getpid()));
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
    // The vector grows while it is walked: children of children come too.
    for (std::size_t i = 0; i < m_processes.size(); ++i) {
        if (!addChildrenOf(m_processes[i].pid)) {
            scanAll();
            return;
        }
    }
}

/// False: ask in another way.
bool ProcessTree::addChildrenOf(std::uint32_t pid) {
    const std::string tasks = procOf(pid) + "/task";
    const std::vector<std::uint32_t> threads = numbersIn(tasks);
    if (threads.size() > kFewThreads) {
        return false;
    }
    DescriptorBudget none;
    char buffer[4096];
    for (const std::uint32_t thread : threads) {
        const std::string path = tasks + "/" + std::to_string(thread) + "/children";
        std::string_view list = ProcFile(path).read(none, buffer);
        if (list.empty() && access(path.c_str(), R_OK) != 0 && access(tasks.c_str(), F_OK) == 0) {
            return false; // a kernel without these lists
        }
        if (list.size() == sizeof buffer) {
            return false; // more children than fit
        }
        while (!list.empty()) {
            add(static_cast<std::uint32_t>(numberAt(list, 0)));
            list.remove_prefix(std::min(list.find(' ') + 1, list.size()));
        }
    }
    return true;
}

void ProcessTree::scanAll() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> parents; // process, its parent
    DescriptorBudget none;
    char buffer[4096];
    for (const std::uint32_t pid : numbersIn("/proc")) {
        const std::string_view line = ProcFile(procOf(pid) + "/stat").read(none, buffer);
        const std::size_t name = line.rfind(") "); // names may hold anything, spaces too
        if (name != std::string_view::npos) {
            parents.emplace_back(pid,
                                 static_cast<std::uint32_t>(numberAt(line.substr(name + 2), 1)));
        }
    }
    for (std::size_t i = 0; i < m_processes.size(); ++i) {
        for (const auto& [pid, parent] : parents) {
            if (parent == m_processes[i].pid) {
                add(pid);
            }
        }
    }
}

} // namespace interleave::record
