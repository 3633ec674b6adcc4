// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/wait.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <poll.h>

namespace interleave::broker {

namespace {

constexpr Nanoseconds kLongestNs = 1'000'000'000'000; // one poll; far below what overflows

} // namespace

Nanoseconds steadyNow() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Waited waitReadable(int fd, int wakeFd, Nanoseconds waitNs) {
    const Nanoseconds endNs = steadyNow() + std::clamp<Nanoseconds>(waitNs, 0, kLongestNs);
    pollfd fds[] = {{fd, POLLIN, 0}, {wakeFd, POLLIN, 0}};
    while (true) {
        const Nanoseconds leftNs = std::max<Nanoseconds>(0, endNs - steadyNow());
        const timespec left{leftNs / 1'000'000'000, leftNs % 1'000'000'000};
        const int ready = ::ppoll(fds, wakeFd < 0 ? 1 : 2, &left, nullptr);
        if (ready > 0) {
            return fds[0].revents != 0 ? Waited::Readable : Waited::Woken;
        }
        if (ready == 0 || errno != EINTR) {
            return Waited::TimedOut;
        }
    }
}

} // namespace interleave::broker
