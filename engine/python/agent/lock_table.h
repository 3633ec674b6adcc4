// SPDX-License-Identifier: GPL-3.0-or-later
// The locks of the recorded program that the agent follows, by their addresses: a hash table in
// zeroed memory that exists before any constructor runs. Entries are only ever added, by one
// compare-and-swap, so it needs no lock: it works in signal handlers and in forked children. A
// lock that is destroyed leaves its entry behind for the next one at its address.
//
// An entry has a cache line of its own: two threads with a lock each don't meet here.
//
// Limit: 131 072 addresses (8 MiB of address space, of which only what is touched has memory). What
// finds no place is not followed, and a diagnostic says so once.
#pragma once

#include <atomic>
#include <cstdint>

namespace interleave::agent {

enum class LockKind : std::uint8_t {
    Unknown,
    PythonLock, // a semaphore that CPython (to 3.13) made a lock of
    Parking,    // a semaphore on which a thread of CPython waits once (from 3.13)
    Semaphore,
    Mutex,
    SpinLock,
    ReadWriteLock,
    Condition,
    Barrier,
    OtherConditions, // that have no number of their own
};

struct alignas(64) LockEntry {
    std::atomic<std::uintptr_t> address = 0; // 0: free. Set once
    // When its hold began. Barrier: how many have to come.
    std::atomic<std::uint64_t> since = 0;
    // A lock of Python's: when a thread first waited with it for something else (see
    // lock_events.h), and for which object; and the number of the condition whose lock it is.
    std::atomic<std::uint64_t> eventSince = 0;
    std::atomic<std::uint32_t> event = 0;
    std::atomic<std::uint32_t> condition = 0;
    std::atomic<std::uint32_t> name = 0;    // its number, and of which process: see lock_events.cpp
    std::atomic<std::uint32_t> holder = 0;  // tid. Condition: how many wait. Barrier: how many came
    std::atomic<std::uint32_t> waits = 0;   // how often somebody began to wait for it
    std::atomic<std::uint32_t> creator = 0; // tid of the thread that made or first used it
    std::atomic<std::uint32_t> quietHolds = 0;  // in a row, that nobody waited for
    std::atomic<std::uint32_t> seenWaits = 0;   // `waits` at the end of the last hold
    std::atomic<std::uint16_t> postsBefore = 0; // that its holder had made when it took it
    std::atomic<std::uint16_t> openIn = 0; // the process (fork generation) that recorded its hold
    std::atomic<LockKind> kind = LockKind::Unknown;
};
static_assert(sizeof(LockEntry) == 64);

/// The entry of a lock; null where it has none.
LockEntry* findLock(const void* lock);
/// The same, made where there is none; null when the table is full.
LockEntry* followLock(const void* lock, LockKind kind);
/// A new lock begins its life at the entry's address, or one ends.
void startAnew(LockEntry& entry, LockKind kind);

} // namespace interleave::agent
