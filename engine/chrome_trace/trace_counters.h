// SPDX-License-Identifier: GPL-3.0-or-later
// TraceCounters: C events become counters, one for each series that their args name.
#pragma once

#include "engine/chrome_trace/trace_faults.h"
#include "engine/chrome_trace/trace_names.h"
#include "engine/chrome_trace/trace_point.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

class TraceCounters {
public:
    /// In order of time. `pid` is what the counter is a counter of.
    void add(const TracePoint& point, std::uint32_t pid, TraceFaults& faults);
    void addTo(recording::RecordingBuilder& builder, const TraceNames& names);

private:
    struct Group { // of one name
        std::string idText;
        StringId name{};
        std::uint32_t pid = 0;
        std::map<std::string, recording::Counter, std::less<>> series;
    };

    std::map<PointKey, Group> m_groups;
};

} // namespace interleave::chrome_trace
