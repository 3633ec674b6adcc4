// SPDX-License-Identifier: GPL-3.0-or-later
// The part of an export that isn't events: the object "interleave", from which everything that
// Chrome's events have no place for is restored.
#pragma once

#include "engine/base/result.h"
#include "engine/chrome_trace/export_layout.h"
#include "engine/recording/recording_builder.h"

#include <string>
#include <string_view>
#include <unordered_map>
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

/// What a head says about the events that follow.
struct RestoredThread {
    ThreadPlace place{};
    recording::TrackKind kind = recording::TrackKind::Worker;
    std::uint32_t subject = 0;
};
struct RestoredHead {
    std::vector<RestoredThread> threads;
    std::vector<CounterPlace> counterPlaces;
    std::vector<recording::Counter> counters; // without their points
    /// Texts that are no valid UTF-8, by the number they have in events.
    std::unordered_map<std::uint64_t, std::string> rawTexts;
};

/// Adds what the head says to the builder. `json` is the raw value of "interleave".
Result<RestoredHead> restoreHead(std::string_view json, recording::RecordingBuilder& builder);

} // namespace interleave::chrome_trace
