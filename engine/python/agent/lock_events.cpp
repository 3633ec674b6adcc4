// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/lock_events.h"

#include "engine/python/agent/process.h"
#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <cstdio>

namespace interleave::agent {

using record::Acquisition;
using record::EventKind;

constinit thread_local ThreadLocks threadLocks;

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::uint32_t kBeingNamed = 0xffff;
constexpr std::uint32_t kObjectBits = 0xffff;
/// Locks that a waiting thread holds get a number while there are plenty.
constexpr std::uint32_t kPlentyOfNumbers = record::kMaxObjects / 2;

// A forked child is a process of its own, where nothing has a name and no hold is recorded. The
// table says of which process it speaks: 1 is the first, its children are 2, theirs 3.
constinit std::atomic<std::uint16_t> generation = 1;
constexpr std::size_t kKinds = 10;
constinit std::atomic<std::uint32_t> countByKind[kKinds] = {};
constinit std::atomic<std::uint32_t> sharedCount = 0;
constinit std::atomic<std::uint32_t> otherConditions = 0; // their name, as in LockEntry
constinit std::atomic<bool> isQuietNoted = false;
constinit std::atomic<bool> isLimitNoted = false;
constinit std::atomic<bool> isForkHandled = false;

struct KindNames {
    const char* kind; // as in the manifest
    const char* name;
};
constexpr KindNames kKindNames[kKinds] = {
    {"semaphore", "semaphore"}, // one that was made before the agent looked
    {"lock", "lock"},           {"condition", "parked"}, {"semaphore", "semaphore"},
    {"lock", "mutex"},          {"lock", "spin lock"},   {"rwlock", "read-write lock"},
    {"condition", "condition"}, {"barrier", "barrier"},  {"condition", "other conditions"},
};
static_assert(static_cast<std::size_t>(LockKind::OtherConditions) + 1 == kKinds);

std::uint32_t nowGeneration() {
    return generation.load(kRelaxed);
}
bool isOpen(const LockEntry& lock) {
    return lock.openIn.load(kRelaxed) == generation.load(kRelaxed);
}
void setOpen(LockEntry& lock, bool open) {
    lock.openIn.store(open ? generation.load(kRelaxed) : std::uint16_t{0}, kRelaxed);
}

void emitAcquired(std::uint64_t stamp, std::uint32_t object, Acquisition how) {
    emitAt(stamp, EventKind::LockAcquired, 0, object | static_cast<std::uint32_t>(how) << 16);
}

std::uint32_t inThisProcess(std::uint32_t object) {
    return nowGeneration() << 16 | object;
}
/// The number in a name; 0: none, or one of this process' parent.
std::uint32_t numberIn(std::uint32_t name) {
    const std::uint32_t object = name & kObjectBits;
    return name >> 16 == nowGeneration() && object != kBeingNamed ? object : 0;
}

std::uint32_t nameNext(LockKind kind) {
    const KindNames& names = kKindNames[static_cast<std::size_t>(kind)];
    const std::uint32_t count =
        countByKind[static_cast<std::size_t>(kind)].fetch_add(1, kRelaxed) + 1;
    char text[64];
    if (kind == LockKind::OtherConditions) {
        std::snprintf(text, sizeof text, "%s", names.name);
    } else {
        std::snprintf(text, sizeof text, "%s %u", names.name, count);
    }
    const std::uint32_t object = nameObject(names.kind, text);
    if (object == 0 && !isLimitNoted.exchange(true, kRelaxed)) {
        note(Severity::Warning, "locks-not-recorded",
             "The program has more than 32767 locks that were waited for: the later ones are not "
             "recorded.");
    }
    return object;
}

// Two threads may want to name a lock at once. The one that comes second waits for the number; not
// for ever, because the first may have been stopped, or be this thread with a signal handler on
// top. It goes on without, then.
std::uint32_t nameOnce(std::atomic<std::uint32_t>& name, LockKind kind) {
    constexpr int kSpins = 200;
    constexpr int kPatience = kSpins + 100;
    std::uint32_t found = name.load(std::memory_order_acquire);
    for (int i = 0; i < kPatience; ++i) {
        if (found >> 16 == nowGeneration()) {
            if ((found & kObjectBits) != kBeingNamed) {
                return found & kObjectBits;
            }
            if (i >= kSpins) {
                syscall(SYS_sched_yield);
            }
            found = name.load(std::memory_order_acquire);
            continue;
        }
        if (!recorder.isOpen.load(kRelaxed)) {
            return 0;
        }
        if (name.compare_exchange_strong(found, inThisProcess(kBeingNamed),
                                         std::memory_order_acq_rel)) {
            const std::uint32_t object = nameNext(kind);
            name.store(inThisProcess(object), std::memory_order_release);
            return object;
        }
    }
    return 0;
}

std::uint32_t nameCondition(std::atomic<std::uint32_t>& name) {
    const std::uint32_t known = numberIn(name.load(std::memory_order_acquire));
    if (known != 0) {
        return known;
    }
    if (countByKind[static_cast<std::size_t>(LockKind::Condition)].load(kRelaxed) <
        kMostConditions) {
        return nameOnce(name, LockKind::Condition);
    }
    const std::uint32_t object = nameOnce(otherConditions, LockKind::OtherConditions);
    if (object != 0) {
        name.store(inThisProcess(object), std::memory_order_release);
    }
    return object;
}

void noteQuiet() {
    if (!isQuietNoted.exchange(true, kRelaxed)) {
        note(Severity::Info, "uncontended-holds",
             "A lock was taken 65536 times in a row without anybody waiting for it: of its holds "
             "and those of other such locks, only those that somebody waits for are recorded.");
    }
}

/// A lock that was seen `holds` times without a wait says nothing of the uninteresting ones.
bool isQuiet(const LockEntry& lock) {
    return lock.quietHolds.load(kRelaxed) >= kQuietHolds;
}

/// Counts the holds that nobody waited for; whether this one was waited for.
bool endHold(LockEntry& lock) {
    const std::uint32_t waits = lock.waits.load(kRelaxed);
    const bool wasWaitedFor = waits != lock.seenWaits.load(kRelaxed);
    if (wasWaitedFor) {
        lock.seenWaits.store(waits, kRelaxed);
        lock.quietHolds.store(0, kRelaxed);
    } else {
        const std::uint32_t holds = lock.quietHolds.load(kRelaxed) + 1;
        if (holds <= kQuietHolds) [[likely]] {
            lock.quietHolds.store(holds, kRelaxed);
        }
        if (holds == kQuietHolds && numberOf(lock) != 0) {
            noteQuiet();
        }
    }
    return wasWaitedFor;
}

/// Locks of C get a number when a second thread uses them.
bool isNewlyShared(LockEntry& lock, std::uint32_t tid) {
    if (lock.kind.load(kRelaxed) <= LockKind::Parking) {
        return false;
    }
    std::uint32_t creator = lock.creator.load(kRelaxed);
    if (creator == tid) [[likely]] {
        return false;
    }
    if (creator == 0 && lock.creator.compare_exchange_strong(creator, tid, kRelaxed)) {
        return false;
    }
    return sharedCount.load(kRelaxed) < kMostShared &&
           sharedCount.fetch_add(1, kRelaxed) < kMostShared;
}

std::uint32_t numberOrShared(LockEntry& lock, std::uint32_t tid) {
    const std::uint32_t number = numberOf(lock);
    if (number == 0 && isNewlyShared(lock, tid)) [[unlikely]] {
        return nameLock(lock);
    }
    return number;
}

void pushHeld(ThreadLocks& mine, LockEntry& lock, std::uint64_t since, bool open) {
    std::uint32_t count = mine.heldCount; // a signal handler may change it
    if (count == ThreadLocks::kMostHeld) {
        // The oldest is the one that is most likely gone, released by another thread.
        std::copy(mine.held + 1, mine.held + count, mine.held);
        --count;
        mine.hasLostSome = true;
    }
    mine.held[count] = {&lock, since, open};
    mine.heldCount = count + 1;
}

/// Takes a hold off the list, the latest of that lock; an empty one where it isn't there.
HeldLock popHeld(ThreadLocks& mine, const LockEntry& lock) {
    const std::uint32_t count = mine.heldCount; // a signal handler may change it
    for (std::uint32_t i = count; i-- > 0;) {
        if (mine.held[i].entry == &lock) {
            const HeldLock found = mine.held[i];
            std::copy(mine.held + i + 1, mine.held + count, mine.held + i);
            mine.heldCount = count - 1;
            return found;
        }
    }
    return {};
}

bool isExclusive(LockKind kind) {
    return kind != LockKind::Semaphore && kind != LockKind::ReadWriteLock;
}

/// A thread that has to wait tells what it holds: somebody may wait for that, for ever.
void recordHeld(ThreadLocks& mine, const LockEntry* except) {
    for (std::uint32_t i = 0; i < mine.heldCount; ++i) {
        HeldLock& held = mine.held[i];
        LockEntry& lock = *held.entry;
        const LockKind kind = lock.kind.load(kRelaxed);
        const bool hasOne = isExclusive(kind);
        if (hasOne) {
            if (lock.holder.load(kRelaxed) != mine.tid || lock.since.load(kRelaxed) != held.since) {
                continue; // another thread released it
            }
            // A lock that its own thread made for itself: a waiter's, or the one that says that
            // a thread lives.
            if (kind == LockKind::PythonLock && lock.creator.load(kRelaxed) == mine.tid) {
                continue;
            }
        }
        if (&lock == except || eventOf(lock) != 0 || (hasOne ? isOpen(lock) : held.isOpen) ||
            held.since == 0) {
            continue;
        }
        const bool mayName = recorder.objects.load(kRelaxed) < kPlentyOfNumbers;
        const std::uint32_t object = mayName ? nameLock(lock) : numberOf(lock);
        if (object == 0) {
            continue;
        }
        emitAcquired(held.since, object, Acquisition::Free);
        if (hasOne) {
            setOpen(lock, true);
        } else {
            held.isOpen = true;
        }
    }
}

void inForkedChild() {
    generation.fetch_add(1, kRelaxed);
    for (auto& count : countByKind) {
        count.store(0, kRelaxed);
    }
    sharedCount.store(0, kRelaxed);
    isQuietNoted.store(false, kRelaxed);
    isLimitNoted.store(false, kRelaxed);
    // The thread that forked goes on here under another number, with what it held.
    ThreadLocks& mine = threadLocks;
    const std::uint32_t tid = currentTid();
    const std::uint64_t now = recorder.runner != nullptr ? stampNow() : 0;
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < mine.heldCount; ++i) {
        HeldLock held = mine.held[i];
        LockEntry& lock = *held.entry;
        if (lock.creator.load(kRelaxed) == kManyThreads) {
            lock.holder.store(0, kRelaxed); // the parent holds it
            continue;
        }
        if (lock.holder.load(kRelaxed) == mine.tid) {
            lock.holder.store(tid, kRelaxed);
        }
        if (lock.creator.load(kRelaxed) == mine.tid) {
            lock.creator.store(tid, kRelaxed);
        }
        if (held.since == lock.since.load(kRelaxed)) {
            lock.since.store(now, kRelaxed);
        }
        held.isOpen = false;
        held.since = now; // as far as this process knows
        mine.held[count++] = held;
    }
    mine.heldCount = count;
    mine.tid = tid;
    mine.waitsFor = 0;
}

} // namespace

void learnTid(ThreadLocks& mine) {
    const ErrnoGuard keep;
    mine.tid = currentTid();
    if (!isForkHandled.exchange(true, kRelaxed)) {
        callInForkedChild(inForkedChild);
    }
}

std::uint32_t numberOf(const LockEntry& lock) {
    return numberIn(lock.name.load(std::memory_order_acquire));
}

std::uint32_t nameLock(LockEntry& lock) {
    const LockKind kind = lock.kind.load(kRelaxed);
    return kind == LockKind::Condition ? nameCondition(lock.name) : nameOnce(lock.name, kind);
}

std::uint32_t nameConditionOf(LockEntry& lock) {
    return nameCondition(lock.condition);
}

std::uint32_t ownConditionOf(const LockEntry& lock) {
    return numberIn(lock.condition.load(std::memory_order_acquire));
}

void makeEvent(LockEntry& lock, std::uint32_t object) {
    if (object == 0 || eventOf(lock) != 0) {
        return;
    }
    if (isOpen(lock)) {
        emit(EventKind::LockReleased, 0, numberOf(lock));
        setOpen(lock, false);
    }
    popHeld(ownLocks(), lock);
    lock.eventSince.store(stampNow(), kRelaxed);
    lock.event.store(inThisProcess(object), std::memory_order_release);
}

std::uint32_t eventOf(const LockEntry& lock) {
    return numberIn(lock.event.load(std::memory_order_acquire));
}

bool endWaitForEvent(LockEntry& lock, std::uint32_t object, std::uint64_t since, bool gotIt) {
    const std::uint32_t event = eventOf(lock);
    if (event == 0) {
        return false;
    }
    const std::uint64_t changed = std::max(since, lock.eventSince.load(kRelaxed));
    if (object != 0) {
        emitAt(changed, EventKind::LockGaveUp, 0, object);
    }
    emitAt(changed, EventKind::LockWaited, 0, event);
    if (gotIt) {
        endWait(event);
    } else {
        giveUp(event);
    }
    return true;
}

std::uint32_t beginWait(LockEntry& lock, std::uint32_t holderTid) {
    ThreadLocks& mine = ownLocks();
    lock.waits.fetch_add(1, kRelaxed);
    lock.quietHolds.store(0, kRelaxed);
    const std::uint32_t object = nameLock(lock);
    recordHeld(mine, &lock);
    if (object != 0) {
        mine.waitsFor = object;
        emit(EventKind::LockWaited, holderTid, object);
    }
    return object;
}

void beginWaitFor(std::uint32_t object, const LockEntry& means) {
    ThreadLocks& mine = ownLocks();
    recordHeld(mine, &means);
    if (object != 0) {
        mine.waitsFor = object;
        emit(EventKind::LockWaited, 0, object);
    }
}

void giveUp(std::uint32_t object) {
    threadLocks.waitsFor = 0;
    if (object != 0) {
        emit(EventKind::LockGaveUp, 0, object);
    }
}

void endWait(std::uint32_t object) {
    threadLocks.waitsFor = 0;
    if (object != 0) {
        emitAcquired(stampNow(), object, Acquisition::Handoff);
    }
}

void acquired(LockEntry& lock, Acquisition how) {
    ThreadLocks& mine = ownLocks();
    const std::uint64_t now = stampNow();
    if (isOpen(lock)) [[unlikely]] { // who had it died
        emitAt(now, EventKind::LockReleased, 0, numberOf(lock));
    }
    lock.holder.store(mine.tid, kRelaxed);
    lock.since.store(now, kRelaxed);
    pushHeld(mine, lock, now, false);
    const std::uint32_t object = numberOrShared(lock, mine.tid);
    if (object != 0 && (how != Acquisition::Free || !isQuiet(lock))) {
        emitAcquired(now, object, how);
        setOpen(lock, true);
    }
    mine.waitsFor = 0;
}

void releasing(LockEntry& lock) {
    ThreadLocks& mine = ownLocks();
    popHeld(mine, lock);
    if (lock.holder.load(kRelaxed) == 0) {
        return; // it was taken before the agent looked
    }
    const bool wasWaitedFor = endHold(lock);
    const std::uint32_t object = numberOf(lock);
    if (object != 0) {
        if (isOpen(lock)) {
            emit(EventKind::LockReleased, 0, object);
        } else if (wasWaitedFor) {
            const std::uint64_t since = lock.since.load(kRelaxed);
            if (since != 0 && lock.holder.load(kRelaxed) == mine.tid) {
                emitAcquired(since, object, Acquisition::Free);
            }
            emit(EventKind::LockReleased, 0, object);
        }
    }
    setOpen(lock, false);
    lock.holder.store(0, kRelaxed);
}

void acquiredShare(LockEntry& lock, Acquisition how) {
    ThreadLocks& mine = ownLocks();
    const std::uint64_t now = stampNow();
    const std::uint32_t object = numberOrShared(lock, mine.tid);
    if (lock.kind.load(kRelaxed) != LockKind::ReadWriteLock) {
        popHeld(mine, lock); // of permits, one is listed: some are never given back
    }
    const bool open = object != 0 && (how != Acquisition::Free || !isQuiet(lock));
    pushHeld(mine, lock, now, open);
    if (open) {
        emitAcquired(now, object, how);
    }
    mine.waitsFor = 0;
}

void releasingShare(LockEntry& lock) {
    ThreadLocks& mine = ownLocks();
    const HeldLock held = popHeld(mine, lock);
    const bool wasWaitedFor = endHold(lock);
    const std::uint32_t object = numberOf(lock);
    if (object == 0) {
        return;
    }
    if (held.entry == nullptr) {
        const bool isPermit = lock.kind.load(kRelaxed) != LockKind::ReadWriteLock;
        if (!isPermit && !mine.hasLostSome) {
            return; // it was taken before the agent looked
        }
    } else if (!held.isOpen) {
        if (!wasWaitedFor) {
            return;
        }
        emitAcquired(held.since, object, Acquisition::Free);
    }
    emit(EventKind::LockReleased, 0, object);
}

void forgetLock(const void* lock, LockKind kind) {
    if (LockEntry* const entry = findLock(lock)) {
        popHeld(threadLocks, *entry);
        startAnew(*entry, kind);
    }
}

} // namespace interleave::agent
