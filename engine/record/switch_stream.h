// SPDX-License-Identifier: GPL-3.0-or-later
// SwitchStream: writes the kernel's records of context switches as events, and keeps account of
// which of our threads is on which core. It adds what the kernel leaves out: that a thread which
// existed at the beginning was on a core then, and that a thread which ends leaves its core.
#pragma once

#include "engine/record/kernel_switches.h"
#include "engine/record/writer.h"

#include <cstdint>
#include <map>
#include <vector>

namespace interleave::record {

/// What was there when the observer started.
struct SwitchStart {
    std::int64_t timeNs = 0;
    std::uint32_t thread = 0; // the one that started it, on a core at that time; 0: not followed
    std::uint16_t core = 0;
    std::vector<std::uint32_t> others; // on a core or not: their first record tells
};

class SwitchStream {
public:
    SwitchStream(Writer writer, const SwitchStart& start);

    /// Records in order of time. Appends processes that are new to `forked`.
    void write(const std::vector<KernelRecord>& records, std::vector<std::uint32_t>& forked);
    /// For each core, the time of our threads until nowNs.
    std::vector<std::int64_t> coreNs(std::int64_t nowNs) const;
    std::uint64_t lostRecords() const { return m_lostRecords; }

private:
    struct Core {
        std::int64_t spentNs = 0;
        std::int64_t sinceNs = -1; // -1: none of ours is on it
    };
    void enter(std::int64_t timeNs, std::uint32_t thread, std::uint16_t core);
    void leave(std::int64_t timeNs, std::uint32_t thread, std::uint16_t core, bool isPreempted);
    void end(const KernelRecord& record);
    void lose(const KernelRecord& record);
    Core& coreAt(std::uint16_t core);

    Writer m_writer;
    std::int64_t m_startNs;
    std::map<std::uint32_t, std::uint16_t> m_onCore; // threads that are on a core, and on which
    std::vector<std::uint32_t> m_unknown; // threads of the beginning without a record so far
    std::vector<Core> m_cores;
    std::uint64_t m_lostRecords = 0;
};

} // namespace interleave::record
