// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/message_accounts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace interleave::models {

namespace {

class Parts {
public:
    void add(std::uint64_t count, const char* what) {
        if (count > 0) {
            m_parts.push_back(fmt::format("{} {}", count, what));
        }
    }
    std::string text() const { return fmt::format("{}", fmt::join(m_parts, ", ")); }
    bool isEmpty() const { return m_parts.empty(); }

private:
    std::vector<std::string> m_parts;
};

} // namespace

QueueAccounts& QueueAccounts::operator+=(const QueueAccounts& other) {
    entered += other.entered;
    acked += other.acked;
    rejected += other.rejected;
    expired += other.expired;
    overflowed += other.overflowed;
    lost += other.lost;
    deadLettered += other.deadLettered;
    queued += other.queued;
    return *this;
}

QueueAccounts MessageAccounts::total() const {
    QueueAccounts sum;
    for (const QueueAccounts& queue : queues) {
        sum += queue;
    }
    return sum;
}

std::uint64_t MessageAccounts::unaccounted() const {
    std::uint64_t missing = 0;
    for (const QueueAccounts& queue : queues) {
        const std::uint64_t left =
            queue.acked + queue.rejected + queue.expired + queue.overflowed + queue.lost;
        const std::uint64_t known = left + queue.queued;
        missing += queue.entered > known ? queue.entered - known : known - queue.entered;
    }
    return missing;
}

std::string MessageAccounts::sentence() const {
    const QueueAccounts all = total();
    const std::uint64_t dropped =
        all.rejected + all.expired + all.overflowed - all.deadLettered + all.lost;
    Parts ends;
    ends.add(all.acked, "acknowledged");
    ends.add(all.deadLettered, "dead-lettered to another queue");
    ends.add(dropped, "dropped");
    ends.add(all.queued, "still queued");
    std::string text = fmt::format("{} messages were published and {} copies came into queues{}{}.",
                                   published, all.entered, ends.isEmpty() ? "" : ": ", ends.text());
    Parts reasons;
    reasons.add(all.rejected, "rejected");
    reasons.add(all.expired, "expired");
    reasons.add(all.overflowed, "pushed out of a full queue");
    reasons.add(all.lost, "lost with the broker");
    if (!reasons.isEmpty()) {
        text += fmt::format(" What left its queue without being acknowledged: {}.", reasons.text());
    }
    Parts others;
    others.add(refused, "copies refused by a full queue");
    others.add(unroutable, "messages that no queue wanted, dropped");
    others.add(returned, "messages that no queue wanted, returned");
    others.add(redelivered, "deliveries of what had been delivered before");
    others.add(duplicates, "deliveries of what had been done already");
    others.add(lostAfterAck, "copies acknowledged whose work was never done");
    others.add(foreign, "messages of somebody else, rejected");
    others.add(replies, "replies");
    others.add(lateReplies, "replies that came too late");
    if (!others.isEmpty()) {
        text += fmt::format(" Besides: {}.", others.text());
    }
    return text;
}

} // namespace interleave::models
