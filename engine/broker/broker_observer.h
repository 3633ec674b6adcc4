// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to messages inside a broker, which no client is told: where copies lie, what
// expired, overflowed, was given back or died with the broker. Only the memory broker can say; of
// RabbitMQ it is inferred from deliveries (their deaths and their redelivered flag).
#pragma once

#include "engine/broker/broker.h"

#include <string_view>

namespace interleave::broker {

enum class Fate : std::uint8_t {
    Queued,     // a copy lies in `queue` now
    Unroutable, // no queue wanted it; `queue` is empty
    Returned,   // the same, and its publisher gets it back
    Requeued,   // given back to `queue` by a reject, or because its consumer's connection has ended
    Rejected,   // refused for good by a consumer
    Expired,    // its time to live was over
    Overflowed, // `queue` was full: dropped at its head, or refused at the door
    DeadLettered, // lies in `queue` now, after Rejected, Expired or Overflowed elsewhere
    Cycled, // died again in a ring of dead-letter exchanges that nobody takes it out of; dropped
    Purged, // with its queue, or by purge()
    Lost,   // transient at a restart, or delivered with auto-ack to a connection that had ended
};

struct MessageFate {
    Fate fate = Fate::Queued;
    std::string_view queue;
    std::string_view exchange; // it was published to
    std::string_view key;
    const Properties& properties;
};

/// Told in the order in which things happen, by the thread that makes them happen, while it holds
/// the broker: must be quick and must not call it.
class BrokerObserver {
public:
    virtual ~BrokerObserver() = default;
    virtual void onFate(const MessageFate& fate) = 0;
};

} // namespace interleave::broker
