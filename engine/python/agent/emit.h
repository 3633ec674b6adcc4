// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent's sources record with. Each thread has a stream of its own; an event is a clock
// read and two stores, no lock and no system call. Every 254 events, a new chunk of the process'
// segment (own_segment.h).
//
// Any thread, any time: from signal handlers, before the agent's start, in forked children. Nothing
// here blocks, throws, allocates or changes errno. While the process isn't recorded nothing
// happens.
//
// A signal handler may come while its thread is within emit(): what the handler emits then is
// dropped and counted, because the stream is not in order.
#pragma once

#include "engine/record/clock.h"
#include "engine/record/event.h"
#include "engine/record/segment_format.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interleave::agent {

/// What can be left out of a recording: INTERLEAVE_RECORD.
enum class Group : std::uint32_t {
    Gil = 1,
    Calls = 2,
    Locks = 4,
    Tasks = 8,
    Model = 16, // the program executes a scenario: its numbers are the manifest's
};

/// This process as a writer. Written at the process' start and after a fork, read by every event.
struct Recorder {
    std::atomic<bool> isOpen = false; // there is a segment, and the session wants it
    record::ClockKind clock = record::ClockKind::Monotonic;
    std::uint64_t originTicks = 0;
    record::SegmentHeader* runner = nullptr; // of the session's first process; shared
    std::uint32_t groups = 0;
    std::uint32_t pid = 0;
    std::atomic<std::uint32_t> tasks = 0, objects = 0, steps = 0, messages = 0; // numbers so far
    std::atomic<std::uint32_t> openStreams = 0;
};
extern constinit Recorder recorder;

/// A thread's stream.
struct Stream {
    record::Event* cursor = nullptr;
    record::Event* end = nullptr;
    bool isBusy = false;  // an event is being written: a signal handler keeps off
    bool isArmed = false; // the thread's end will be noticed
    std::uint8_t endRounds = 0;
    std::uint32_t id = 0; // 0: not opened yet
    std::uint32_t sequence = 0;
    std::uint32_t tid = 0;
    std::uint32_t creator = 0; // tid of the thread that made this one; 0: unknown
    record::EventChunk* chunk = nullptr;
    record::StreamEntry* entry = nullptr;
    std::uint64_t unreportedDrops = 0;
};
extern constinit thread_local Stream stream __attribute__((tls_model("initial-exec")));

/// Whether this process is recorded now.
inline bool isRecording() {
    if (!recorder.isOpen.load(std::memory_order_acquire)) {
        return false;
    }
    record::SegmentHeader& session = *recorder.runner;
    return std::atomic_ref(session.isEnabled).load(std::memory_order_relaxed) != 0 &&
           std::atomic_ref(session.isFinished).load(std::memory_order_relaxed) == 0;
}
/// Whether it is, and a group of events with it.
inline bool records(Group group) {
    return (recorder.groups & static_cast<std::uint32_t>(group)) != 0 && isRecording();
}

/// The stamp emit() would use now.
inline std::uint64_t stampNow() {
    return record::readTicks(recorder.clock) - recorder.originTicks;
}

namespace detail {
/// A chunk for the stream's next event, which has this stamp; opens the stream. False: the event is
/// dropped and counted, or nothing is recorded.
bool makeRoom(Stream& mine, std::uint64_t stamp);
void dropWhileBusy(Stream& mine);

inline void put(Stream& mine, std::uint64_t stamp, record::EventKind kind, std::uint32_t a,
                std::uint32_t b) {
    record::Event& event = *mine.cursor++;
    event.a = a;
    event.b = b;
    std::atomic_ref(event.word)
        .store(stamp << 8 | static_cast<std::uint64_t>(kind), std::memory_order_release);
}
} // namespace detail

/// Records an event in this thread's stream, with a stamp of stampNow() that was taken while
/// isRecording().
inline void emitAt(std::uint64_t stamp, record::EventKind kind, std::uint32_t a, std::uint32_t b) {
    Stream& mine = stream;
    if (mine.isBusy) [[unlikely]] {
        detail::dropWhileBusy(mine);
        return;
    }
    mine.isBusy = true;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (mine.cursor != mine.end || detail::makeRoom(mine, stamp)) [[likely]] {
        detail::put(mine, stamp, kind, a, b);
    }
    std::atomic_signal_fence(std::memory_order_seq_cst);
    mine.isBusy = false;
}
/// Records an event in this thread's stream, now.
inline void emit(record::EventKind kind, std::uint32_t a, std::uint32_t b) {
    // The clock is known to those only who see the segment open.
    if (recorder.isOpen.load(std::memory_order_acquire)) {
        emitAt(stampNow(), kind, a, b);
    }
}

/// Text that doesn't fit is cut.
inline constexpr std::size_t kMaxTextBytes = 15 * (record::kEventsPerChunk - 1);

/// Records an event with a text: b becomes its length, Text events hold it.
void emitText(record::EventKind kind, std::uint32_t a, const char* text, std::size_t bytes);
inline void emitText(record::EventKind kind, std::uint32_t a, std::string_view text) {
    emitText(kind, a, text.data(), text.size());
}

enum class Severity : std::uint32_t { Info, Warning, DataLoss };
/// Records a diagnostic (Noted): a kind of words with dashes, a sentence.
void note(Severity severity, const char* kind, const char* sentence);
/// Records a moment worth a mark.
void mark(const char* text);

/// Numbers a lock (semaphore, queue, ...) of this process and records its name. 0: there are too
/// many to number.
std::uint32_t nameObject(const char* kind, const char* name);
/// Numbers a task; the text is its name, group and key with a zero byte between each.
std::uint32_t nameTask(const char* text, std::size_t bytes);
/// Numbers a message of a broker by what it is called in every process.
std::uint32_t nameMessage(const char* key, std::size_t bytes);
/// Numbers a step. 0: there are too many.
std::uint32_t nameStep(const char* text, std::size_t bytes);

/// Opens the calling thread's stream if it has none: its begin is now.
void openThreadStream();
/// Records that the calling thread ends. Events may follow all the same (destructors of other
/// thread-local things), then it ends again.
void endThreadStream();

} // namespace interleave::agent
