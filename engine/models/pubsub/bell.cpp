// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/bell.h"

#include "engine/models/sync/futex.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>

namespace interleave::models {

Result<Bell> Bell::create() {
    const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        return fail(std::string("The run can't make a descriptor that wakes a consumer: ") +
                        std::strerror(errno) +
                        ". Use fewer consumers or raise the limit (ulimit -n).",
                    ErrorKind::MissingPart);
    }
    return Bell(fd);
}

Bell::~Bell() {
    if (m_fd >= 0) {
        close(m_fd);
    }
}

void Bell::ring() {
    const std::uint64_t one = 1;
    // It fails only when the counter is full, and then the bell has been rung.
    [[maybe_unused]] const ssize_t written = write(m_fd, &one, sizeof one);
}

void Bell::clear() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(m_fd, &count, sizeof count);
}

bool Bell::waitUntil(Nanoseconds monotonicNs) const {
    pollfd watched{m_fd, POLLIN, 0};
    while (true) {
        const Nanoseconds left = std::max<Nanoseconds>(0, monotonicNs - monotonicNow());
        const timespec timeout{left / 1'000'000'000, left % 1'000'000'000};
        const int ready = ppoll(&watched, 1, &timeout, nullptr);
        if (ready > 0) {
            return true;
        }
        if (ready == 0 || errno != EINTR) {
            return false;
        }
    }
}

} // namespace interleave::models
