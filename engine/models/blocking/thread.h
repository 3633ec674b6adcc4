// SPDX-License-Identifier: GPL-3.0-or-later
// Thread: a thread whose stack size we choose, which std::jthread can't: ten thousand threads of
// the default 8 MB would need 80 GB of addresses. Joined on destruction.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <pthread.h>

namespace interleave::models {

class Thread {
public:
    /// Enough for a worker (its buffers are on the heap), small enough for thousands of them.
    static constexpr std::size_t kStackBytes = std::size_t{256} << 10;

    /// Nothing when the system has no room for another thread.
    static std::optional<Thread> start(std::function<void()> body);
    Thread(Thread&& other) noexcept;
    Thread& operator=(Thread&& other) noexcept;
    ~Thread();

    void join();

private:
    explicit Thread(pthread_t handle)
        : m_handle(handle) {}

    std::optional<pthread_t> m_handle;
};

/// Asks the kernel to end this thread's timed waits when they are due, not up to 50 us later.
void sharpenTimers();

} // namespace interleave::models
