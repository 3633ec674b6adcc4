// SPDX-License-Identifier: GPL-3.0-or-later
// The parameters of the model pubsub, as values.
#pragma once

#include "engine/models/model.h"

#include <cstdint>
#include <vector>

namespace interleave::models {

enum class Confirms : std::uint8_t {
    None,  // sent and forgotten
    Each,  // waits for the confirm of each message before the next
    Batch, // waits after every `batch` messages
    Async, // goes on while at most `batch` are unconfirmed; waits for the rest at the step's end
};

struct PubsubOptions {
    int publishers = 1;
    std::uint16_t prefetch = 1; // 0: any number
    bool isAutoAck = false;
    Confirms confirms = Confirms::Async;
    std::uint32_t batch = 100;
    Nanoseconds replyTimeoutNs = 0;
};

std::vector<ParameterInfo> pubsubParameters();
PubsubOptions pubsubOptions(const Parameters& parameters, int workers);

} // namespace interleave::models
