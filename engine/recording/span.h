// SPDX-License-Identifier: GPL-3.0-or-later
// Span: one row of a track, put together from its columns.
#pragma once

#include "engine/base/id.h"
#include "engine/base/state.h"
#include "engine/base/time.h"

#include <cstdint>

namespace interleave::recording {

struct Span {
    TimeRange range{};
    State state = State::Running;
    TaskId task{};     // task tracks: the track's own; lock tracks: the holder; none where unknown
    WorkerId worker{}; // where it happened; none for a task nobody has
    std::int16_t core = -1; // -1: unknown or not on a core
    StringId name{};        // what was being done: a step's name
    StringId cause{}; // what is waited for and who has it: "stove held by dish 3"; how a lock came
    std::uint16_t depth = 0;   // nesting; spans of one depth don't overlap
    bool isPreempted = false;  // a Ready span that began because the kernel took the core away;
                               // on a worker's Running span: it ended so. On lock tracks: unused.
    bool isUnfinished = false; // its end was not recorded: it reaches to the end of what was
    std::uint64_t detail = 0;  // key of its text in Recording::details; 0: none
};

} // namespace interleave::recording
