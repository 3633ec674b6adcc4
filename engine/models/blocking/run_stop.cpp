// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/blocking/run_stop.h"

#include <cerrno>
#include <cstring>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace interleave::models {

Result<std::unique_ptr<RunStop>> RunStop::create(std::stop_token token, SharedObjects& objects,
                                                 std::function<void()> onRing) {
    const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        return fail(std::string("The run can't make the descriptor that stops it: ") +
                        std::strerror(errno) + ". Close some programs and try again.",
                    ErrorKind::MissingPart);
    }
    std::unique_ptr<RunStop> stop(new RunStop(fd, objects, std::move(onRing)));
    // May ring at once, from this very call, if stop was asked for already.
    stop->m_callback = std::make_unique<std::stop_callback<std::function<void()>>>(
        std::move(token), [bell = stop.get()] { bell->ring(); });
    return stop;
}

RunStop::RunStop(int fd, SharedObjects& objects, std::function<void()> onRing)
    : m_fd(fd)
    , m_objects(objects)
    , m_onRing(std::move(onRing)) {}

RunStop::~RunStop() {
    m_callback.reset(); // waits for a callback that is being executed
    close(m_fd);
}

void RunStop::ring() {
    if (m_isRung.exchange(true, std::memory_order_acq_rel)) {
        return;
    }
    m_objects.cancelAll();
    const std::uint64_t one = 1;
    // The counter of a new eventfd can't overflow by one; there is nothing else to fail.
    [[maybe_unused]] const ssize_t written = write(m_fd, &one, sizeof one);
    if (m_onRing) {
        m_onRing();
    }
}

} // namespace interleave::models
