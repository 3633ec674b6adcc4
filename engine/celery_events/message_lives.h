// SPDX-License-Identifier: GPL-3.0-or-later
// MessageLives: the messages of tasks, from exchange to queue to worker, as far as events tell: who
// sends a task names its queue. When a worker acknowledges a message nobody tells; it has surely
// done so when the task has ended.
#pragma once

#include "engine/celery_events/cluster_event.h"
#include "engine/celery_events/cluster_node.h"

#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace interleave::celery_events {

/// The message that a task has come by; 0: none that is known.
struct TaskMessage {
    std::uint32_t number = 0;
    std::uint32_t queue = 0;
    bool isDelivered = false;
    bool wasDelivered = false; // it was given back since
};

class MessageLives {
public:
    explicit MessageLives(ClusterSession& session)
        : m_session(session) {}

    /// A task was sent; nothing if the event doesn't say where to.
    TaskMessage sent(const ClusterEvent& event, const ClusterNode& sender, Nanoseconds at);
    void delivered(TaskMessage& message, std::uint32_t task, ClusterNode& worker, Nanoseconds at);
    /// Its worker has given it back, or was lost.
    void givenBack(TaskMessage& message, Nanoseconds at);
    /// Its task has ended, or what will become of it isn't known any more.
    void ended(TaskMessage& message, Nanoseconds at);
    /// Nobody wants it any more: it was revoked before a worker had it.
    void dropped(TaskMessage& message, Nanoseconds at);

private:
    std::uint32_t objectOf(const std::string& kind, const std::string& name, Nanoseconds at);

    ClusterSession& m_session;
    std::unordered_map<std::string, std::uint32_t> m_objects;   // by kind and name
    std::set<std::pair<std::uint32_t, std::string>> m_bindings; // queue, exchange and key
    std::uint32_t m_messages = 0;
};

} // namespace interleave::celery_events
