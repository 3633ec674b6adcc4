// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/schedule/submissions.h"

#include <algorithm>
#include <map>

namespace interleave::models {

Submissions::Submissions(const scenario::Program& program)
    : m_program(program)
    , m_followersOf(program.tasks.size())
    , m_left(program.tasks.size()) {
    // Tasks of one template follow the same tasks; they share one counter, so that ten thousand
    // tasks after ten thousand others cost ten thousand steps and not their product.
    std::map<std::size_t, std::uint32_t> groupOfTemplate;
    for (const scenario::Task& task : program.tasks) {
        if (task.parent || task.after.empty()) {
            continue;
        }
        const auto known = groupOfTemplate.find(task.templateIndex);
        if (known != groupOfTemplate.end()) {
            Followers& followers = *m_followers[known->second];
            if (program.task(followers.tasks.front()).after == task.after) {
                followers.tasks.push_back(task.id);
                continue;
            }
        }
        const auto group = static_cast<std::uint32_t>(m_followers.size());
        groupOfTemplate.insert_or_assign(task.templateIndex, group);
        m_followers.push_back(std::make_unique<Followers>());
        m_followers.back()->tasks.push_back(task.id);
        m_followers.back()->predecessorsLeft = task.after.size();
        for (const TaskId predecessor : task.after) {
            m_followersOf[predecessor.value - 1].push_back(group);
        }
    }
}

void Submissions::begin(Nanoseconds nowNs) {
    std::scoped_lock lock(m_mutex);
    for (const scenario::Task& task : m_program.tasks) {
        // Those that handle messages are submitted by whoever publishes one.
        if (!task.parent && task.after.empty() && !task.isChained && !task.handles) {
            m_due.push({nowNs + task.arrivalNs, task.id});
        }
    }
}

std::vector<TaskId> Submissions::takeDue(Nanoseconds nowNs) {
    std::vector<TaskId> due;
    std::scoped_lock lock(m_mutex);
    while (!m_due.empty() && m_due.top().atNs <= nowNs) {
        due.push_back(m_due.top().task);
        m_due.pop();
    }
    return due;
}

std::optional<Nanoseconds> Submissions::nextDueNs() const {
    std::scoped_lock lock(m_mutex);
    return m_due.empty() ? std::nullopt : std::optional(m_due.top().atNs);
}

bool Submissions::ended(TaskId task, Nanoseconds nowNs, const std::vector<TaskId>& neverSpawned) {
    bool isNews = endOne(task, nowNs);
    if (const TaskId then = m_program.task(task).then;
        then && std::ranges::find(neverSpawned, then) == neverSpawned.end()) {
        std::scoped_lock lock(m_mutex);
        m_due.push({nowNs, then});
        isNews = true;
    }
    for (const TaskId child : neverSpawned) {
        isNews |= endOne(child, nowNs);
    }
    return isNews;
}

bool Submissions::endOne(TaskId task, Nanoseconds nowNs) {
    bool isNews = false;
    for (const std::uint32_t index : m_followersOf[task.value - 1]) {
        Followers& followers = *m_followers[index];
        if (followers.predecessorsLeft.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            continue;
        }
        isNews = true;
        std::scoped_lock lock(m_mutex);
        for (const TaskId follower : followers.tasks) {
            m_due.push({nowNs + m_program.task(follower).arrivalNs, follower});
        }
    }
    return m_left.fetch_sub(1, std::memory_order_acq_rel) == 1 || isNews;
}

std::vector<TaskId> unspawnedDescendants(const scenario::Program& program, TaskId task,
                                         const std::function<bool(TaskId)>& isUnborn) {
    std::vector<TaskId> found;
    std::vector<TaskId> open{task};
    while (!open.empty()) {
        const scenario::Task& parent = program.task(open.back());
        open.pop_back();
        if (parent.then && isUnborn(parent.then)) {
            found.push_back(parent.then);
            open.push_back(parent.then);
        }
        for (const scenario::Action& action : parent.actions) {
            if (action.kind != scenario::Action::Kind::Spawn) {
                continue;
            }
            for (const TaskId child : action.tasks) {
                if (isUnborn(child)) {
                    found.push_back(child);
                    open.push_back(child);
                }
            }
        }
    }
    return found;
}

} // namespace interleave::models
