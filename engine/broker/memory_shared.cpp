// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_shared.h"

#include "engine/broker/wait.h"

namespace interleave::broker {

MemoryShared::MemoryShared()
    : m_timer([this](const std::stop_token& stop) { keepTime(stop); }) {}

MemoryShared::~MemoryShared() {
    m_timer.request_stop();
    m_timerChanged.set();
}

void MemoryShared::finish(std::unique_lock<std::mutex>& lock) {
    const std::vector<ChannelPtr> wakes = m_core.takeWakes();
    const bool isSooner = m_core.nextDeadlineNs() < m_timerNs;
    if (isSooner) {
        m_timerNs = m_core.nextDeadlineNs();
    }
    lock.unlock();
    // Whoever wakes up finds the lock free.
    for (const ChannelPtr& channel : wakes) {
        channel->wake.set();
    }
    if (isSooner) {
        m_timerChanged.set();
    }
}

void MemoryShared::keepTime(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const Nanoseconds deadlineNs = locked([&](MemoryCore& core) {
            core.expire();
            return m_timerNs = core.nextDeadlineNs();
        });
        waitReadable(m_timerChanged.fd(), -1,
                     deadlineNs == kNever ? kNever : deadlineNs - steadyNow());
        m_timerChanged.clear();
    }
}

} // namespace interleave::broker
