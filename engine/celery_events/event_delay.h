// SPDX-License-Identifier: GPL-3.0-or-later
// EventDelay: holds events back for a moment, because those of several hosts don't arrive in the
// order in which they happened: a client tells that it has sent a task when a worker may have told
// already that it has it. What comes later than that is still right in the end, because the
// collector sorts; only the live picture may show it late.
#pragma once

#include "engine/celery_events/cluster_event.h"
#include "engine/celery_events/cluster_node.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

namespace interleave::celery_events {

class EventDelay {
public:
    static constexpr std::size_t kMost = 100'000; // then the oldest go on at once

    void add(ClusterEvent event, ClusterNode& node) {
        m_events.push_back({std::move(event), &node});
    }
    bool isFull() const { return m_events.size() >= kMost; }
    bool isEmpty() const { return m_events.empty(); }

    /// Calls use(event, node, at) for those that arrived by `until`, in the order of the times at
    /// which they happened, timeOf(event, node) as far as is known now. O(n log n).
    template <class TimeOf, class Use>
    void release(Nanoseconds until, TimeOf&& timeOf, Use&& use) {
        struct Due {
            Nanoseconds at = 0;
            Held held;
        };
        std::vector<Due> due;
        while (!m_events.empty() && m_events.front().event.arrivalNs <= until) {
            Held& held = m_events.front();
            const Nanoseconds at = timeOf(held.event, *held.node);
            due.push_back({at, std::move(held)});
            m_events.pop_front();
        }
        std::ranges::stable_sort(due, {}, &Due::at);
        for (const Due& item : due) {
            use(item.held.event, *item.held.node, item.at);
        }
    }

private:
    struct Held {
        ClusterEvent event;
        ClusterNode* node = nullptr;
    };
    std::deque<Held> m_events;
};

} // namespace interleave::celery_events
