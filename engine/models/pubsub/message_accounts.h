// SPDX-License-Identifier: GPL-3.0-or-later
// MessageAccounts: how many messages and copies of them went which way. Every copy that came into a
// queue left it for a stated reason or lies there still. Plain numbers; MessageBook keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace interleave::models {

/// Of one queue, in copies. Of those that left it (rejected, expired, overflowed) some went on
/// through its dead-letter exchange.
struct QueueAccounts {
    std::uint64_t entered = 0;
    std::uint64_t acked = 0;
    std::uint64_t rejected = 0;
    std::uint64_t expired = 0;
    std::uint64_t overflowed = 0;
    std::uint64_t lost = 0;
    std::uint64_t deadLettered = 0; // of rejected, expired and overflowed
    std::uint64_t queued = 0;       // still there

    bool isBalanced() const {
        return entered == acked + rejected + expired + overflowed + lost + queued;
    }
    QueueAccounts& operator+=(const QueueAccounts& other);
};

struct MessageAccounts {
    std::uint64_t published = 0; // each time that a message was sent
    std::uint64_t unroutable = 0;
    std::uint64_t returned = 0;     // unroutable, too, but its publisher was told
    std::uint64_t refused = 0;      // copies that a full queue did not take
    std::uint64_t redelivered = 0;  // deliveries of what had been delivered before
    std::uint64_t duplicates = 0;   // deliveries whose work was done already
    std::uint64_t lostAfterAck = 0; // copies that were acknowledged and whose work was never done
    std::uint64_t foreign = 0;      // deliveries of what is not ours
    std::uint64_t unpredicted = 0;  // copies where the routing rules put none
    std::uint64_t replies = 0;      // sent
    std::uint64_t lateReplies = 0;  // that nobody waited for any more
    std::vector<QueueAccounts> queues; // in the order of their declarations

    QueueAccounts total() const;
    /// Copies that neither left their queue for a reason nor lie in it.
    std::uint64_t unaccounted() const;
    /// "12 messages were published. 24 copies came into queues: 20 acknowledged, ..."
    std::string sentence() const;
};

} // namespace interleave::models
