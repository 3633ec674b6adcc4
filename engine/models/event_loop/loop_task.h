// SPDX-License-Identifier: GPL-3.0-or-later
// LoopTask: what the event loop knows of a task between two resumes.
#pragma once

#include "engine/base/state.h"
#include "engine/models/event_loop/coroutine.h"
#include "engine/scenario/program.h"

#include <cstdint>
#include <vector>

namespace interleave::models {

/// What the recording has yet to be told when a task is resumed.
enum class Announce : std::uint8_t {
    ReadyAndRunning, // it was ready since readyStamp, and runs now
    Running,         // that it runs: what was before is recorded already
    Nothing,         // the part that waited does it, once it has read when it became ready
};

struct LoopTask {
    const scenario::Task* task = nullptr;
    Coroutine<State> coroutine;        // its value is the end: done, failed or cancelled
    std::coroutine_handle<> innermost; // where the next resume goes on

    std::uint64_t suspendedStamp = 0; // begin of the wait
    std::uint64_t readyStamp = 0;     // when it could have gone on
    Announce announce = Announce::Running;

    StepId step;
    bool isSubmitted = false;
    bool isEnded = false;

    const scenario::Action* waitsFor = nullptr; // an object's or an await; null: nothing such
    std::vector<ObjectId> held;                 // locks and permits, in the order of acquisition
    std::uint32_t item = 0;                     // handed to it by a queue
    std::uint32_t missing = 0;                  // how many awaited tasks have not ended
    LoopTask* awaiter = nullptr;                // who waits for its end

    TaskId id() const { return task->id; }
};

} // namespace interleave::models
