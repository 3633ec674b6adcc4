// SPDX-License-Identifier: GPL-3.0-or-later
// The part of an export that isn't events: the object "interleave", from which everything that
// Chrome's events have no place for is restored.
#pragma once

#include "engine/chrome_trace/export_layout.h"
#include "engine/recording/recording.h"

#include <string>
#include <vector>

namespace interleave::chrome_trace {

/// A counter's events are found again by process and name, which no other counter has.
struct CounterPlace {
    std::uint32_t pid = 0;
    std::string name{};
    friend bool operator==(const CounterPlace&, const CounterPlace&) = default;
};
std::vector<CounterPlace> placeCounters(const recording::Recording& recording,
                                        const ExportLayout& layout);

std::string describeHead(const recording::Recording& recording, const ExportLayout& layout,
                         const std::vector<CounterPlace>& counters);

} // namespace interleave::chrome_trace
