// SPDX-License-Identifier: GPL-3.0-or-later
// How long to wait before the next snapshot of a live run, so that watching it costs about a
// twentieth of a core at most, whatever the size of the recording.
#pragma once

#include <algorithm>
#include <chrono>

namespace interleave::ui {

inline constexpr std::chrono::milliseconds kShortestSnapshotInterval{50};
inline constexpr std::chrono::milliseconds kLongestSnapshotInterval{1000};
inline constexpr int kSnapshotIntervalPerCost = 20;

/// `lastCost` is the processor time that the last snapshot took: collecting and drawing it.
constexpr std::chrono::nanoseconds snapshotInterval(std::chrono::nanoseconds lastCost) {
    return std::clamp<std::chrono::nanoseconds>(
        lastCost * kSnapshotIntervalPerCost, kShortestSnapshotInterval, kLongestSnapshotInterval);
}

} // namespace interleave::ui
