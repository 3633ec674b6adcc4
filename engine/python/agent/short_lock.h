// SPDX-License-Identifier: GPL-3.0-or-later
// A lock for some tens of microseconds of the agent's own work. Its holder may be a thread that
// doesn't run for a while, on a busy machine, or never again, because it was cancelled. Who waits
// for nearly a second in vain gives up, and nobody waits again until it is unlocked: what they had
// is dropped, and counted.
#pragma once

#include "engine/python/agent/system_calls.h"

#include <atomic>
#include <cstdint>
#include <ctime>

namespace interleave::agent {

class ShortLock {
public:
    bool tryLock() { return m_word.exchange(1, std::memory_order_acquire) == 0; }
    /// False where it could not be had.
    bool lock() {
        constexpr int kYields = 100;
        constexpr int kSleeps = 5000; // of some 160 µs
        for (int i = 0; i < kYields + kSleeps; ++i) {
            if (m_word.load(std::memory_order_relaxed) == 0 && tryLock()) {
                return true;
            }
            if (m_isGivenUp.load(std::memory_order_relaxed)) {
                return false;
            }
            if (i < kYields) {
                syscall(SYS_sched_yield);
            } else {
                const timespec pause{0, 100'000};
                syscall(SYS_nanosleep, &pause, nullptr);
            }
        }
        m_isGivenUp.store(true, std::memory_order_relaxed);
        return false;
    }
    void unlock() {
        m_isGivenUp.store(false, std::memory_order_relaxed);
        m_word.store(0, std::memory_order_release);
    }
    /// In a forked child, whose other threads are gone.
    void reset() { unlock(); }

private:
    std::atomic<std::uint32_t> m_word = 0;
    std::atomic<bool> m_isGivenUp = false;
};

} // namespace interleave::agent
