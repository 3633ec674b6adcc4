// SPDX-License-Identifier: GPL-3.0-or-later
// What is seen of a broker's messages: the tracks of its queues, links from publishing to delivery
// to acknowledgement, how many messages lie in each queue, who consumes.
#pragma once

#include "engine/collector/message_log.h"

#include <limits>
#include <span>
#include <tuple>
#include <vector>

namespace interleave::collector {

/// On a queue's track each copy of a message has a level of its own from its arrival to its end:
/// `queued` while it lies there, `reserved` while a consumer holds it; the cause is the step that
/// ended it. There may be a hundred thousand at once, and a view draws every level, so those that
/// come when so many are there already share one more: spans that say only that there are more.
/// How many, the counters tell.
inline constexpr std::uint16_t kMessageLevels = 64;
inline constexpr const char* kMoreMessages = "more messages";

/// Copies that share the last level of their queue's track: queue, message, begin; sorted.
using SharingCopies = std::vector<std::tuple<ObjectId, std::uint32_t, Nanoseconds>>;

/// What was assembled before of messages whose events are carried over.
struct EarlierMessages {
    std::span<const recording::MessageEvent> events{}; // by time; see MessageLog::take()
    Nanoseconds untilNs = std::numeric_limits<Nanoseconds>::min();
    std::span<const SharingCopies::value_type> sharing{}; // those that began up to then
};

/// Adds the messages themselves, the spans, links and counters that follow from them, consumers and
/// bindings. Returns the copies without a level of their own.
SharingCopies addMessages(MessageLog log, const std::vector<StreamEvents>& streams,
                          const WorkerTable& workers, const Occupancy& occupancy,
                          const Manifest& manifest, Nanoseconds endNs,
                          const EarlierMessages& earlier, recording::RecordingBuilder& builder,
                          Oddities& oddities);

} // namespace interleave::collector
