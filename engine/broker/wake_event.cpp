// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/wake_event.h"

#include "engine/base/check.h"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace interleave::broker {

WakeEvent::WakeEvent()
    : m_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    CHECK(m_fd >= 0);
}

WakeEvent::~WakeEvent() {
    ::close(m_fd);
}

void WakeEvent::set() const {
    const std::uint64_t one = 1;
    // Fails only when it is set to the brim, and then it is set.
    static_cast<void>(!::write(m_fd, &one, sizeof one));
}

void WakeEvent::clear() const {
    std::uint64_t count = 0;
    static_cast<void>(!::read(m_fd, &count, sizeof count)); // fails when it is clear
}

} // namespace interleave::broker
