// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps other threads from a structure of the Python hooks. With a GIL nothing needs to be done:
// the hooks hold it, and call nothing that drops it in between.
#pragma once

#include "engine/python/agent/python_api.h"
#include "engine/python/agent/short_lock.h"

namespace interleave::agent {

class GilGuard {
public:
    explicit GilGuard(ShortLock& lock)
        : m_lock(cpython.hasNoGil ? &lock : nullptr)
        , m_isHeld(m_lock == nullptr || m_lock->tryLock() || m_lock->lock()) {}
    GilGuard(const GilGuard&) = delete;
    GilGuard& operator=(const GilGuard&) = delete;
    ~GilGuard() {
        if (m_lock != nullptr && m_isHeld) {
            m_lock->unlock();
        }
    }
    /// False: the lock couldn't be had in time; nothing may be touched.
    explicit operator bool() const { return m_isHeld; }

private:
    ShortLock* m_lock;
    bool m_isHeld;
};

} // namespace interleave::agent
