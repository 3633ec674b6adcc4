// SPDX-License-Identifier: GPL-3.0-or-later
// The interpreter lock of any CPython from 3.7 on, found and followed without knowing its layout.
//
// Found: create_gil() is the only code that makes four calls in this order, at these distances:
//     pthread_mutex_init(M)                       the GIL's mutex
//     pthread_mutex_init(M + mutex + cond)        of the forced switch
//     pthread_cond_init(M - cond)                 "it is free"
//     pthread_cond_init(M + mutex)                "it has a new holder"
// with the sizes of libc's own types, out of a module that exports Py_GetVersion. It is called for
// each GIL: of the main interpreter, of sub-interpreters (3.12 and later), anew in a forked child.
//
// Followed: take_gil() signals "it has a new holder" and drop_gil() "it is free", each exactly once
// and with the GIL's mutex held, so the order of what is recorded is the order of what happened.
// A waiter sleeps on "it is free" for one switch interval; woken by the clock with the lock in the
// same hands, it asks the holder to drop it: the test here is CPython's own.
//
// Refused: offsets by version (one build of ours for each build of theirs, and wrong data where it
// is another); wrapping pthread_mutex_lock (a cost for every program, and a thread that only looks
// at the lock at shutdown would be recorded as its holder).
//
// Four words before the first condition (interval, last holder, locked, count of switches; the same
// in all versions) are used to check. What doesn't fit ends the GIL's track (LockFailed); on an
// unknown interpreter there is none. Nothing is guessed.
//
// Threads: gil*() functions are called with the GIL's own mutex held, but for the ones that find
// it.
#pragma once

#include <atomic>
#include <cstdint>
#include <pthread.h>

namespace interleave::agent {

struct Gil;

/// What the calling thread has to do with a GIL.
enum class GilUse : std::uint8_t { None, Holds, HasReleased };

namespace detail {
extern constinit std::atomic<std::uint32_t> gilCount;
/// A GIL isn't followed any more, or comes and goes (free-threaded builds).
extern constinit std::atomic<bool> isGilUseUnknown;
extern constinit thread_local GilUse gilUse __attribute__((tls_model("initial-exec")));
Gil* findGil(const pthread_cond_t* cond);
} // namespace detail

/// The GIL that a condition belongs to; null for all others.
inline Gil* gilOf(const pthread_cond_t* cond) {
    if (detail::gilCount.load(std::memory_order_relaxed) == 0) {
        return nullptr;
    }
    return detail::findGil(cond);
}

/// None also where it isn't known.
inline GilUse ownGilUse() {
    return detail::isGilUseUnknown.load(std::memory_order_relaxed) ? GilUse::None : detail::gilUse;
}

/// What create_gil() and destroy_gil() do. `caller`: return address of the wrapper.
void gilMutexMade(const pthread_mutex_t* mutex);
void gilConditionMade(const pthread_cond_t* cond, const void* caller);
void gilConditionDestroyed(const pthread_cond_t* cond);

/// Before the signal of one of its conditions: it was acquired, or released.
void gilSignalled(Gil& gil, const pthread_cond_t* cond);
/// Around a wait with a time limit for one of its conditions; `result` is pthread_cond_timedwait's.
void gilWaitBegins(Gil& gil, const pthread_cond_t* cond);
void gilWaitEnded(Gil& gil, const pthread_cond_t* cond, int result);

/// Says once that Python runs here and no GIL was recognised.
void reportMissingGil();
/// The same at the process' start, for versions that have no GIL of this shape.
void reportOldPython();

} // namespace interleave::agent
