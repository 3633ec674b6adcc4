// SPDX-License-Identifier: GPL-3.0-or-later
// TaskLives: the tasks of a cluster, from their events in (nearly) the order in which they
// happened. Says what each event means in the states that all models share:
//
//   task-sent       queued      on its way and in a queue of the broker
//   task-received   reserved    its worker has it
//   task-started    running     its worker executes it; until its own run time is over, then
//                   transfer    its result is on the way to the worker's main process
//   task-retried    retrying    until its next try is due
//   task-succeeded, -failed, -revoked, -rejected: done, failed, cancelled (queued if given back)
//
// A task's states follow each other in time whatever the clocks say: each begins after the one
// before it. What was lost isn't guessed: a task of which too little is known is in no state.
#pragma once

#include "engine/celery_events/cluster_event.h"
#include "engine/celery_events/task_life.h"

#include <array>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace interleave::celery_events {

struct TaskCounts {
    std::uint64_t received = 0;    // tasks that a worker got
    std::uint64_t unsent = 0;      // of these: nobody told when they were sent
    std::uint64_t redelivered = 0; // given to a worker again without a retry
    std::uint64_t endsUnseen = 0;  // ends of tasks of which nothing else is known
    std::uint64_t unfollowed = 0;  // events of tasks beyond those that are followed at once
};

class TaskLives {
public:
    /// `most`: tasks that are followed at once.
    TaskLives(ClusterSession& session, std::size_t most)
        : m_session(session)
        , m_messages(session)
        , m_most(most) {}

    /// `node` is open and stays where it is as long as it is a worker.
    void apply(const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    /// What it had goes back into its queues if it ended in good order; else nobody knows.
    void workerLeft(const ClusterNode& worker, Nanoseconds at, bool isOrderly);
    /// Nothing is known of any task, until its next event.
    void loseSight(Nanoseconds at);

    std::uint32_t countOf(State state) const { return m_levels[static_cast<std::size_t>(state)]; }
    const TaskCounts& counts() const { return m_counts; }

private:
    struct Ended {
        std::uint32_t number = 0;
        Nanoseconds firstNs = 0;
        bool isSentKnown = false;
        bool isUnsent = false;
    };

    void sent(TaskLife& task, const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    bool sentLate(const ClusterEvent& event, const ClusterNode& node, Nanoseconds at);
    void received(TaskLife& task, const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    void started(TaskLife& task, ClusterNode& node, Nanoseconds at);
    void succeeded(TaskLife& task, const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    void failed(TaskLife& task, const ClusterEvent& event, Nanoseconds at);
    void turnToNext(TaskLife& task, Nanoseconds at, const std::string& why);
    void retried(TaskLife& task, const ClusterEvent& event, Nanoseconds at);
    void cancelled(TaskLife& task, const ClusterEvent& event, Nanoseconds at);
    void givenBack(TaskLife& task, Nanoseconds at);

    TaskLife* lifeOf(const ClusterEvent& event, ClusterNode& node, Nanoseconds at);
    const std::string* nameOf(const ClusterEvent& event);
    void showParent(const TaskLife& task, const ClusterEvent& event, const ClusterNode& node,
                    Nanoseconds at);
    void enter(TaskLife& task, State state, Nanoseconds at, const std::string& what = {});
    void lose(TaskLife& task, Nanoseconds at);
    void leaveSlot(TaskLife& task);
    void makeDue(TaskLife& task, Nanoseconds at);
    void fitRuntime(TaskLife& task, Nanoseconds runtimeNs, Nanoseconds at);
    void end(const std::string& uuid, State state, Nanoseconds at);
    void markEnd(const TaskLife& task, const ClusterEvent& event, const char* what, Nanoseconds at);
    std::uint32_t& level(State state) { return m_levels[static_cast<std::size_t>(state)]; }

    ClusterSession& m_session;
    MessageLives m_messages;
    std::size_t m_most;
    std::unordered_map<std::string, TaskLife> m_tasks; // by uuid
    std::unordered_map<std::string, Ended> m_ended;    // the latest, by uuid
    std::deque<std::string> m_endedOrder;
    std::unordered_set<std::string> m_names;
    std::array<std::uint32_t, kStateCount> m_levels{};
    TaskCounts m_counts;
};

} // namespace interleave::celery_events
