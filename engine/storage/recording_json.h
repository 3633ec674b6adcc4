// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a recording that isn't columns, as JSON text: run, tasks, workers, objects,
// processes, diagnostics, strings, and the list of tracks and counters with their lengths.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <string>
#include <string_view>
#include <vector>

namespace interleave::storage {

struct RecordingLayout {
    recording::Recording head;              // everything but columns
    std::vector<std::uint64_t> spanCounts;  // per track
    std::vector<std::uint64_t> pointCounts; // per counter
    std::uint64_t linkCount = 0;
    std::uint64_t switchCount = 0;
};

std::string describe(const recording::Recording& recording);
Result<RecordingLayout> parseDescription(std::string_view json);

} // namespace interleave::storage
