// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of one message in an order in which they can have happened, whatever the moments at
// which several processes told them.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <span>

namespace interleave::collector {

/// `events` of one message, by queue (first what has none), then time. Reorders those of each queue
/// where one step needs another that was told later, and moves times up so that nothing precedes
/// what it follows from. Returns how many had to be moved by more than
/// recording::kMostDisorderNs.
std::uint64_t orderMessage(std::span<recording::MessageEvent> events);

} // namespace interleave::collector
