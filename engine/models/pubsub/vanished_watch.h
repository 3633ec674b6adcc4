// SPDX-License-Identifier: GPL-3.0-or-later
// VanishedWatch: for a broker that does not tell: finds out that copies which should still come to
// a handler are gone. It is certain of that when, while nothing else happened in the run, first
// every queue that could pass them on was empty at the broker, and after that every consumer has
// looked into its own queue and its own channel and found nothing.
//
// Thread: the control thread.
#pragma once

#include "engine/models/pubsub/consumer.h"
#include "engine/models/pubsub/pubsub_link.h"

#include <memory>
#include <span>
#include <vector>

namespace interleave::models {

class VanishedWatch {
public:
    static constexpr Nanoseconds kPeriodNs = 20'000'000;
    /// Nothing has to have happened for so long before it looks: looking costs round trips.
    static constexpr Nanoseconds kCalmNs = 60'000'000;

    VanishedWatch(PubsubShared& shared, PubsubLink& link,
                  std::span<const std::unique_ptr<Consumer>> consumers);

    /// To be called now and then while copies are out and nobody has one in hand. Tells the book of
    /// those that are gone; true: it did.
    bool look();

private:
    bool isEmptyAtBroker(ObjectId queue);
    bool haveConsumersFoundNothing() const;

    PubsubShared& m_shared;
    PubsubLink& m_link;
    std::span<const std::unique_ptr<Consumer>> m_consumers;
    std::uint64_t m_version = 0; // of the book, when it was seen last
    Nanoseconds m_calmSinceNs = 0;
    std::uint64_t m_request = 0;
    bool m_isAsked = false; // the consumers were, since m_version
};

/// Empties the queues of a broker that does not tell, so that the book knows what lay there still.
void lookWhatIsLeft(PubsubShared& shared, broker::Connection& connection);

/// Tells the book that the copies which should be in a queue are gone, with the likely reason.
void tellVanished(PubsubShared& shared, ObjectId queue, std::span<const std::uint32_t> numbers);

} // namespace interleave::models
