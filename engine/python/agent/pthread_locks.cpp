// SPDX-License-Identifier: GPL-3.0-or-later
// Wrappers of pthread's locks, for programs in C and C++ (std::mutex, std::shared_mutex and
// std::condition_variable are made of them). Only in the library for programs that are not Python.
// Where a GIL is found all the same, in a program that embeds Python, nothing more is recorded
// here.
//
// Whether a thread has to wait is found out by trying first: what is free is taken by the trying
// call, which does for every kind of mutex what the other call does. Only the outermost hold of a
// recursive mutex counts. Who holds a mutex stands in glibc's own structure, so it is right for
// holds that began before the recording, or in another process that shares it.
//
// Condition variables: the wait for the mutex after the wake-up happens inside libc and is a part
// of the wait for the condition. Read-write locks: holds of readers overlap; readers who stand in a
// writer's way are not named. Barriers: the one that comes last does not wait. A mutex
// that its owner's death released (robust) is held until another thread takes it over.
//
// Cost (tests/benchmarks/lock_overhead_benchmark.cpp, where a clock reading takes 10 ns): lock and
// unlock of a mutex that nobody waits for take 20 ns more, 45 ns (two events) where it is recorded.
//
// Not seen: locks made of atomics and futexes (std::counting_semaphore, std::barrier,
// std::atomic::wait, pthread_once), C11's mtx_* and cnd_*, flockfile, and file locks.
//
// A lock is known by its address: a std::mutex that is freed without anybody being told, and
// another at the same address later, are one.
#include "engine/python/agent/gil.h"
#include "engine/python/agent/lock_events.h"
#include "engine/python/agent/next_function.h"
#include "engine/python/agent/process.h"
#include "engine/python/agent/semaphores.h"

#include <cerrno>
#include <ctime>
#include <pthread.h>

namespace interleave::agent {

using record::Acquisition;
using record::EventKind;

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr const char* kConditionVersion = "GLIBC_2.3.2"; // of x86-64; others have one only

using Mutex = pthread_mutex_t;
using Condition = pthread_cond_t;
using ReadWriteLock = pthread_rwlock_t;
using SpinLock = pthread_spinlock_t;
using Barrier = pthread_barrier_t;

constinit NextFunction<int(Mutex*, const pthread_mutexattr_t*)> nextMutexInit{"pthread_mutex_init"};
constinit NextFunction<int(Mutex*)> nextMutexDestroy{"pthread_mutex_destroy"};
constinit NextFunction<int(Mutex*)> nextMutexLock{"pthread_mutex_lock"};
constinit NextFunction<int(Mutex*)> nextMutexTry{"pthread_mutex_trylock"};
constinit NextFunction<int(Mutex*, const timespec*)> nextMutexTimed{"pthread_mutex_timedlock"};
constinit NextFunction<int(Mutex*, clockid_t, const timespec*)> nextMutexClock{
    "pthread_mutex_clocklock"};
constinit NextFunction<int(Mutex*)> nextMutexUnlock{"pthread_mutex_unlock"};

constinit NextFunction<int(Condition*, const pthread_condattr_t*)> nextConditionInit{
    "pthread_cond_init", kConditionVersion};
constinit NextFunction<int(Condition*)> nextConditionDestroy{"pthread_cond_destroy",
                                                             kConditionVersion};
constinit NextFunction<int(Condition*)> nextSignal{"pthread_cond_signal", kConditionVersion};
constinit NextFunction<int(Condition*)> nextBroadcast{"pthread_cond_broadcast", kConditionVersion};
constinit NextFunction<int(Condition*, Mutex*)> nextWait{"pthread_cond_wait", kConditionVersion};
constinit NextFunction<int(Condition*, Mutex*, const timespec*)> nextTimedWait{
    "pthread_cond_timedwait", kConditionVersion};
constinit NextFunction<int(Condition*, Mutex*, clockid_t, const timespec*)> nextClockWait{
    "pthread_cond_clockwait"};

constinit NextFunction<int(ReadWriteLock*, const pthread_rwlockattr_t*)> nextReadWriteInit{
    "pthread_rwlock_init"};
constinit NextFunction<int(ReadWriteLock*)> nextReadWriteDestroy{"pthread_rwlock_destroy"};
constinit NextFunction<int(ReadWriteLock*)> nextRead{"pthread_rwlock_rdlock"};
constinit NextFunction<int(ReadWriteLock*)> nextTryRead{"pthread_rwlock_tryrdlock"};
constinit NextFunction<int(ReadWriteLock*, const timespec*)> nextTimedRead{
    "pthread_rwlock_timedrdlock"};
constinit NextFunction<int(ReadWriteLock*, clockid_t, const timespec*)> nextClockRead{
    "pthread_rwlock_clockrdlock"};
constinit NextFunction<int(ReadWriteLock*)> nextWrite{"pthread_rwlock_wrlock"};
constinit NextFunction<int(ReadWriteLock*)> nextTryWrite{"pthread_rwlock_trywrlock"};
constinit NextFunction<int(ReadWriteLock*, const timespec*)> nextTimedWrite{
    "pthread_rwlock_timedwrlock"};
constinit NextFunction<int(ReadWriteLock*, clockid_t, const timespec*)> nextClockWrite{
    "pthread_rwlock_clockwrlock"};
constinit NextFunction<int(ReadWriteLock*)> nextReadWriteUnlock{"pthread_rwlock_unlock"};

constinit NextFunction<int(SpinLock*, int)> nextSpinInit{"pthread_spin_init"};
constinit NextFunction<int(SpinLock*)> nextSpinDestroy{"pthread_spin_destroy"};
constinit NextFunction<int(SpinLock*)> nextSpin{"pthread_spin_lock"};
constinit NextFunction<int(SpinLock*)> nextTrySpin{"pthread_spin_trylock"};
constinit NextFunction<int(SpinLock*)> nextSpinUnlock{"pthread_spin_unlock"};

constinit NextFunction<int(Barrier*, const pthread_barrierattr_t*, unsigned)> nextBarrierInit{
    "pthread_barrier_init"};
constinit NextFunction<int(Barrier*)> nextBarrierDestroy{"pthread_barrier_destroy"};
constinit NextFunction<int(Barrier*)> nextBarrierWait{"pthread_barrier_wait"};

bool hasGil() {
    return detail::gilCount.load(kRelaxed) != 0;
}

bool recordsPthreadLocks() {
    return !hasGil() && recordsLocks();
}

/// A process that has no segment so far gets one when a thread of it has to wait: one of several
/// that share a lock.
bool couldBeRecorded() {
    return hasSession() && !recorder.isOpen.load(kRelaxed) && !hasGil();
}

// Source: glibc, sysdeps/nptl/bits/struct_mutex.h. A mutex' kind, in the low bits of __kind:
// PTHREAD_MUTEX_NORMAL (0), RECURSIVE, ERRORCHECK, ADAPTIVE_NP (3); then flags.
constexpr int kKindMask = 3;
constexpr int kRobust = 16;
constexpr int kShared = 128; // between processes

int kindOf(const Mutex* mutex) {
    return __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED);
}
std::uint32_t ownerOf(const Mutex* mutex) {
    return static_cast<std::uint32_t>(__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED));
}
bool knowsItsOwner(int kind) {
    const int type = kind & kKindMask;
    return type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK ||
           (kind & kRobust) != 0;
}
/// Locking it is no waiting: it counts, or says that it can't be had twice.
bool isOwn(const Mutex* mutex) {
    const int kind = kindOf(mutex);
    return (kind & kKindMask) != 0 && knowsItsOwner(kind) && ownerOf(mutex) == ownLocks().tid;
}

bool isTaken(int result) {
    return result == 0 || result == EOWNERDEAD;
}

/// Locks a lock by `lock`, after trying `tryLock`. `taken` records that it is ours.
template <class Try, class Lock, class Taken>
int lockAndRecord(const void* address, LockKind kind, std::uint32_t holder, Try tryLock, Lock lock,
                  Taken taken) {
    if (!recordsPthreadLocks() && !couldBeRecorded()) {
        return lock();
    }
    int result = tryLock();
    if (isTaken(result)) {
        if (recordsLocks()) {
            if (LockEntry* const entry = followLock(address, kind)) {
                taken(*entry, Acquisition::Free);
            }
        }
        return result;
    }
    if (result != EBUSY || !recordThisProcess()) {
        return lock();
    }
    LockEntry* const entry = followLock(address, kind);
    if (entry == nullptr) {
        return lock();
    }
    // In a forked child glibc's structure names the thread that the mutex was taken by in the
    // parent.
    const std::uint32_t known = entry->holder.load(kRelaxed);
    const std::uint32_t object = beginWait(*entry, known != 0 ? known : holder);
    result = lock();
    if (isTaken(result)) {
        taken(*entry, object != 0 ? Acquisition::Handoff : Acquisition::Free);
    } else {
        giveUp(object);
    }
    return result;
}

void tookMutex(Mutex* mutex, LockEntry& entry, Acquisition how) {
    if ((kindOf(mutex) & kShared) != 0) {
        entry.creator.store(kManyThreads, kRelaxed);
    }
    acquired(entry, how);
}

template <class Lock>
int lockMutex(Mutex* mutex, Lock lock) {
    if (isOwn(mutex)) {
        return lock();
    }
    return lockAndRecord(
        mutex, LockKind::Mutex, ownerOf(mutex), [&] { return nextMutexTry(mutex); }, lock,
        [&](LockEntry& entry, Acquisition how) { tookMutex(mutex, entry, how); });
}

/// A trying call that got it.
template <class Taken>
void recordTaken(const void* address, LockKind kind, Taken taken) {
    if (recordsPthreadLocks()) {
        if (LockEntry* const entry = followLock(address, kind)) {
            taken(*entry, Acquisition::Free);
        }
    }
}

/// What was recorded of a lock as held ends, even where nothing new is recorded.
LockEntry* entryToRelease(const void* address) {
    if (!recordsPthreadLocks() && (threadLocks.heldCount == 0 || !recordsLocks())) {
        return nullptr;
    }
    return findLock(address);
}

void recordUnlock(Mutex* mutex) {
    LockEntry* const entry = entryToRelease(mutex);
    if (entry == nullptr) {
        return;
    }
    const int kind = kindOf(mutex);
    if (knowsItsOwner(kind)) {
        if (ownerOf(mutex) != ownLocks().tid) {
            return; // it will be refused
        }
        const bool isInner = (kind & kKindMask) == PTHREAD_MUTEX_RECURSIVE &&
                             __atomic_load_n(&mutex->__data.__count, __ATOMIC_RELAXED) > 1;
        if (isInner) {
            return;
        }
    }
    ThreadLocks& mine = threadLocks;
    if (mine.waitsFor != 0 && entry->holder.load(kRelaxed) == 0) [[unlikely]] {
        giveUp(mine.waitsFor); // cancelled in a wait for a condition, after which it is ours
    }
    releasing(*entry);
}

template <class Wait>
int waitForCondition(Condition* cond, Mutex* mutex, Wait wait) {
    if (!recordsPthreadLocks()) {
        return wait();
    }
    LockEntry* const entry = followLock(cond, LockKind::Condition);
    if (entry == nullptr) {
        return wait();
    }
    LockEntry* const held = findLock(mutex);
    if (held != nullptr) {
        releasing(*held);
    }
    entry->holder.fetch_add(1, kRelaxed);
    const std::uint32_t object = beginWait(*entry, 0);
    const int result = wait();
    entry->holder.fetch_sub(1, kRelaxed);
    if (result == 0) {
        endWait(object);
    } else {
        giveUp(object);
    }
    // After any other error the mutex was never released, and is held as before.
    if (held != nullptr) {
        acquired(*held, Acquisition::Free);
    }
    return result;
}

void recordSignal(Condition* cond) {
    if (!recordsPthreadLocks()) {
        return;
    }
    LockEntry* const entry = findLock(cond);
    if (entry == nullptr || entry->holder.load(kRelaxed) == 0) {
        return; // nobody waits
    }
    if (const std::uint32_t object = numberOf(*entry)) {
        emit(EventKind::LockReleased, 0, object);
    }
}

std::uint32_t writerOf(const ReadWriteLock* lock) {
    return static_cast<std::uint32_t>(
        __atomic_load_n(&lock->__data.__cur_writer, __ATOMIC_RELAXED));
}

template <class Lock>
int lockToRead(ReadWriteLock* lock, Lock read) {
    return lockAndRecord(
        lock, LockKind::ReadWriteLock, writerOf(lock), [&] { return nextTryRead(lock); }, read,
        acquiredShare);
}
template <class Lock>
int lockToWrite(ReadWriteLock* lock, Lock write) {
    return lockAndRecord(
        lock, LockKind::ReadWriteLock, writerOf(lock), [&] { return nextTryWrite(lock); }, write,
        acquiredShare);
}

void* addressOf(SpinLock* lock) {
    return const_cast<int*>(lock);
}

} // namespace

INTERLEAVE_WRAPPER int pthread_mutex_init(Mutex* mutex,
                                          const pthread_mutexattr_t* attributes) noexcept {
    gilMutexMade(mutex);
    forgetLock(mutex, LockKind::Mutex);
    return nextMutexInit(mutex, attributes);
}

INTERLEAVE_WRAPPER int pthread_mutex_destroy(Mutex* mutex) noexcept {
    const int result = nextMutexDestroy(mutex);
    if (result == 0) {
        forgetLock(mutex, LockKind::Mutex);
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_mutex_lock(Mutex* mutex) noexcept {
    return lockMutex(mutex, [&] { return nextMutexLock(mutex); });
}

INTERLEAVE_WRAPPER int pthread_mutex_timedlock(Mutex* mutex, const timespec* limit) noexcept {
    return lockMutex(mutex, [&] { return nextMutexTimed(mutex, limit); });
}

INTERLEAVE_WRAPPER int pthread_mutex_clocklock(Mutex* mutex, clockid_t clock,
                                               const timespec* limit) noexcept {
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
        return nextMutexClock(mutex, clock, limit);
    }
    return lockMutex(mutex, [&] { return nextMutexClock(mutex, clock, limit); });
}

INTERLEAVE_WRAPPER int pthread_mutex_trylock(Mutex* mutex) noexcept {
    const bool wasOwn = recordsPthreadLocks() && isOwn(mutex);
    const int result = nextMutexTry(mutex);
    if (isTaken(result) && !wasOwn) {
        recordTaken(mutex, LockKind::Mutex,
                    [&](LockEntry& entry, Acquisition how) { tookMutex(mutex, entry, how); });
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_mutex_unlock(Mutex* mutex) noexcept {
    recordUnlock(mutex);
    return nextMutexUnlock(mutex);
}

INTERLEAVE_WRAPPER int pthread_cond_init(Condition* cond,
                                         const pthread_condattr_t* attributes) noexcept {
    const int result = nextConditionInit(cond, attributes);
    gilConditionMade(cond, __builtin_return_address(0));
    forgetLock(cond, LockKind::Condition);
    return result;
}

INTERLEAVE_WRAPPER int pthread_cond_destroy(Condition* cond) noexcept {
    gilConditionDestroyed(cond);
    forgetLock(cond, LockKind::Condition);
    return nextConditionDestroy(cond);
}

INTERLEAVE_WRAPPER int pthread_cond_signal(Condition* cond) noexcept {
    if (Gil* const gil = gilOf(cond)) {
        gilSignalled(*gil, cond);
    } else {
        recordSignal(cond);
    }
    return nextSignal(cond);
}

INTERLEAVE_WRAPPER int pthread_cond_broadcast(Condition* cond) noexcept {
    recordSignal(cond);
    return nextBroadcast(cond);
}

INTERLEAVE_WRAPPER int pthread_cond_wait(Condition* cond, Mutex* mutex) {
    return waitForCondition(cond, mutex, [&] { return nextWait(cond, mutex); });
}

INTERLEAVE_WRAPPER int pthread_cond_timedwait(Condition* cond, Mutex* mutex,
                                              const timespec* limit) {
    if (Gil* const gil = gilOf(cond)) {
        gilWaitBegins(*gil, cond);
        const int result = nextTimedWait(cond, mutex, limit);
        gilWaitEnded(*gil, cond, result);
        return result;
    }
    return waitForCondition(cond, mutex, [&] { return nextTimedWait(cond, mutex, limit); });
}

INTERLEAVE_WRAPPER int pthread_cond_clockwait(Condition* cond, Mutex* mutex, clockid_t clock,
                                              const timespec* limit) {
    return waitForCondition(cond, mutex, [&] { return nextClockWait(cond, mutex, clock, limit); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_init(ReadWriteLock* lock,
                                           const pthread_rwlockattr_t* attributes) noexcept {
    forgetLock(lock, LockKind::ReadWriteLock);
    return nextReadWriteInit(lock, attributes);
}

INTERLEAVE_WRAPPER int pthread_rwlock_destroy(ReadWriteLock* lock) noexcept {
    forgetLock(lock, LockKind::ReadWriteLock);
    return nextReadWriteDestroy(lock);
}

INTERLEAVE_WRAPPER int pthread_rwlock_rdlock(ReadWriteLock* lock) noexcept {
    return lockToRead(lock, [&] { return nextRead(lock); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_timedrdlock(ReadWriteLock* lock,
                                                  const timespec* limit) noexcept {
    return lockToRead(lock, [&] { return nextTimedRead(lock, limit); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_clockrdlock(ReadWriteLock* lock, clockid_t clock,
                                                  const timespec* limit) noexcept {
    return lockToRead(lock, [&] { return nextClockRead(lock, clock, limit); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_tryrdlock(ReadWriteLock* lock) noexcept {
    const int result = nextTryRead(lock);
    if (result == 0) {
        recordTaken(lock, LockKind::ReadWriteLock, acquiredShare);
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_rwlock_wrlock(ReadWriteLock* lock) noexcept {
    return lockToWrite(lock, [&] { return nextWrite(lock); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_timedwrlock(ReadWriteLock* lock,
                                                  const timespec* limit) noexcept {
    return lockToWrite(lock, [&] { return nextTimedWrite(lock, limit); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_clockwrlock(ReadWriteLock* lock, clockid_t clock,
                                                  const timespec* limit) noexcept {
    return lockToWrite(lock, [&] { return nextClockWrite(lock, clock, limit); });
}

INTERLEAVE_WRAPPER int pthread_rwlock_trywrlock(ReadWriteLock* lock) noexcept {
    const int result = nextTryWrite(lock);
    if (result == 0) {
        recordTaken(lock, LockKind::ReadWriteLock, acquiredShare);
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_rwlock_unlock(ReadWriteLock* lock) noexcept {
    if (LockEntry* const entry = entryToRelease(lock)) {
        releasingShare(*entry);
    }
    return nextReadWriteUnlock(lock);
}

INTERLEAVE_WRAPPER int pthread_spin_init(SpinLock* lock, int shared) noexcept {
    forgetLock(addressOf(lock), LockKind::SpinLock);
    return nextSpinInit(lock, shared);
}

INTERLEAVE_WRAPPER int pthread_spin_destroy(SpinLock* lock) noexcept {
    forgetLock(addressOf(lock), LockKind::SpinLock);
    return nextSpinDestroy(lock);
}

INTERLEAVE_WRAPPER int pthread_spin_lock(SpinLock* lock) noexcept {
    return lockAndRecord(
        addressOf(lock), LockKind::SpinLock, 0, [&] { return nextTrySpin(lock); },
        [&] { return nextSpin(lock); }, acquired);
}

INTERLEAVE_WRAPPER int pthread_spin_trylock(SpinLock* lock) noexcept {
    const int result = nextTrySpin(lock);
    if (result == 0) {
        recordTaken(addressOf(lock), LockKind::SpinLock, acquired);
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_spin_unlock(SpinLock* lock) noexcept {
    if (LockEntry* const entry = entryToRelease(addressOf(lock))) {
        releasing(*entry);
    }
    return nextSpinUnlock(lock);
}

INTERLEAVE_WRAPPER int pthread_barrier_init(Barrier* barrier,
                                            const pthread_barrierattr_t* attributes,
                                            unsigned count) noexcept {
    const int result = nextBarrierInit(barrier, attributes, count);
    if (result == 0 && hasSession()) {
        if (LockEntry* const entry = followLock(barrier, LockKind::Barrier)) {
            startAnew(*entry, LockKind::Barrier);
            entry->since.store(count, kRelaxed);
        }
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_barrier_destroy(Barrier* barrier) noexcept {
    forgetLock(barrier, LockKind::Barrier);
    return nextBarrierDestroy(barrier);
}

INTERLEAVE_WRAPPER int pthread_barrier_wait(Barrier* barrier) noexcept {
    LockEntry* const entry =
        recordsPthreadLocks() ? followLock(barrier, LockKind::Barrier) : nullptr;
    if (entry == nullptr) {
        return nextBarrierWait(barrier);
    }
    const std::uint64_t count = entry->since.load(kRelaxed);
    const std::uint32_t came = entry->holder.fetch_add(1, kRelaxed) + 1;
    if (count != 0 && came % count == 0) {
        if (const std::uint32_t object = nameLock(*entry)) {
            emit(EventKind::LockReleased, 0, object);
        }
        return nextBarrierWait(barrier);
    }
    const std::uint32_t object = beginWait(*entry, 0);
    const int result = nextBarrierWait(barrier);
    endWait(object);
    return result;
}

} // namespace interleave::agent
