// SPDX-License-Identifier: GPL-3.0-or-later
// Gil: one lock that only its holder may compute under, with the protocol that CPython has used
// since 3.2 (the source to compare with is CPython's Python/ceval_gil.c; nothing here is copied):
//
// - Whoever wants the lock while it is taken waits for at most one switch interval at a time. If
//   the interval passes and the lock has not changed hands meanwhile, the waiter asks the holder to
//   drop it. If it has changed hands, the waiter starts a new interval: the new holder is entitled
//   to a whole one.
// - The holder looks at that request at its check points (CPython: between two bytecodes; here:
//   between two slices of computing). It drops the lock and then waits until another thread has
//   really taken it, since otherwise it would mostly win it back itself before the waiter is awake.
// - A holder that is going to block drops the lock at once, of its own will, and queues for it
//   again when it is back. So a thread that does I/O beside one that computes waits about one
//   interval each time: the convoy effect.
//
// Thread: any; each caller says for which task it asks.
#pragma once

#include "engine/base/time.h"
#include "engine/record/writer.h"

#include <atomic>
#include <cstdint>
#include <pthread.h>

namespace interleave::models {

class Gil {
public:
    Gil(ObjectId object, Nanoseconds switchIntervalNs);
    Gil(const Gil&) = delete;
    Gil& operator=(const Gil&) = delete;
    ~Gil();

    ObjectId object() const { return m_object; }

    /// Takes the lock if nobody has it.
    bool tryTake(TaskId task, record::Writer& writer);
    /// Takes the lock, waiting and asking as above; false: cancel() was called.
    bool take(TaskId task, record::Writer& writer);
    /// Gives it back of the holder's own will. If a waiter has asked meanwhile, waits as
    /// dropOnRequest() does.
    void drop(TaskId task, record::Writer& writer);
    /// Gives it back because a waiter has asked, and waits until another thread has it.
    void dropOnRequest(TaskId task, record::Writer& writer);
    bool isDropRequested() const { return m_dropRequest.load(std::memory_order_relaxed); }
    /// The holder's thread goes on with another task without giving the lock away.
    void changeTask(TaskId from, TaskId to, record::Writer& writer);
    /// Ends all waiting, for good.
    void cancel();

private:
    /// A condition variable that measures its time by CLOCK_MONOTONIC.
    struct Condition {
        Condition();
        ~Condition();
        Condition(const Condition&) = delete;
        Condition& operator=(const Condition&) = delete;
        pthread_cond_t native;
    };
    class Hold;

    /// With the mutex held and the lock free: it is ours.
    void become(TaskId task, record::Writer& writer, record::Acquisition how);
    /// With the mutex held, by the holder.
    void dropHeld(TaskId task, record::Writer& writer);
    /// With the mutex held: one interval of waiting; true: it passed without a change of hands.
    bool waitAnInterval();

    const ObjectId m_object;
    const Nanoseconds m_intervalNs;
    std::atomic<bool> m_dropRequest{false};

    pthread_mutex_t m_mutex = PTHREAD_MUTEX_INITIALIZER; // guards everything below
    Condition m_freed;                                   // the lock was dropped
    Condition m_switched;                                // somebody has taken it
    bool m_isTaken = false;
    bool m_isCancelled = false;
    std::uint64_t m_switches = 0; // how often it went to another thread
    pthread_t m_lastHolder{};
    bool m_hadHolder = false;
    bool m_isObeyed = false; // it was dropped last because somebody had asked
};

} // namespace interleave::models
