// SPDX-License-Identifier: GPL-3.0-or-later
// MessageLives: what became of each message of a broker, put together from its events: the copies
// of it that lay in queues, who had each of them when, and how it ended. Tracks, links, counters
// and statistics follow from it. O(n log n), and each copy ends exactly once, whatever the events
// are.
#pragma once

#include "engine/recording/recording.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace interleave::recording {

/// Where a copy is at the end, or where it went.
enum class CopyEnd : std::uint8_t {
    StillQueued,
    StillUnacked,
    Acked,
    DeadLettered, // refused, expired or pushed out, and lies in another queue since
    Rejected,
    Expired,
    Overflowed,
    Lost,
};
std::string_view nameOf(CopyEnd end); // "still queued", "acked", ...

inline constexpr Nanoseconds kStillThere = std::numeric_limits<Nanoseconds>::max();

struct MessageDelivery {
    Nanoseconds readySinceNs = 0; // since when it had lain there: routed, or given back
    Nanoseconds timeNs = 0;
    Nanoseconds endNs = kStillThere;
    WorkerId worker{};
    WorkerId endedBy{};
    /// Acked, Requeued, Rejected, Expired, Overflowed or Lost; none: it has it still.
    std::optional<MessageStep> end{};
    bool isRedelivered = false; // said by the broker, or known because there was one before
};

/// The stay of a message in a queue, from its arrival to its end. A message that comes back to the
/// same queue by a dead-letter exchange makes a new one.
struct MessageCopy {
    std::uint32_t message = 0;
    ObjectId queue{};
    TaskId task{};
    Nanoseconds queuedNs = 0;
    std::size_t firstDelivery = 0;
    std::size_t deliveryCount = 0;
    CopyEnd end = CopyEnd::StillQueued;
    Nanoseconds endNs = kStillThere;  // of a lost one that was acknowledged: of the acknowledgement
    Nanoseconds lostNs = kStillThere; // when it counted as lost
    std::optional<MessageStep> whyDeadLettered{}; // Rejected, Expired or Overflowed
    /// The copy that it continues after a dead-letter exchange, as an index.
    std::optional<std::size_t> origin{};
    bool isAcked = false; // also of one that was lost nevertheless

    bool isOver() const { return end != CopyEnd::StillQueued && end != CopyEnd::StillUnacked; }
};

struct MessageLives {
    std::vector<MessageCopy> copies; // by message, then queue, then begin
    std::vector<MessageDelivery> deliveries;
    std::uint64_t unpaired = 0; // ends of what had not begun: nobody said that it lay there
    std::uint64_t repeated = 0; // steps that were told twice

    std::span<const MessageDelivery> deliveriesOf(const MessageCopy& copy) const {
        return std::span(deliveries).subspan(copy.firstDelivery, copy.deliveryCount);
    }
    /// `events` by time, as a recording has them.
    static MessageLives of(std::span<const MessageEvent> events);
};

/// The indices of events by message, then queue, then place: first what has no queue, as the
/// publishing.
std::vector<std::uint32_t> byMessageAndQueue(std::span<const MessageEvent> events);

/// Whether the object of an event of this kind is a queue in which a copy lies or lay.
bool isInQueue(MessageStep step);

} // namespace interleave::recording
