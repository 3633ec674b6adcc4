// SPDX-License-Identifier: GPL-3.0-or-later
// From event to event: the moments at which something begins, ends or moves, for stepping through
// a replay. Found by binary search in each track: O(tracks * log spans), no list of all is made.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <optional>

namespace interleave::analysis {

enum class EventScope : std::uint8_t {
    Any,      // spans of tasks, workers, locks and queues; messages; marks
    Messages, // only what moved a message of a broker
};

/// The first event after `when`, within the recording's range.
std::optional<Nanoseconds> nextEvent(const recording::Recording& recording, Nanoseconds when,
                                     EventScope scope = EventScope::Any);
/// The last event before `when`, likewise.
std::optional<Nanoseconds> previousEvent(const recording::Recording& recording, Nanoseconds when,
                                         EventScope scope = EventScope::Any);

} // namespace interleave::analysis
