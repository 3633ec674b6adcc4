// SPDX-License-Identifier: GPL-3.0-or-later
// A descriptor that becomes readable when somebody says so, until it is cleared.
#pragma once

namespace interleave::broker {

class WakeEvent {
public:
    WakeEvent();
    ~WakeEvent();
    WakeEvent(const WakeEvent&) = delete;
    WakeEvent& operator=(const WakeEvent&) = delete;

    int fd() const { return m_fd; }
    void set() const;
    void clear() const;

private:
    int m_fd;
};

} // namespace interleave::broker
