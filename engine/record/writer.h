// SPDX-License-Identifier: GPL-3.0-or-later
// Writer: one thread's end of the recorder. Between two chunk changes an emit is a clock read and
// two stores: no lock, allocation or system call. A chunk change is one fetch_add, and fills memory
// only where the observer was outrun. When the segment is full, events are counted as dropped,
// never lost silently.
//
// Thread: only the thread that owns the Writer calls it. Moving it to another thread needs a
// happens-before, as with any value.
// Fork: in the child an inherited writer writes into private memory that nobody reads. The child
// records by SessionWriter::join() and writers of its own.
#pragma once

#include "engine/record/clock.h"
#include "engine/record/event.h"

#include <atomic>
#include <memory>
#include <string>

namespace interleave::record {

class Segment;
struct EventChunk;
struct StreamEntry;

enum class StreamRole : std::uint8_t {
    Worker,  // executes tasks
    Control, // submits tasks, runs the model
    Kernel,  // what the kernel reader drained
    Sampler, // memory and core load
};

struct StreamInfo {
    StreamRole role = StreamRole::Worker;
    ClockKind clock = ClockKind::Tsc; // Tsc becomes Monotonic where the session has no TSC
    std::string name;                 // "worker 1"; at most 31 bytes are kept
    /// Of a thread elsewhere that the calling one tells of; 0: they are the caller's. Such a stream
    /// ends when it is said (ThreadEnded), and nothing is known of its CPU time.
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
};

// A cache line of its own: writers often lie in one vector, and every emit moves a cursor.
class alignas(64) Writer {
public:
    /// A writer that records nothing: every emit is one test.
    Writer() = default;
    /// Opens a stream of a segment for the calling thread: see SessionWriter::openStream().
    Writer(std::shared_ptr<Segment> segment, const StreamInfo& info);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    Writer(Writer&& other) noexcept;
    Writer& operator=(Writer&& other) noexcept;
    /// Emits ThreadCpuTime and ThreadEnded for role Worker and Control, and closes the stream.
    ~Writer();

    /// Records an event now.
    void emit(EventKind kind, std::uint32_t a, std::uint32_t b) {
        if (m_cursor == m_end) [[unlikely]] {
            if (m_segment == nullptr || !changeChunk()) {
                return;
            }
        }
        put(readTicks(m_clock) - m_originTicks, kind, a, b);
    }
    /// Records an event with a stamp of the stream's clock, relative to the session's origin; may
    /// lie before events that are already written (a wake-up that was noticed late).
    void emitAt(std::uint64_t stamp, EventKind kind, std::uint32_t a, std::uint32_t b) {
        if (m_cursor == m_end) [[unlikely]] {
            if (m_segment == nullptr || !changeChunk()) {
                return;
            }
        }
        put(stamp, kind, a, b);
    }

    void state(TaskId task, State state, StateDetail detail = {}) {
        emit(kindOf(state), task.value, detail.pack());
    }
    /// The same with a stamp of now(): Done of one task and Running of the next on one clock read.
    void stateAt(std::uint64_t stamp, TaskId task, State state, StateDetail detail = {}) {
        emitAt(stamp, kindOf(state), task.value, detail.pack());
    }
    void acquired(TaskId task, ObjectId object, Acquisition how) {
        emit(EventKind::LockAcquired, task.value,
             object.value | static_cast<std::uint32_t>(how) << 16);
    }
    void released(TaskId task, ObjectId object) {
        emit(EventKind::LockReleased, task.value, object.value);
    }

    /// Whether events go anywhere. (A full segment counts them, which is somewhere.)
    bool isEnabled() const { return m_segment != nullptr; }
    /// The stamp emit() would use now; 0 when nothing is recorded.
    std::uint64_t now() const {
        return m_segment == nullptr ? 0 : readTicks(m_clock) - m_originTicks;
    }
    /// The stamp of a moment of CLOCK_MONOTONIC, for emitAt().
    std::uint64_t stampOfMonotonic(std::int64_t monotonicNs) const;

private:
    // Pairs with the reader's copy of the chunk (segment_reader.cpp): it takes the payload of an
    // event only after it has seen the event's word, so the word is stored last, with release.
    void put(std::uint64_t stamp, EventKind kind, std::uint32_t a, std::uint32_t b) {
        Event& event = *m_cursor++;
        event.a = a;
        event.b = b;
        std::atomic_ref(event.word)
            .store(stamp << 8 | static_cast<std::uint64_t>(kind), std::memory_order_release);
    }
    bool changeChunk();
    void countDropped();
    void reportDropped();
    void emitCpuTime();
    void close(); // ends the stream; leaves a writer that records nothing
    void take(Writer& other) noexcept;

    Event* m_cursor = nullptr;
    Event* m_end = nullptr;
    std::uint64_t m_originTicks = 0;
    std::shared_ptr<Segment> m_segment; // keeps the mapping alive
    EventChunk* m_chunk = nullptr;
    StreamEntry* m_entry = nullptr; // null: the stream table is full, everything is dropped
    std::uint64_t m_unreportedDrops = 0;
    std::uint32_t m_stream = 0;
    std::uint32_t m_sequence = 0;
    std::uint32_t m_tid = 0;
    ClockKind m_clock = ClockKind::Monotonic;
    StreamRole m_role = StreamRole::Worker;
    bool m_isOfOther = false; // of a thread elsewhere
};

} // namespace interleave::record
