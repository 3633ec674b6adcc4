// SPDX-License-Identifier: GPL-3.0-or-later
// Writer: one thread's end of the recorder. Wait-free: no lock, allocation or system call between
// two chunk changes; a chunk change is one fetch_add. When the segment is full the events are
// counted as dropped, never lost silently.
//
// Thread: only the thread that owns the Writer calls it.
#pragma once

#include "engine/record/clock.h"
#include "engine/record/event.h"

#include <atomic>
#include <string>

namespace interleave::record {

class Segment;

enum class StreamRole : std::uint8_t {
    Worker,  // executes tasks
    Control, // submits tasks, runs the model
    Kernel,  // what the kernel reader drained
    Sampler, // memory and core load
};

struct StreamInfo {
    StreamRole role = StreamRole::Worker;
    ClockKind clock = ClockKind::Tsc;
    std::string name; // "worker 1"; at most 31 bytes are kept
};

class Writer {
public:
    /// A writer that records nothing: every emit is one test of a null cursor limit.
    Writer() = default;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    Writer(Writer&& other) noexcept;
    Writer& operator=(Writer&& other) noexcept;
    /// Emits ThreadCpuTime and ThreadEnded for role Worker and Control.
    ~Writer();

    /// Records an event now.
    void emit(EventKind kind, std::uint32_t a, std::uint32_t b);
    /// Records an event with a stamp of the stream's clock, relative to the session's origin; may
    /// lie before events that are already written (a wake-up that was noticed late).
    void emitAt(std::uint64_t stamp, EventKind kind, std::uint32_t a, std::uint32_t b);

    void state(TaskId task, State state, StateDetail detail = {}) {
        emit(kindOf(state), task.value, detail.pack());
    }
    void acquired(TaskId task, ObjectId object, Acquisition how) {
        emit(EventKind::LockAcquired, task.value,
             object.value | static_cast<std::uint32_t>(how) << 16);
    }
    void released(TaskId task, ObjectId object) {
        emit(EventKind::LockReleased, task.value, object.value);
    }

    /// The stamp emit() would use now.
    std::uint64_t now() const;
    /// The stamp of a moment of CLOCK_MONOTONIC, for emitAt().
    std::uint64_t stampOfMonotonic(std::int64_t monotonicNs) const;
};

} // namespace interleave::record
