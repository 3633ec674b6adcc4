// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_flows.h"

namespace interleave::chrome_trace {

void TraceFlows::addTo(recording::RecordingBuilder& builder, const NextBegin& nextBegin,
                       TraceFaults& faults) const {
    std::map<PointKey, recording::LinkEnd> ends; // of flows that go on
    for (const Step& step : m_steps) {
        const TracePoint& point = step.point;
        recording::LinkEnd here{.timeNs = point.timeNs, .worker = step.worker};
        if (point.phase == 's') {
            ends[point.key] = here;
            continue;
        }
        const auto from = ends.find(point.key);
        if (from == ends.end()) {
            faults.add(Fault::EndWithoutBegin);
            continue;
        }
        recording::LinkEnd to = here;
        if (point.phase == 'f' && !point.bindsEnclosing) {
            to.timeNs = nextBegin(step.worker, point.timeNs); // it ends in the slice that follows
        }
        builder.addLink({.kind = recording::LinkKind::Flow, .from = from->second, .to = to});
        if (point.phase == 't') {
            from->second = here;
        } else if (point.key.idKind != 'b') { // one "bind_id" may lead to several slices
            ends.erase(from);
        }
    }
}

} // namespace interleave::chrome_trace
