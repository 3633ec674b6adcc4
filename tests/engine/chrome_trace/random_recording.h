// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of everything that can occur, and much that hardly does: all kinds of tracks, nested
// and overlapping spans, empty ones, odd names, times before zero and after centuries.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace interleave::chrome_trace {

std::shared_ptr<const recording::Recording> randomRecording(std::uint64_t seed);

/// Empty if both say the same, whatever numbers their strings have; else the first difference.
std::string differenceOf(const recording::Recording& a, const recording::Recording& b);

} // namespace interleave::chrome_trace
