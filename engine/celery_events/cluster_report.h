// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be said about an attachment besides showing it: task events that are switched off,
// times in queues that can't be known, how far the clocks of the hosts may be wrong.
#pragma once

#include "engine/celery_events/cluster_state.h"
#include "engine/celery_events/event_stream.h"

#include <set>
#include <string>
#include <vector>

namespace interleave::celery_events {

struct Notice {
    std::string kind;
    std::string severity; // as in a session's diagnostics
    std::uint64_t count = 1;
    std::string message;
};

/// Of workers that are at work and send no task events: each is told once.
std::vector<Notice> silentWorkers(const ClusterState& state);

/// Of a cluster of which nothing was heard, although it was asked: `answered` are the workers that
/// answered a ping.
Notice nothingHeard(const std::set<std::string>& answered);

struct Foreign {
    std::uint64_t faults = 0;   // messages that are no events
    std::uint64_t unknowns = 0; // events that aren't Celery's own
};

/// What is known in the end. `wallOffsetNs`: our time of day minus our monotonic time.
std::vector<Notice> closingNotices(const ClusterState& state, const ClusterSession& session,
                                   const Foreign& foreign, Nanoseconds wallOffsetNs);

} // namespace interleave::celery_events
