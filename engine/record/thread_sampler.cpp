// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/thread_sampler.h"

#include <algorithm>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::record {

namespace {

/// Readings of stat and listings of threads cost several times a reading of schedstat, so without
/// an occasion they come only every so many samples.
constexpr std::uint8_t kSamplesBetweenStats = 50;
constexpr std::uint8_t kSamplesBetweenLists = 10;
constexpr std::size_t kMostCores = 4096;

} // namespace

ThreadSampler::ThreadSampler(DescriptorBudget& budget)
    : m_budget(&budget) {}

void ThreadSampler::sample(ProcessTree& tree, Writer& writer) {
    for (const ObservedProcess& process : tree.processes()) {
        const std::string folder = "/proc/" + std::to_string(process.pid) + "/task";
        struct stat status {};
        if (::stat(folder.c_str(), &status) != 0) {
            m_threads.erase(process.pid);
            m_processes.erase(process.pid);
            continue;
        }
        Process& known = m_processes[process.pid];
        if (known.links != status.st_nlink || ++known.samplesSinceList >= kSamplesBetweenLists) {
            known = {status.st_nlink, 0};
            listThreads(process.pid);
        }
        auto& threads = m_threads[process.pid];
        for (auto it = threads.begin(); it != threads.end();) {
            it = sampleThread(it->first, it->second, writer) ? std::next(it) : threads.erase(it);
        }
    }
    std::erase_if(m_threads, [&](const auto& entry) {
        return std::none_of(tree.processes().begin(), tree.processes().end(),
                            [&](const auto& process) { return process.pid == entry.first; });
    });
    m_isFirst = false;
}

void ThreadSampler::listThreads(std::uint32_t pid) {
    auto& threads = m_threads[pid];
    for (auto& [tid, thread] : threads) {
        thread.isListed = false;
    }
    const std::string folder = "/proc/" + std::to_string(pid) + "/task";
    for (const std::uint32_t tid : numbersIn(folder)) {
        const auto [place, isNew] = threads.try_emplace(tid);
        place->second.isListed = true;
        if (isNew) {
            const std::string path = folder + "/" + std::to_string(tid);
            if (pid == static_cast<std::uint32_t>(getpid())) {
                // The kernel's name of a thread's CPU clock, see writer.cpp.
                place->second.clock = static_cast<clockid_t>((~tid << 3) | 6u);
            }
            place->second.schedstat = ProcFile(path + "/schedstat");
            place->second.stat = ProcFile(path + "/stat");
        }
    }
    std::erase_if(threads, [](const auto& entry) { return !entry.second.isListed; });
}

/// None: the thread has ended.
std::optional<std::uint64_t> ThreadSampler::runNsOf(Thread& thread) {
    if (thread.clock) {
        timespec time{};
        if (clock_gettime(*thread.clock, &time) != 0) {
            return std::nullopt;
        }
        return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
               static_cast<std::uint64_t>(time.tv_nsec);
    }
    char buffer[4096];
    const std::string_view line = thread.schedstat.read(*m_budget, buffer);
    if (line.empty()) {
        return std::nullopt;
    }
    return numberAt(line, 0);
}

/// False: the thread has ended.
bool ThreadSampler::sampleThread(std::uint32_t tid, Thread& thread, Writer& writer) {
    const std::optional<std::uint64_t> read = runNsOf(thread);
    if (!read || *read < thread.runNs) { // or its number has gone to another
        return false;
    }
    const std::uint64_t runNs = *read;
    if (m_isFirst) {
        thread.reportedUs = runNs / 1000;
        thread.runNs = runNs;
    }
    const std::uint64_t ranNs = runNs - thread.runNs;
    if (m_isFirst || ranNs > 0 || ++thread.samplesSinceStat >= kSamplesBetweenStats) {
        readStat(tid, thread, ranNs, writer);
    }
    thread.runNs = runNs;
    // Whole microseconds of the total, so that what is cut off comes with a later sample.
    if (const std::uint64_t us = runNs / 1000; us > thread.reportedUs) {
        writer.emit(EventKind::RunTime, tid,
                    static_cast<std::uint32_t>(
                        std::min<std::uint64_t>(us - thread.reportedUs, UINT32_MAX)));
        thread.reportedUs = us;
    }
    return true;
}

void ThreadSampler::readStat(std::uint32_t tid, Thread& thread, std::uint64_t ranNs,
                             Writer& writer) {
    thread.samplesSinceStat = 0;
    char buffer[4096];
    std::string_view line = thread.stat.read(*m_budget, buffer);
    const std::size_t name = line.rfind(") ");
    if (name == std::string_view::npos || name + 2 >= line.size()) {
        return;
    }
    line.remove_prefix(name + 2); // the state, then the parent, ...; the core is 36 fields on
    if (line.front() != thread.state) {
        thread.state = line.front();
        writer.emit(EventKind::RunState, tid, static_cast<std::uint32_t>(thread.state));
    }
    const std::uint64_t core = std::min<std::uint64_t>(numberAt(line, 36), kMostCores - 1);
    if (core >= m_coreNs.size()) {
        m_coreNs.resize(core + 1);
    }
    m_coreNs[core] += static_cast<std::int64_t>(ranNs);
}

} // namespace interleave::record
