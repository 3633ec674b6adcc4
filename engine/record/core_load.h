// SPDX-License-Identifier: GPL-3.0-or-later
// CoreLoad: how busy each core is with programs that are not ours.
//
// /proc/stat gives idle time in steps of 10 ms; time of our own threads comes from elsewhere, much
// finer. Their difference over one period would jump by a step, so it is taken of the totals since
// the beginning, less the step of uncertainty, and may only grow: it is exact in the long run, late
// by at most 10 ms of load, and never shows others where there are none. A hypervisor that takes
// the core away counts as another program only while none of ours is on it.
#pragma once

#include "engine/record/proc_file.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace interleave::record {

class CoreLoad {
public:
    struct Value {
        int core = 0;
        int othersPerMille = 0; // since the last sample
    };

    explicit CoreLoad(long ticksPerSecond);

    /// `stat` is the text of /proc/stat at nowNs; ourNs[core] the time since the beginning that
    /// our threads spent on it. The first call only sets the beginning.
    std::vector<Value> sample(std::string_view stat, std::int64_t nowNs,
                              const std::vector<std::int64_t>& ourNs);

private:
    struct Core {
        std::int64_t beginNs = 0;
        std::int64_t lastNs = 0;
        std::int64_t idleAtBegin = 0; // ns
        std::int64_t oursAtBegin = 0;
        std::int64_t othersNs = 0; // since the beginning, never falls
    };
    std::int64_t m_stepNs;
    std::map<int, Core> m_cores;
};

/// All of /proc/stat's lines about cores.
std::string readProcStat();

} // namespace interleave::record
