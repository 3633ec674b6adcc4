// SPDX-License-Identifier: GPL-3.0-or-later
// Who held which lock, permit or the GIL, and from whom it was taken over.
#pragma once

#include "engine/collector/task_history.h"

#include <vector>

namespace interleave::collector {

struct LockHold {
    TimeRange range;
    TaskId task;
    WorkerId worker;
    record::Acquisition how = record::Acquisition::Free;
    std::uint16_t depth = 0; // permits are held side by side
};

class LockHolds {
public:
    /// Pairs acquire and release: of the same task, else the oldest open hold (it may be released
    /// by another). What a worker took without a task belongs to the first it had then. What is
    /// never released is held to the end. Adds spans to the locks' tracks and hand-over links to
    /// the builder. O(n log n).
    static LockHolds build(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                           const Occupancy& occupancy, const Manifest& manifest, Nanoseconds endNs,
                           recording::RecordingBuilder& builder, Oddities& oddities);

    const std::vector<LockHold>& of(ObjectId object) const { return m_holds[object.value - 1]; }
    /// Who held the object at a time; none if it was free.
    TaskId holderAt(ObjectId object, Nanoseconds ns) const;

private:
    std::vector<std::vector<LockHold>> m_holds; // by ObjectId - 1, sorted by begin
};

/// The lowest level that is free at a begin; for drawing what overlaps side by side. The ranges
/// come in order of their begins.
class LevelAssigner {
public:
    std::uint16_t levelFor(TimeRange range);

private:
    std::vector<Nanoseconds> m_busyUntil; // by level
};

} // namespace interleave::collector
