// SPDX-License-Identifier: GPL-3.0-or-later
// Bell: a descriptor that becomes readable when somebody rings, to wake a thread that waits in
// poll().
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"

#include <utility>

namespace interleave::models {

class Bell {
public:
    static Result<Bell> create();
    Bell(Bell&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1)) {}
    Bell& operator=(Bell&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Bell();

    /// Any thread.
    void ring();
    /// By the one that was woken, before it looks for the reason.
    void clear();
    /// Waits until a moment of CLOCK_MONOTONIC; true: somebody rang.
    bool waitUntil(Nanoseconds monotonicNs) const;
    int fd() const { return m_fd; }

private:
    explicit Bell(int fd)
        : m_fd(fd) {}
    int m_fd = -1;
};

} // namespace interleave::models
