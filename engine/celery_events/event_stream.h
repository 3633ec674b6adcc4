// SPDX-License-Identifier: GPL-3.0-or-later
// EventStream: the cluster's events as they come from the broker, through a queue of our own that
// goes away with us. Nothing is taken from the application's queues. A broker that goes away is
// tried again until it is back.
#pragma once

#include "engine/broker/broker.h"
#include "engine/celery_events/cluster_event.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace interleave::celery_events {

class EventStream {
public:
    /// `broker` must outlive it.
    static Result<EventStream> open(broker::Broker& broker);

    /// The events of the next message, with their times of arrival; none if none came in time.
    /// After an error the stream is down.
    Result<std::vector<ClusterEvent>> next(Nanoseconds waitNs);
    /// After an error of next(): tries once; an error says why it stays down.
    Result<void> reopen();

    std::uint64_t faults() const { return m_faults; }
    std::uint64_t unknowns() const { return m_unknowns; }

private:
    explicit EventStream(broker::Broker& broker)
        : m_broker(&broker) {}

    broker::Broker* m_broker;
    std::unique_ptr<broker::Connection> m_connection;
    std::uint64_t m_faults = 0;
    std::uint64_t m_unknowns = 0;
};

} // namespace interleave::celery_events
