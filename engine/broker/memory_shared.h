// SPDX-License-Identifier: GPL-3.0-or-later
// The memory broker's core behind its lock, with the thread that keeps its time. Lives as long as
// the broker or any connection to it.
#pragma once

#include "engine/broker/memory_core.h"

#include <mutex>
#include <thread>

namespace interleave::broker {

class MemoryShared {
public:
    MemoryShared();
    ~MemoryShared();
    MemoryShared(const MemoryShared&) = delete;
    MemoryShared& operator=(const MemoryShared&) = delete;

    /// body(core) under the lock, then whoever waits for what it did is woken.
    template <class Body>
    auto locked(Body&& body) {
        std::unique_lock lock(m_mutex);
        const After after{*this, lock};
        return body(m_core);
    }

private:
    /// Ends the locked part, whatever it returns.
    struct After {
        MemoryShared& shared;
        std::unique_lock<std::mutex>& lock;
        ~After() { shared.finish(lock); }
    };
    void finish(std::unique_lock<std::mutex>& lock);
    void keepTime(const std::stop_token& stop);

    std::mutex m_mutex;
    MemoryCore m_core;
    Nanoseconds m_timerNs = kNever; // what the thread waits for
    WakeEvent m_timerChanged;
    std::jthread m_timer;
};

} // namespace interleave::broker
