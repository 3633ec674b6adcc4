// SPDX-License-Identifier: GPL-3.0-or-later
// ThreadSampler: run time and state of every thread of the process tree, read from /proc again and
// again. The fallback where the kernel refuses context switches: totals are exact, their order
// within a period is not known.
#pragma once

#include "engine/record/process_tree.h"
#include "engine/record/writer.h"

#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace interleave::record {

class ThreadSampler {
public:
    explicit ThreadSampler(DescriptorBudget& budget);

    /// Writes RunTime of every thread that has run since the last call, and RunState where it has
    /// changed. The first call only notes where the threads stand.
    void sample(ProcessTree& tree, Writer& writer);
    /// For each core, the time of our threads so far; a thread's time counts for the core on which
    /// it was last seen.
    const std::vector<std::int64_t>& coreNs() const { return m_coreNs; }

private:
    struct Thread {
        ProcFile schedstat; // of other processes' threads; our own have a clock, four times cheaper
        std::optional<clockid_t> clock;
        ProcFile stat;
        std::uint64_t runNs = 0;
        std::uint64_t reportedUs = 0;
        char state = 0;
        std::uint8_t samplesSinceStat = 0;
        bool isListed = true;
    };
    struct Process {
        std::uint64_t links = 0; // of its task folder: 2 + the number of threads
        std::uint8_t samplesSinceList = 0;
    };
    void listThreads(std::uint32_t pid);
    bool sampleThread(std::uint32_t tid, Thread& thread, Writer& writer);
    std::optional<std::uint64_t> runNsOf(Thread& thread);
    void readStat(std::uint32_t tid, Thread& thread, std::uint64_t ranNs, Writer& writer);

    DescriptorBudget* m_budget;
    std::map<std::uint32_t, std::map<std::uint32_t, Thread>> m_threads; // by pid, by tid
    std::map<std::uint32_t, Process> m_processes;
    std::vector<std::int64_t> m_coreNs;
    bool m_isFirst = true;
};

} // namespace interleave::record
