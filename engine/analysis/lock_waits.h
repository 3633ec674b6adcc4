// SPDX-License-Identifier: GPL-3.0-or-later
// Which lock a waiting span waits for. Spans name it in their cause ("stove held by dish 3"); this
// finds the object back.
#pragma once

#include "engine/recording/recording.h"

#include <vector>

namespace interleave::analysis {

struct LockWait {
    TimeRange range;
    TaskId task;
    WorkerId worker;
};

class LockWaits {
public:
    explicit LockWaits(const recording::Recording& recording);

    /// The object a span waits for; none if it doesn't wait for a lock or doesn't say for which.
    ObjectId objectOf(State state, StringId cause) const;
    /// The waits for an object, over all tasks, sorted by begin. A wait that was recorded in
    /// several touching spans is one wait.
    const std::vector<LockWait>& waitsFor(ObjectId object) const;

private:
    void collect(const recording::Recording& recording);

    std::vector<ObjectId> m_objectOfCause; // index: StringId
    ObjectId m_gil;
    std::vector<std::vector<LockWait>> m_waits; // index: ObjectId
};

} // namespace interleave::analysis
