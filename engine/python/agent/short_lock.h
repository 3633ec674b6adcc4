// SPDX-License-Identifier: GPL-3.0-or-later
// A lock for some tens of microseconds of the agent's own work, which never waits for long: its
// holder may have been cancelled or be a thread that doesn't run. Who doesn't get it drops what it
// had, and counts that.
#pragma once

#include "engine/python/agent/system_calls.h"

#include <atomic>
#include <cstdint>
#include <ctime>

namespace interleave::agent {

class ShortLock {
public:
    bool tryLock() { return m_word.exchange(1, std::memory_order_acquire) == 0; }
    /// False after some 20 ms.
    bool lock() {
        constexpr int kYields = 100;
        constexpr int kSleeps = 200;
        for (int i = 0; i < kYields + kSleeps; ++i) {
            if (m_word.load(std::memory_order_relaxed) == 0 && tryLock()) {
                return true;
            }
            if (i < kYields) {
                syscall(SYS_sched_yield);
            } else {
                const timespec pause{0, 100'000};
                syscall(SYS_nanosleep, &pause, nullptr);
            }
        }
        return false;
    }
    void unlock() { m_word.store(0, std::memory_order_release); }
    /// In a forked child, whose other threads are gone.
    void reset() { m_word.store(0, std::memory_order_relaxed); }

private:
    std::atomic<std::uint32_t> m_word = 0;
};

} // namespace interleave::agent
