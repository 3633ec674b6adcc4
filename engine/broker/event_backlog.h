// SPDX-License-Identifier: GPL-3.0-or-later
// What a connection has read and its caller has not taken yet.
#pragma once

#include "engine/broker/broker.h"

#include <deque>
#include <set>

namespace interleave::broker {

class EventBacklog {
public:
    bool isEmpty() const { return m_events.empty() && !m_refused; }
    void push(Event event) { m_events.push_back(std::move(event)); }
    void addAutoAckConsumer(const std::string& tag) { m_autoAckConsumers.insert(tag); }

    /// The channel has failed: its consumers are gone, and deliveries that are not acknowledged by
    /// themselves are in their queues again. The error is told after what came before it.
    void fail(std::optional<Error> refused);
    std::optional<Error> takeRefused() { return std::exchange(m_refused, std::nullopt); }

    /// The next event, or the error; nothing if there is neither.
    std::optional<Result<std::optional<Event>>> take();
    void clear() { *this = {}; }

private:
    std::deque<Event> m_events;
    std::optional<Error> m_refused;
    std::set<std::string, std::less<>> m_autoAckConsumers;
};

} // namespace interleave::broker
