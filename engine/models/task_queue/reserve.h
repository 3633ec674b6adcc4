// SPDX-License-Identifier: GPL-3.0-or-later
// Reserve: the jobs that a node has taken and not started: those whose time has not come, those
// that a rate limit holds back, and those that could start, the oldest first. Decides nothing but
// the order; the caller has the clock.
#pragma once

#include "engine/models/task_queue/job.h"
#include "engine/models/task_queue/token_bucket.h"

#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace interleave::models {

class Reserve {
public:
    enum class Place : std::uint8_t { Ready, Later, RateLimited };

    /// Where the job waits now.
    Place add(Job& job, Nanoseconds nowNs);
    /// Jobs whose countdown is over since the last call: they wait elsewhere now.
    std::vector<std::pair<Job*, Place>> ripen(Nanoseconds nowNs);
    /// The next one that may start, taken out; nullptr: none for now.
    Job* take(Nanoseconds nowNs);
    /// When take() or ripen() may have something by themselves.
    std::optional<Nanoseconds> nextDueNs() const;

    std::size_t readyCount() const { return m_ready.size(); }
    /// Held back by a countdown: the prefetch limit is raised by so many.
    std::size_t laterCount() const { return m_later.size(); }
    std::size_t size() const;
    /// Everything, in no order.
    std::vector<Job*> takeAll();

private:
    struct Limited {
        TokenBucket bucket;
        std::deque<Job*> jobs;
    };
    Place admit(Job& job, Nanoseconds nowNs);

    std::deque<Job*> m_ready;
    std::multimap<Nanoseconds, Job*> m_later;
    std::map<std::size_t, Limited> m_limited; // by template
};

} // namespace interleave::models
