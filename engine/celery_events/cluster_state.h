// SPDX-License-Identifier: GPL-3.0-or-later
// ClusterState: workers and clients of a cluster and, through TaskLives, its tasks, from their
// events in (nearly) the order in which they happened.
#pragma once

#include "engine/celery_events/cluster_event.h"
#include "engine/celery_events/cluster_node.h"
#include "engine/celery_events/task_lives.h"

#include <array>
#include <map>
#include <memory>
#include <string>

namespace interleave::celery_events {

class ClusterState {
public:
    struct Limits {
        std::size_t tasks = 500'000; // followed at once
        std::size_t nodes = 5'000;
    };
    explicit ClusterState(ClusterSession& session)
        : ClusterState(session, Limits()) {}
    ClusterState(ClusterSession& session, Limits limits)
        : m_session(session)
        , m_limits(limits)
        , m_tasks(session, limits.tasks) {}

    /// Who sent the event, as it arrived: its clock is told. `askedNs`: when all workers were asked
    /// for a heartbeat the last time. Null if there are too many nodes.
    ClusterNode* heard(const ClusterEvent& event, std::optional<Nanoseconds> askedNs);
    /// When the event happened, in our time.
    Nanoseconds timeOf(const ClusterEvent& event, const ClusterNode& node) const;
    void apply(const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    /// All that happened before has been applied: levels are shown, silent workers found.
    void tick(Nanoseconds at);
    /// Events were lost from here on.
    void loseSight(Nanoseconds at) { m_tasks.loseSight(at); }
    /// Nothing follows.
    void close(Nanoseconds at);

    using Nodes = std::map<std::string, std::unique_ptr<ClusterNode>>;
    const Nodes& nodes() const { return m_nodes; } // by name
    const TaskLives& tasks() const { return m_tasks; }
    std::uint64_t taskEvents() const { return m_taskEvents; }
    std::uint64_t workerEvents() const { return m_workerEvents; }
    /// That came so far; those that went and came again count again.
    std::uint64_t workers() const { return m_workers; }
    std::uint64_t unfollowed() const { return m_unfollowed; }
    std::uint64_t vanished() const { return m_vanished; }

private:
    void applyHeartbeat(const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    void open(ClusterNode& node, Nanoseconds at);
    void leave(ClusterNode& node, Nanoseconds at, bool isOrderly);
    void removeIdleClients(Nanoseconds now);

    ClusterSession& m_session;
    Limits m_limits;
    Nodes m_nodes;
    std::map<std::string, const ClusterNode*, std::less<>> m_workerOfHost; // one of each
    TaskLives m_tasks;
    struct Shown {
        std::uint32_t counter = 0;
        std::uint32_t value = 0;
    };
    std::array<Shown, 4> m_shown{};
    std::uint64_t m_taskEvents = 0;
    std::uint64_t m_workerEvents = 0;
    std::uint64_t m_workers = 0;
    std::uint64_t m_unfollowed = 0; // events of nodes beyond those that are followed
    std::uint64_t m_vanished = 0;   // workers that went without a word
};

} // namespace interleave::celery_events
