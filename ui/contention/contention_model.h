// SPDX-License-Identifier: GPL-3.0-or-later
// What the contention view shows of a recording: one row of numbers per lock, and everything about
// the chosen one. Taken from engine/analysis once per recording and choice, not per frame.
#pragma once

#include "engine/analysis/contention.h"
#include "engine/analysis/statistics.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::ui {

/// One line of the table of locks: the statistics, and what only the single holds tell.
struct LockRow {
    analysis::LockStatistics statistics;
    std::optional<Nanoseconds> waitMaximumNs;
    std::string longestHolder;
    Nanoseconds longestHoldNs = 0;

    /// Share of the acquisitions that had to wait.
    double contendedShare() const;
};

struct ContentionModel {
    std::vector<LockRow> locks; // the most waited for first
    std::size_t chosen = 0;
    analysis::LockContention contention; // of the chosen one
    analysis::WaitMatrix matrix;         // by task, or by group where there are too many tasks
    bool isByGroup = false;

    bool isEmpty() const { return locks.empty(); }
    const LockRow& row() const { return locks[chosen]; }
};

/// A matrix of more tasks than this can't be read.
inline constexpr std::size_t kMostMatrixTasks = 20;

/// `wanted` is the lock to show; none, or one that isn't there: the most waited for.
ContentionModel contentionModelOf(const recording::Recording& recording, ObjectId wanted = {});

} // namespace interleave::ui
