// SPDX-License-Identifier: GPL-3.0-or-later
// What became of the messages of a broker, for each queue and in all. The books balance: every copy
// that came into a queue has left it in one way or is there still, and what does not add up is
// counted and named.
#pragma once

#include "engine/recording/message_lives.h"
#include "engine/recording/recording.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace interleave::analysis {

inline constexpr std::size_t kCopyEnds = static_cast<std::size_t>(recording::CopyEnd::Lost) + 1;

/// Copies by how they ended. Each is in one of them, so they sum up to all.
struct CopyEnds {
    std::array<std::uint64_t, kCopyEnds> count{}; // index: recording::CopyEnd

    std::uint64_t of(recording::CopyEnd end) const { return count[static_cast<std::size_t>(end)]; }
    std::uint64_t total() const;
};

/// Of those durations that are over; absent where there is none.
struct DurationSummary {
    std::uint64_t count = 0;
    std::optional<Nanoseconds> meanNs{}, p50Ns{}, p99Ns{}, maximumNs{};
};

struct MessageTotals {
    std::uint64_t routed = 0;        // copies that came, by publishing or as dead letters
    std::uint64_t deadLettersIn = 0; // of these, the latter
    std::uint64_t delivered = 0;
    std::uint64_t redelivered = 0; // of these, not the first time
    std::uint64_t acked = 0;       // also those that were lost nevertheless
    std::uint64_t lostAfterAck = 0;
    std::uint64_t requeued = 0;
    std::uint64_t rejected = 0; // refused for good; dead-lettered after that, or dropped
    std::uint64_t expired = 0;
    std::uint64_t overflowed = 0;
    CopyEnds ends;
    DurationSummary queueTime;   // ready until delivered, each time
    DurationSummary unackedTime; // delivered until acknowledged, refused or given back
};

struct QueueReport {
    ObjectId queue;
    MessageTotals totals;
    std::uint64_t published = 0; // copies that publishing put there, or that it refused
    std::uint32_t maxDepth = 0;  // most that were ready at once
    std::uint32_t maxUnacked = 0;
    std::uint32_t consumers = 0; // most at once
};

struct MessageReport {
    MessageTotals totals;
    std::uint64_t published = 0; // messages, not copies
    std::uint64_t unroutable = 0;
    std::uint64_t returned = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t refused = 0; // by a negative confirm
    /// Published, and then nothing is known of it: neither in a queue nor given back.
    std::uint64_t unaccounted = 0;
    std::uint64_t unpairedSteps = 0; // told of copies that were not there
    std::uint64_t repeatedSteps = 0;
    DurationSummary taskQueueTime;   // ready until delivered, of copies that carry a task
    std::vector<QueueReport> queues; // those with messages or consumers

    bool isEmpty() const { return queues.empty() && published == 0; }
    /// What does not add up, a sentence each.
    std::vector<std::string> faults() const;
};

MessageReport messageReport(const recording::Recording& recording,
                            const recording::MessageLives& lives);
MessageReport messageReport(const recording::Recording& recording);

} // namespace interleave::analysis
