// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/reserve.h"

#include <algorithm>
#include <utility>

namespace interleave::models {

Reserve::Place Reserve::add(Job& job, Nanoseconds nowNs) {
    if (job.notBeforeNs > nowNs) {
        m_later.emplace(job.notBeforeNs, &job);
        return Place::Later;
    }
    return admit(job, nowNs);
}

Reserve::Place Reserve::admit(Job& job, Nanoseconds nowNs) {
    if (job.ratePerSecond <= 0) {
        m_ready.push_back(&job);
        return Place::Ready;
    }
    Limited& limited =
        m_limited.try_emplace(job.templateIndex, Limited{TokenBucket(job.ratePerSecond), {}})
            .first->second;
    const bool mayStart = limited.jobs.empty() && limited.bucket.readyNs() <= nowNs;
    limited.jobs.push_back(&job);
    return mayStart ? Place::Ready : Place::RateLimited;
}

std::vector<std::pair<Job*, Reserve::Place>> Reserve::ripen(Nanoseconds nowNs) {
    std::vector<std::pair<Job*, Place>> ripe;
    while (!m_later.empty() && m_later.begin()->first <= nowNs) {
        Job* const job = m_later.begin()->second;
        m_later.erase(m_later.begin());
        ripe.emplace_back(job, admit(*job, nowNs));
    }
    return ripe;
}

Job* Reserve::take(Nanoseconds nowNs) {
    // Who has waited for a token goes first: it came before those that are ready now.
    for (auto& [index, limited] : m_limited) {
        if (!limited.jobs.empty() && limited.bucket.take(nowNs)) {
            Job* const job = limited.jobs.front();
            limited.jobs.pop_front();
            return job;
        }
    }
    if (m_ready.empty()) {
        return nullptr;
    }
    Job* const job = m_ready.front();
    m_ready.pop_front();
    return job;
}

std::optional<Nanoseconds> Reserve::nextDueNs() const {
    std::optional<Nanoseconds> due;
    const auto consider = [&due](Nanoseconds atNs) { due = std::min(due.value_or(atNs), atNs); };
    if (!m_later.empty()) {
        consider(m_later.begin()->first);
    }
    for (const auto& [index, limited] : m_limited) {
        if (!limited.jobs.empty()) {
            consider(limited.bucket.readyNs());
        }
    }
    return due;
}

std::size_t Reserve::size() const {
    std::size_t count = m_ready.size() + m_later.size();
    for (const auto& [index, limited] : m_limited) {
        count += limited.jobs.size();
    }
    return count;
}

std::vector<Job*> Reserve::takeAll() {
    std::vector<Job*> jobs(m_ready.begin(), m_ready.end());
    m_ready.clear();
    for (const auto& [atNs, job] : std::exchange(m_later, {})) {
        jobs.push_back(job);
    }
    for (auto& [index, limited] : m_limited) {
        jobs.insert(jobs.end(), limited.jobs.begin(), limited.jobs.end());
        limited.jobs.clear();
    }
    return jobs;
}

} // namespace interleave::models
