// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks' tracks: declared states, with `running` split by the kernel's truth.
#pragma once

#include "engine/collector/lock_holds.h"
#include "engine/collector/task_history.h"

#include <string>
#include <unordered_map>

namespace interleave::collector {

/// Names of steps and causes of waits, interned once each.
class SpanTexts {
public:
    SpanTexts(const Manifest& manifest, const LockHolds& holds,
              recording::RecordingBuilder& builder);

    StringId step(StepId id) const { return id ? m_steps[id.value - 1] : StringId{}; }
    /// "stove held by dish 3", as it was when the wait began; the object's name if it was free.
    StringId cause(const TaskSegment& segment);
    StringId offCore() const { return m_offCore; }

private:
    const Manifest& m_manifest;
    const LockHolds& m_holds;
    recording::RecordingBuilder& m_builder;
    std::vector<StringId> m_steps;
    std::unordered_map<std::uint64_t, StringId> m_causes; // by (object, holder)
    ObjectId m_gil;
    StringId m_offCore;
};

/// What became of a time during which a task was declared to be running on a thread.
struct OffCore {
    State state = State::Ready;
    bool isPreempted = false;
};
/// `ready` if the kernel took the core away, `sleeping` if the thread gave it up.
OffCore offCoreAfter(const CoreSlice* slice);

/// Adds the spans of all tasks and fills in their submission and end.
void addTaskTracks(const TaskHistory& history, SpanTexts& texts, Nanoseconds endNs,
                   recording::RecordingBuilder& builder);

} // namespace interleave::collector
