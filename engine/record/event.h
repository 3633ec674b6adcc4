// SPDX-License-Identifier: GPL-3.0-or-later
// The one event format: 16 bytes, written by the runner, its worker processes, the kernel reader
// and the agent in recorded programs alike. A stream is the sequence of events of one writer,
// normally one thread. What a field means is said at each kind.
//
// The agent knows no manifest: it names tasks, objects and steps in its streams (TaskNamed, ...),
// by numbers that count within its process (see WriterKind in segment_format.h). It says what a
// thread does and leaves the states of tasks that follow from it to the collector.
//
// First word: stamp << 8 | kind. The stamp counts from the origin of the session in the unit of
// the stream's clock (StreamInfo::clock). 56 bits of 3 GHz ticks last 278 days. A first word of 0
// means "not written yet": readers stop there, so a writer that is killed between two events
// leaves a readable stream.
#pragma once

#include "engine/base/id.h"
#include "engine/base/state.h"

#include <cstdint>

namespace interleave::record {

enum class EventKind : std::uint8_t {
    None = 0,
    // Task `a` enters a state; b = StateDetail::pack(). One kind for each State, in its order, so
    // the end of one state and the begin of the next are one event and one clock read.
    FirstState = 1,
    LastState = FirstState + static_cast<int>(State::Cancelled),

    LockAcquired =
        32, // a = task (or 0: the stream's thread without a task), b = object | how << 16
    LockReleased = 33,      // a = task, b = object
    LockDropRequested = 34, // a = task that asks the holder to drop, b = object
    LockWaited = 35,        // agent: the thread begins to wait; a = tid of the holder (0: unknown),
                            // b = object
    LockGaveUp = 36,        // agent: the thread stopped waiting without having it; b = object
    // An agent's objects of the kinds "condition" and "barrier" are waited for and never held:
    // LockAcquired of one ends a wait, LockReleased is the signal that lets others go on. The holds
    // of the kinds "semaphore" and "rwlock" overlap.
    LockFailed = 37, // agent: what is seen of object b can't be true, it is not followed any more;
                     // a Noted event says why
    Spawned = 40,    // a = child task, b = parent task (0: the run itself)
    Woken = 41,      // a = task that is woken, b = task that wakes it (0: not a task)
    QueuePut = 42,   // a = item (unique in the session), b = queue object
    QueueGot = 43,   // a = item, b = queue object
    CallBegan = 44,  // agent: the thread enters a call that may block; a = its argument (a
                     // file descriptor, a pid), b = BlockingCall
    CallEnded = 45,  // agent: it is back; left out where LockAcquired or LockWaited of the
                     // GIL says so
    StateUnknown = 46, // collector, reporter: nothing is known of task a up to its next state
    Level = 48,        // a = CounterId, b = its new value (a level such as a queue's length)

    // Messages of a broker. A message's number is unique in the session (an agent's in its process,
    // see MessageNamed). Its copies in several queues share it: (message, queue) is one copy. Of
    // each step one writer tells: the one that knows it first.
    MessagePublished = 49,  // a = message, b = exchange object (0: the default exchange)
    MessageRouted = 50,     // a = message, b = queue object: a copy lies there now
    MessageDelivered = 51,  // a = message, b = queue | kRedelivered: the stream's thread has it
    MessageAcked = 52,      // a = message, b = queue
    MessageRequeued = 53,   // a = message, b = queue: given back, or its consumer was lost
    MessageRejected = 54,   // a = message, b = queue: refused for good
    MessageExpired = 55,    // a = message, b = queue: its time to live was over
    MessageOverflowed = 56, // a = message, b = queue: it was full; dropped, or refused at the door
    MessageDeadLettered = 57, // a = message, b = queue in which it lies now, after Rejected,
                              // Expired or Overflowed in another
    MessageUnroutable = 58,   // a = message, b = 1: returned to its publisher, 0: dropped
    MessageConfirmed = 59,    // a = message, b = 1: the broker has taken it over, 0: refused it
    MessageLost = 60,    // a = message, b = queue: nobody will get it (again): it was transient
                         // and the broker was restarted, or acknowledged before its work was done
                         // by a consumer that died
    MessageCarries = 61, // a = message, b = task that its delivery executes
    ConsumerBegan = 62,  // the stream's thread consumes; a = prefetch (0: any), b = queue
    ConsumerEnded = 63,  // b = queue

    ThreadStarted = 64, // the stream's thread begins; a = tid, b = tid of the thread that made it
                        // (agent; 0: unknown)
    ThreadEnded = 65,   // the stream's thread is about to end; a = tid
    // CPU time of the stream's thread so far, as the kernel accounts it: a = low, b = high half of
    // ns. At the begin and the end of a stream: the difference is the stream's.
    ThreadCpuTime = 66,

    SwitchedIn = 80,  // kernel: thread a goes on core b
    SwitchedOut = 81, // kernel: thread a leaves core b & 0xffff; bit 31 of b: pre-empted
    KernelLost = 82,  // kernel: a switches were lost on core b before this point
    RunTime = 83,  // fallback sampler: thread a has run b microseconds more since its last sample
    RunState = 84, // fallback sampler: thread a is in the state of /proc stat, b = the letter;
                   // written when it differs from the last

    MemoryRss = 96, // process a has b KiB resident
    MemoryPss = 97, // process a has b KiB, shared pages divided among their users
    OtherLoad =
        98, // core a was busy for b per mille with programs that are not ours since the last sample

    // Agent. Each is followed by Text events of the same stream, without others between, which
    // hold `b` bytes; the parts of a text are divided by a zero byte.
    ThreadNamed = 112,  // a = tid; text: name
    TaskNamed = 113,    // a = task; text: name, group, key (tasks of the same key in several
                        // processes are one; empty: none)
    ObjectNamed = 114,  // a = object; text: kind as in the manifest, name
    StepNamed = 115,    // a = step; text: name
    ProcessNamed = 116, // a = parent's pid (0: unknown); text: name, what it runs, tid of the
                        // thread that forked it (empty: it was executed)
    Marked = 117,       // a moment worth a mark; text: what happened
    Noted = 118,        // a diagnostic; a = 0 info, 1 warning, 2 data loss; text: kind, sentence
    Text = 119,         // 15 bytes: the 7 of the stamp, then a and b, all little-endian

    MessageNamed = 120, // a = message; text: key (messages of the same key in several processes are
                        // one)
    Bound = 121,        // a = exchange object | queue object << 16; text: the binding's key
    CounterNamed =
        122, // a = counter; text: name, unit, what 1 of it is in Level events (1 if empty)

    Dropped = 127, // a events of this stream were dropped before this point for want of space
};

constexpr EventKind kindOf(State state) {
    return static_cast<EventKind>(static_cast<int>(EventKind::FirstState) +
                                  static_cast<int>(state));
}
constexpr bool isState(EventKind kind) {
    return kind >= EventKind::FirstState && kind <= EventKind::LastState;
}
constexpr State stateOf(EventKind kind) {
    return static_cast<State>(static_cast<int>(kind) - static_cast<int>(EventKind::FirstState));
}

/// How a lock came to its new holder.
enum class Acquisition : std::uint8_t {
    Free,    // nobody held it
    Handoff, // the previous holder released it while we waited
    Forced,  // a waiter, not always we, had asked the holder to drop it (the GIL's switch interval)
};

/// What a thread is in while it may block.
enum class BlockingCall : std::uint8_t {
    Other,
    Read,       // read, recv, accept and the like
    Write,      // write, send and the like
    Connect,    // connect
    Poll,       // poll, select, epoll_wait: waits for any of several
    Sleep,      // nanosleep and the like, and a poll of nothing
    WaitChild,  // waitpid and the like
    WaitThread, // pthread_join
};

/// The b word of a state event.
struct StateDetail {
    ObjectId object; // what is waited for (15 bits)
    StepId step;     // what is being done (16 bits)
    bool isDetached =
        false; // the task does not occupy the worker of this stream (an awaiting coroutine)

    constexpr std::uint32_t pack() const {
        return (object.value & 0x7fffu) | (isDetached ? 0x8000u : 0u) | step.value << 16;
    }
    static constexpr StateDetail unpack(std::uint32_t word) {
        return {ObjectId{word & 0x7fffu}, StepId{word >> 16}, (word & 0x8000u) != 0};
    }
};

enum class ClockKind : std::uint8_t {
    Tsc,       // ticks of the time stamp counter
    Monotonic, // nanoseconds of CLOCK_MONOTONIC
};

struct Event {
    std::uint64_t word = 0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;

    constexpr std::uint64_t stamp() const { return word >> 8; }
    constexpr EventKind kind() const { return static_cast<EventKind>(word & 0xff); }
};
static_assert(sizeof(Event) == 16);

inline constexpr std::uint32_t kPreempted = 0x8000'0000u;
inline constexpr std::uint32_t kRedelivered = 0x8000'0000u;
inline constexpr std::uint32_t kMaxTasks = 0xffff'fff0u;
inline constexpr std::uint32_t kMaxObjects = 0x7fff;
inline constexpr std::uint32_t kMaxSteps = 0xffff;

} // namespace interleave::record
