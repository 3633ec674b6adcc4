// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the contention view shows of one lock: who held it, who waited, who made whom wait,
// how long, and what the hand-overs cost.
#pragma once

#include "engine/analysis/histogram.h"
#include "engine/analysis/lock_waits.h"
#include "engine/analysis/step_function.h"
#include "engine/recording/recording.h"

#include <optional>
#include <string>
#include <vector>

namespace interleave::analysis {

enum class HoldCause : std::uint8_t { Unknown, Free, Handoff, Forced };

struct Hold {
    TimeRange range;
    TaskId task;
    WorkerId worker;
    HoldCause cause = HoldCause::Unknown;
    std::uint16_t depth = 0; // a semaphore's permits are held side by side
};

struct Handover {
    recording::LinkEnd from; // the release
    recording::LinkEnd to;   // the acquire
    bool isForced = false;
    Nanoseconds latencyNs() const { return to.timeNs - from.timeNs; }
};

/// What a worker did with the lock during its life.
struct WorkerShare {
    WorkerId worker;
    double hold = 0;
    double wait = 0;
    double neither = 0;
};

struct LockContention {
    ObjectId object;
    std::vector<Hold> holds;     // sorted by begin: the strip
    std::vector<LockWait> waits; // sorted by begin: the rows under it
    StepFunction waiters;        // how many waited
    std::vector<Handover> handovers;
    Histogram holdHistogram;
    Histogram waitHistogram;
    Histogram handoverHistogram;
    std::vector<WorkerShare> shares; // of the workers that held it or waited for it
    /// Held by a worker that was not on a core. Absent where the kernel's truth isn't known.
    std::optional<std::vector<Hold>> offCore;
};

LockContention contentionOf(const recording::Recording& recording, const LockWaits& waits,
                            ObjectId object);

/// Interpreter locks that are waited for, then all others; each kind by its wait, longest first.
std::vector<ObjectId> contendedObjects(const recording::Recording& recording,
                                       const LockWaits& waits);

enum class Grouping : std::uint8_t { Task, Group };

/// waitNs[waiter][holder]: how long one waited while the other held. With several permits each
/// holder counts in full. Only labels that occur.
struct WaitMatrix {
    std::vector<std::string> labels;
    std::vector<std::vector<Nanoseconds>> waitNs;
};
WaitMatrix waitMatrix(const recording::Recording& recording, const LockContention& contention,
                      Grouping grouping);

/// The parts of [holds] during which the holder's worker was not on a core.
std::vector<Hold> holdsOffCore(const recording::Recording& recording,
                               const std::vector<Hold>& holds);

} // namespace interleave::analysis
