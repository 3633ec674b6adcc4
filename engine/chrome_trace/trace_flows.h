// SPDX-License-Identifier: GPL-3.0-or-later
// TraceFlows: flow events (s t f, and slices with a "bind_id") become links between threads.
#pragma once

#include "engine/chrome_trace/trace_faults.h"
#include "engine/chrome_trace/trace_point.h"
#include "engine/recording/recording_builder.h"

#include <functional>
#include <map>
#include <vector>

namespace interleave::chrome_trace {

class TraceFlows {
public:
    /// When the first span of a worker begins at or after a time; the time itself if there is none.
    using NextBegin = std::function<Nanoseconds(WorkerId worker, Nanoseconds timeNs)>;

    /// In order of time.
    void add(const TracePoint& point, WorkerId worker) { m_steps.push_back({point, worker}); }
    void addTo(recording::RecordingBuilder& builder, const NextBegin& nextBegin,
               TraceFaults& faults) const;

private:
    struct Step {
        TracePoint point;
        WorkerId worker{};
    };
    std::vector<Step> m_steps;
};

} // namespace interleave::chrome_trace
