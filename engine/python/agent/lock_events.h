// SPDX-License-Identifier: GPL-3.0-or-later
// What is recorded of the program's locks. The rules, for every kind of lock:
//
// - A lock gets its number and name when a thread has to wait for it. C's locks get theirs as soon
//   as a second thread uses them, up to kMostShared of them. A lock that only one thread ever uses
//   does not appear. Numbers end at 32 767: later locks are not recorded, and a diagnostic says so.
// - Conditions come and go (each Event of Python's has one, and so each Thread): after the first
//   kMostConditions all others are one object, "other conditions".
// - Of every hold the begin is noted, even of a lock without a number. So when somebody has to
//   wait, the hold in his way is recorded as well: with its true begin, by its own thread, when it
//   ends or when that thread has to wait itself. (Of a lock that is released by another thread than
//   took it, this first hold is not recorded.)
// - From then on every hold is recorded at its begin and at its end. A lock that had
//   kQuietHolds in a row without anybody waiting falls quiet: of its holds only those that
//   somebody waits for are recorded, until that happens. A diagnostic says so once.
// - Waits are always recorded. They name the holder as it is known at that moment.
//
// LockReleased is recorded before the lock is free and LockAcquired after it is ours, so the holds
// of a lock that has one holder never overlap.
#pragma once

#include "engine/python/agent/emit.h"
#include "engine/python/agent/lock_table.h"

namespace interleave::agent {

inline constexpr std::uint32_t kQuietHolds = 65'536;
inline constexpr std::uint32_t kMostShared = 1'024;
inline constexpr std::uint32_t kMostConditions = 1'024;

/// A lock's creator, where it is shared from the begin: with other processes.
inline constexpr std::uint32_t kManyThreads = 0xffff'ffff;

struct HeldLock {
    LockEntry* entry = nullptr;
    std::uint64_t since = 0;
    bool isOpen = false; // of overlapping holds: recorded
};

/// What a thread has of locks.
struct ThreadLocks {
    static constexpr std::uint32_t kMostHeld = 16; // more are held without being listed here
    std::uint32_t tid = 0;
    std::uint32_t heldCount = 0;
    HeldLock held[kMostHeld] = {};
    LockEntry* lastPost = nullptr; // the latest lock of Python's that it released
    std::uint32_t posts = 0;       // how many
    std::uint32_t waitsFor = 0;    // object number
    bool hasLostSome = false;      // it held more than are listed
};
extern constinit thread_local ThreadLocks threadLocks __attribute__((tls_model("initial-exec")));

void learnTid(ThreadLocks& mine);
inline ThreadLocks& ownLocks() {
    ThreadLocks& mine = threadLocks;
    if (mine.tid == 0) [[unlikely]] {
        learnTid(mine);
    }
    return mine;
}

/// Its number, after naming it where it had none; 0: it can't have one.
std::uint32_t nameLock(LockEntry& lock);
/// Its number; 0: it has none (yet).
std::uint32_t numberOf(const LockEntry& lock);

/// The calling thread begins to wait. Returns the object's number.
std::uint32_t beginWait(LockEntry& lock, std::uint32_t holderTid);
/// The same for an object that has a number already, by means of a lock.
void beginWaitFor(std::uint32_t object, const LockEntry& means);
/// It waits no longer, and hasn't got it.
void giveUp(std::uint32_t object);
/// It waits no longer for a condition or a barrier.
void endWait(std::uint32_t object);

/// The calling thread has a lock that only one can have.
void acquired(LockEntry& lock, record::Acquisition how);
/// It is about to release it (or a lock that another thread took).
void releasing(LockEntry& lock);

/// The same for a permit or a read lock. Of a semaphore, permits may come from nowhere: it is
/// released even by who never had it.
void acquiredShare(LockEntry& lock, record::Acquisition how);
void releasingShare(LockEntry& lock);

/// A lock ends its life, or a new one begins its own at the same address.
void forgetLock(const void* lock, LockKind kind);

// A lock of Python's can be what a thread waits with for something else: it waits for a lock that
// it holds itself, until another thread releases it. So do conditions, events and queues. Such a
// lock is an event from then on: it has no holds, and who waits for it waits for the event.

/// The number of the condition that belongs to a lock.
std::uint32_t nameConditionOf(LockEntry& lock);
/// The same where it has one already, else 0.
std::uint32_t ownConditionOf(const LockEntry& lock);
/// The lock is an event of that number, if it isn't one.
void makeEvent(LockEntry& lock, std::uint32_t object);
/// The event's number; 0: it is a lock.
std::uint32_t eventOf(const LockEntry& lock);
/// A wait for a lock is over that began at `since`. Where the lock became an event meanwhile, the
/// wait has been for that since then. Whether it was so.
bool endWaitForEvent(LockEntry& lock, std::uint32_t object, std::uint64_t since, bool gotIt);

} // namespace interleave::agent
