// SPDX-License-Identifier: GPL-3.0-or-later
// What the raw events of a recorded program say of its tasks, in ns of CLOCK_MONOTONIC.
#pragma once

#include "engine/base/state.h"
#include "tests/engine/python/agent/recorded_program.h"

#include <cstdint>
#include <string>
#include <vector>

namespace interleave::agent {

struct TaskMoment {
    std::int64_t at = 0;
    State state = State::Ready;
    std::string step;
    bool isDetached = false;
    std::uint32_t tid = 0; // whose stream says so
    std::uint32_t pid = 0;
};

/// A time in one state.
struct TaskSpan {
    State state = State::Ready;
    std::string step;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::uint32_t tid = 0;
    std::uint32_t pid = 0;
};

struct TaskRecord {
    std::uint32_t pid = 0;
    std::uint32_t number = 0;
    std::string name, group, key;
    std::string parent;              // name; "" is nobody
    std::vector<std::string> wakers; // names
    std::vector<TaskMoment> moments; // by time
    int namedTimes = 0;

    std::vector<TaskSpan> spans(State state) const;
    /// From a step's begin to its end: neighbours in Running are one.
    std::vector<TaskSpan> steps() const;
    /// "ready running sleeping"
    std::string states() const;
    State last() const { return moments.back().state; }
};

struct TaskHistory {
    std::vector<TaskRecord> tasks;
    std::vector<std::string> faults; // events that can't be

    /// The only one of that name; null with a test failure where there is none or more.
    const TaskRecord* named(std::string_view name) const;
    std::vector<const TaskRecord*> inGroup(std::string_view group) const;
    /// Steps of asyncio tasks on one thread that overlap.
    std::size_t overlaps() const;
    std::string text() const; // for failures
};

/// Of all processes; an item that has a key in several is one task.
TaskHistory taskHistory(const RecordedProgram& program);

} // namespace interleave::agent
