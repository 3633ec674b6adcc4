// SPDX-License-Identifier: GPL-3.0-or-later
// Wrappers of sem_*. Who made a semaphore decides what it is:
//
// - CPython up to 3.13 makes one, with the value 1, for each threading.Lock, for the inside of each
//   RLock, and for its own locks (imports, files). It is a lock: it has one holder, we know who.
//   Python tries sem_trywait first and sem_wait (sem_clockwait, before 3.11 sem_timedwait) only if
//   that failed.
// - A thread that waits for a lock which it holds itself waits for another thread to release it:
//   so do threading.Condition (all of Event, Semaphore, Barrier, queue.Queue are made of it) and
//   queue.SimpleQueue. Such a wait is for an object of the kind "condition".
//   Condition makes a lock for every wait, takes it, releases its own lock, and waits; so the lock
//   that the thread has released last, if it is the only one since it took the waiter's, says
//   which Condition it is. All conditions of one lock (a Queue has three) are one object.
//   SimpleQueue has one lock for good: the condition is the lock's own, and others who wait for the
//   lock wait for the same. A lock that is misused so once (taken twice, with a time limit) is
//   taken for a condition from then on.
// - From 3.13 CPython parks threads on a semaphore that is made for one wait, with the value 0:
//   joins and the interpreter's own locks, from 3.14 threading.Lock as well. When and who woke it
//   is known, not for what: all of them wait for one object, "parked 1".
// - All others count permits: kind "semaphore", whose holds overlap and which has no known holder.
//   Those of sem_open (multiprocessing's locks) are shared with other processes; each records its
//   own.
//
// Cost (tests/benchmarks/lock_overhead_benchmark.cpp, where a clock reading takes 10 ns): a wait
// and a post that nobody has to wait for take 41 ns more; `with lock:` in Python 3.11 takes 50 ns
// more where it is recorded. To name each lock at its first use would take no more time, but Python
// makes one for every Future and Event, and numbers end at 32 767: so it gets one when it is waited
// for.
#include "engine/python/agent/semaphores.h"

#include "engine/python/agent/next_function.h"
#include "engine/python/agent/process.h"
#include "engine/python/agent/python_core.h"

#include <cerrno>
#include <cstdarg>
#include <ctime>
#include <pthread.h>
#include <semaphore.h>

namespace interleave::agent {

using record::Acquisition;
using record::EventKind;

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

constinit NextFunction<int(sem_t*, int, unsigned)> nextInit{"sem_init"};
constinit NextFunction<int(sem_t*)> nextDestroy{"sem_destroy"};
constinit NextFunction<sem_t*(const char*, int, mode_t, unsigned)> nextOpen{"sem_open"};
constinit NextFunction<int(sem_t*)> nextClose{"sem_close"};
constinit NextFunction<int(sem_t*)> nextWait{"sem_wait"};
constinit NextFunction<int(sem_t*)> nextTryWait{"sem_trywait"};
constinit NextFunction<int(sem_t*, const timespec*)> nextTimedWait{"sem_timedwait"};
constinit NextFunction<int(sem_t*, clockid_t, const timespec*)> nextClockWait{"sem_clockwait"};
constinit NextFunction<int(sem_t*)> nextPost{"sem_post"};

/// All waits of threads that Python has parked.
constinit LockEntry parking;

/// The semaphore's entry, and what it is; null where it can't be followed.
LockEntry* entryOf(sem_t* semaphore, const void* caller) {
    LockEntry* const entry = followLock(semaphore, LockKind::Unknown);
    if (entry != nullptr && entry->kind.load(kRelaxed) == LockKind::Unknown) [[unlikely]] {
        // Made before the agent looked.
        entry->kind.store(isPythonCore(caller) ? LockKind::PythonLock : LockKind::Semaphore,
                          kRelaxed);
    }
    return entry;
}

void gotIt(LockEntry& entry, Acquisition how) {
    switch (entry.kind.load(kRelaxed)) {
    case LockKind::PythonLock:
        if (eventOf(entry) != 0) {
            entry.holder.store(ownLocks().tid, kRelaxed);
        } else {
            acquired(entry, how);
        }
        entry.postsBefore.store(static_cast<std::uint16_t>(threadLocks.posts), kRelaxed);
        break;
    case LockKind::Parking:
        break;
    default:
        acquiredShare(entry, how);
    }
}

/// Which condition the calling thread waits for by waiting with a lock of its own.
std::uint32_t conditionBehind(LockEntry& entry) {
    const ThreadLocks& mine = ownLocks();
    const bool isWaiters =
        mine.lastPost != nullptr &&
        static_cast<std::uint16_t>(mine.posts - entry.postsBefore.load(kRelaxed)) == 1;
    return nameConditionOf(isWaiters ? *mine.lastPost : entry);
}

/// Waits for what the semaphore stands for; `wait` is the call.
template <class Wait>
int waitForEvent(LockEntry& entry, std::uint32_t object, Wait wait) {
    beginWaitFor(object, entry);
    makeEvent(entry, object);
    const int result = wait();
    if (ownConditionOf(entry) != object) {
        entry.event.store(0, kRelaxed); // the wait was all that it was made for
    }
    if (result != 0) {
        giveUp(object);
        return result;
    }
    endWait(object);
    gotIt(entry, Acquisition::Handoff);
    return result;
}

template <class Wait>
int waitForLock(LockEntry& entry, Wait wait) {
    const std::uint32_t object = beginWait(entry, entry.holder.load(kRelaxed));
    const std::uint64_t begin = stampNow();
    const int result = wait();
    if (endWaitForEvent(entry, object, begin, result == 0)) {
        if (result == 0) {
            gotIt(entry, Acquisition::Handoff);
        }
        return result;
    }
    if (result != 0) {
        giveUp(object);
        return result;
    }
    gotIt(entry, object != 0 ? Acquisition::Handoff : Acquisition::Free);
    return result;
}

// The wait calls are cancellation points even where they need not wait, and leave errno alone when
// they succeed: so does this.
template <class Wait>
int waitAndRecord(sem_t* semaphore, const void* caller, Wait wait) {
    if (!recordsLocks()) {
        return wait();
    }
    pthread_testcancel();
    LockEntry* const entry = entryOf(semaphore, caller);
    if (entry == nullptr) {
        return wait();
    }
    const int errnoBefore = errno;
    if (nextTryWait(semaphore) == 0) {
        gotIt(*entry, Acquisition::Free);
        return 0;
    }
    errno = errnoBefore;
    const LockKind kind = entry->kind.load(kRelaxed);
    if (kind == LockKind::Parking) {
        return waitForEvent(*entry, nameLock(parking), wait);
    }
    if (kind == LockKind::PythonLock) {
        std::uint32_t object = eventOf(*entry);
        if (object == 0 && entry->holder.load(kRelaxed) == ownLocks().tid) {
            object = conditionBehind(*entry);
        }
        if (object != 0) {
            return waitForEvent(*entry, object, wait);
        }
    }
    return waitForLock(*entry, wait);
}

/// A limit that the call refuses even where it need not wait.
bool isRefused(const timespec* limit) {
    return limit == nullptr || limit->tv_nsec < 0 || limit->tv_nsec >= 1'000'000'000;
}

} // namespace

INTERLEAVE_WRAPPER int sem_init(sem_t* semaphore, int shared, unsigned value) noexcept {
    const int result = nextInit(semaphore, shared, value);
    if (result != 0 || !hasSession()) {
        return result;
    }
    LockKind kind = LockKind::Semaphore;
    if (value <= 1 && shared == 0 && isPythonCore(__builtin_return_address(0))) {
        kind = value == 1 ? LockKind::PythonLock : LockKind::Parking;
    }
    if (kind == LockKind::Semaphore && shared == 0) {
        forgetLock(semaphore, kind);
        return result;
    }
    if (LockEntry* const entry = followLock(semaphore, kind)) {
        startAnew(*entry, kind);
        entry->creator.store(shared == 0 ? ownLocks().tid : kManyThreads, kRelaxed);
        if (kind == LockKind::Parking) {
            parking.kind.store(kind, kRelaxed);
        }
    }
    return result;
}

INTERLEAVE_WRAPPER int sem_destroy(sem_t* semaphore) noexcept {
    const int result = nextDestroy(semaphore);
    if (result == 0) {
        forgetLock(semaphore, LockKind::Unknown);
    }
    return result;
}

INTERLEAVE_WRAPPER sem_t* sem_open(const char* name, int flags, ...) noexcept {
    mode_t mode = 0;
    unsigned value = 0;
    if ((flags & O_CREAT) != 0) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        value = va_arg(more, unsigned);
        va_end(more);
    }
    sem_t* const semaphore = nextOpen(name, flags, mode, value);
    if (semaphore != SEM_FAILED && hasSession()) {
        if (LockEntry* const entry = followLock(semaphore, LockKind::Semaphore)) {
            entry->kind.store(LockKind::Semaphore, kRelaxed);
            entry->creator.store(kManyThreads, kRelaxed);
        }
    }
    return semaphore;
}

INTERLEAVE_WRAPPER int sem_close(sem_t* semaphore) noexcept {
    const int result = nextClose(semaphore);
    if (result == 0) {
        forgetLock(semaphore, LockKind::Unknown);
    }
    return result;
}

INTERLEAVE_WRAPPER int sem_wait(sem_t* semaphore) {
    return waitAndRecord(semaphore, __builtin_return_address(0),
                         [&] { return nextWait(semaphore); });
}

INTERLEAVE_WRAPPER int sem_timedwait(sem_t* semaphore, const timespec* limit) {
    if (isRefused(limit)) {
        return nextTimedWait(semaphore, limit);
    }
    return waitAndRecord(semaphore, __builtin_return_address(0),
                         [&] { return nextTimedWait(semaphore, limit); });
}

INTERLEAVE_WRAPPER int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* limit) {
    if (isRefused(limit) || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)) {
        return nextClockWait(semaphore, clock, limit);
    }
    return waitAndRecord(semaphore, __builtin_return_address(0),
                         [&] { return nextClockWait(semaphore, clock, limit); });
}

INTERLEAVE_WRAPPER int sem_trywait(sem_t* semaphore) noexcept {
    const int result = nextTryWait(semaphore);
    if (result == 0 && recordsLocks()) {
        if (LockEntry* const entry = entryOf(semaphore, __builtin_return_address(0))) {
            gotIt(*entry, Acquisition::Free);
        }
    }
    return result;
}

INTERLEAVE_WRAPPER int sem_post(sem_t* semaphore) noexcept {
    if (!recordsLocks()) {
        return nextPost(semaphore);
    }
    // A semaphore that nobody has waited for yet isn't followed: its permits come from nowhere.
    if (LockEntry* const entry = findLock(semaphore)) {
        const std::uint32_t event = eventOf(*entry);
        const LockKind kind = entry->kind.load(kRelaxed);
        if (event != 0) {
            emit(EventKind::LockReleased, 0, event);
            entry->holder.store(0, kRelaxed);
        } else if (kind == LockKind::PythonLock) {
            releasing(*entry);
        }
        if (kind == LockKind::PythonLock) {
            ThreadLocks& mine = threadLocks;
            mine.lastPost = entry;
            ++mine.posts;
        } else if (kind != LockKind::Parking) {
            releasingShare(*entry);
        }
    }
    return nextPost(semaphore);
}

} // namespace interleave::agent
