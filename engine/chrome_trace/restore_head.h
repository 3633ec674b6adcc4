// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the object "interleave" of an export: see export_head.h.
#pragma once

#include "engine/base/result.h"
#include "engine/chrome_trace/export_head.h"
#include "engine/recording/recording_builder.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace interleave::chrome_trace {

/// The number of the format that this program writes and reads.
inline constexpr std::uint64_t kExportVersion = 1;

struct RestoredThread {
    ThreadPlace place{};
    recording::TrackKind kind = recording::TrackKind::Worker;
    std::uint32_t subject = 0; // exists
};

/// What the head says about the events that follow.
struct RestoredHead {
    std::size_t tasks = 0, workers = 0, objects = 0; // how many there are
    std::vector<std::uint32_t> cores;
    std::vector<RestoredThread> threads;
    std::vector<CounterPlace> counterPlaces;
    std::vector<recording::Counter> counters; // without their points
    /// Texts that are no valid UTF-8, by the number they have in events.
    std::unordered_map<std::uint64_t, std::string> rawTexts;
};

/// Adds what the head says to the builder. `json` is the raw value of "interleave"; `name` is the
/// file's, for sentences.
Result<RestoredHead> restoreHead(std::string_view json, std::string_view name,
                                 recording::RecordingBuilder& builder);

} // namespace interleave::chrome_trace
