// SPDX-License-Identifier: GPL-3.0-or-later
// A message inside the memory broker. Never changes once published, so queues and connections of
// several threads share it; one that died goes on as a changed copy.
#pragma once

#include "engine/broker/broker.h"

#include <memory>

namespace interleave::broker {

struct Message {
    std::string exchange;
    std::string key;
    Properties properties;
    std::vector<std::byte> body;
    std::vector<std::pair<std::string, std::string>> deaths; // as in Delivery
};
using MessagePtr = std::shared_ptr<const Message>;

/// One copy of a message, in one queue.
struct QueueEntry {
    MessagePtr message;
    std::uint64_t position = 0; // in the order in which the queue got them
    Nanoseconds expiresNs = 0;  // steady clock; kNever
    bool isRedelivered = false;
};
inline constexpr Nanoseconds kNever = INT64_MAX;

} // namespace interleave::broker
