// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/lock_table.h"

#include "engine/python/agent/emit.h"

#include <cstddef>

namespace interleave::agent {

namespace {

constexpr std::size_t kEntries = 131'072;
constexpr std::size_t kMaxProbes = 128;

constinit LockEntry table[kEntries];
constinit std::atomic<bool> isOverflowNoted = false;

// Locks of 1 KiB of memory are within one page here too, so that few pages are touched.
std::size_t placeOf(std::uintptr_t address) {
    constexpr std::uint64_t kGoldenRatio = 0x9e37'79b9'7f4a'7c15;
    const std::uint64_t page = (address >> 10) * kGoldenRatio >> 40;
    return static_cast<std::size_t>(page << 6 | (address >> 4 & 63));
}

void noteOverflow() {
    if (!isOverflowNoted.exchange(true, std::memory_order_relaxed)) {
        note(Severity::Warning, "locks-not-followed",
             "The program has used so many locks at different addresses that the latest of them "
             "are not recorded.");
    }
}

} // namespace

LockEntry* findLock(const void* lock) {
    const auto address = reinterpret_cast<std::uintptr_t>(lock);
    const std::size_t place = placeOf(address);
    for (std::size_t i = 0; i < kMaxProbes; ++i) {
        LockEntry& entry = table[(place + i) % kEntries];
        const std::uintptr_t found = entry.address.load(std::memory_order_acquire);
        if (found == address) {
            return &entry;
        }
        if (found == 0) {
            return nullptr;
        }
    }
    return nullptr;
}

// Entries are never freed, so two threads that add one address look at the same places in the same
// order: one of them puts it into the first free place, the other finds it there.
LockEntry* followLock(const void* lock, LockKind kind) {
    const auto address = reinterpret_cast<std::uintptr_t>(lock);
    const std::size_t place = placeOf(address);
    for (std::size_t i = 0; i < kMaxProbes; ++i) {
        LockEntry& entry = table[(place + i) % kEntries];
        std::uintptr_t found = entry.address.load(std::memory_order_acquire);
        if (found == address) {
            return &entry;
        }
        if (found == 0) {
            if (entry.address.compare_exchange_strong(found, address, std::memory_order_acq_rel)) {
                entry.kind.store(kind, std::memory_order_relaxed);
                return &entry;
            }
            if (found == address) {
                return &entry;
            }
        }
    }
    noteOverflow();
    return nullptr;
}

void startAnew(LockEntry& entry, LockKind kind) {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    entry.since.store(0, kRelaxed);
    entry.name.store(0, kRelaxed);
    entry.holder.store(0, kRelaxed);
    entry.waits.store(0, kRelaxed);
    entry.creator.store(0, kRelaxed);
    entry.event.store(0, kRelaxed);
    entry.eventSince.store(0, kRelaxed);
    entry.condition.store(0, kRelaxed);
    entry.postsBefore.store(0, kRelaxed);
    entry.quietHolds.store(0, kRelaxed);
    entry.seenWaits.store(0, kRelaxed);
    entry.openIn.store(0, kRelaxed);
    entry.kind.store(kind, kRelaxed);
}

} // namespace interleave::agent
