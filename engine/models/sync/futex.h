// SPDX-License-Identifier: GPL-3.0-or-later
// Two calls of the kernel's futex on a word that several processes may share. Raw futexes and not
// condition variables: a process that is killed while it waits must leave nothing behind that the
// others could hang on (a process-shared pthread_cond_t would).
#pragma once

#include "engine/base/time.h"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace interleave::models {

using FutexWord = std::atomic<std::uint32_t>;
static_assert(sizeof(FutexWord) == 4 && FutexWord::is_always_lock_free);

inline Nanoseconds monotonicNow() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return Nanoseconds{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Sleeps while `word` is `expected`, at the longest until `deadlineNs` of CLOCK_MONOTONIC
/// (0: for ever). May return early for no reason.
inline void futexWait(const FutexWord& word, std::uint32_t expected, Nanoseconds deadlineNs = 0) {
    timespec deadline{};
    deadline.tv_sec = deadlineNs / 1'000'000'000;
    deadline.tv_nsec = deadlineNs % 1'000'000'000;
    syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, expected, deadlineNs == 0 ? nullptr : &deadline,
            nullptr, FUTEX_BITSET_MATCH_ANY);
}

inline void futexWake(const FutexWord& word, int count) {
    syscall(SYS_futex, &word, FUTEX_WAKE, count, nullptr, nullptr, 0);
}

} // namespace interleave::models
