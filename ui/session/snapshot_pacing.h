// SPDX-License-Identifier: GPL-3.0-or-later
// How long to wait before the next snapshot of a live run, so that watching it costs at most a
// twentieth of a core whatever the size of the recording.
#pragma once

#include <algorithm>
#include <chrono>

namespace interleave::ui {

inline constexpr std::chrono::milliseconds kShortestSnapshotInterval{50};
inline constexpr int kSnapshotIntervalPerCost = 20;

/// `lastCost` is the processor time that the last snapshot took.
constexpr std::chrono::nanoseconds snapshotInterval(std::chrono::nanoseconds lastCost) {
    return std::max<std::chrono::nanoseconds>(kShortestSnapshotInterval,
                                              lastCost * kSnapshotIntervalPerCost);
}

} // namespace interleave::ui
