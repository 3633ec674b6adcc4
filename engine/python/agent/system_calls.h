// SPDX-License-Identifier: GPL-3.0-or-later
// System calls of the agent's own work. They go past libc's functions, because the agent and others
// wrap those, some of those are cancellation points, and a recorded program may not see its errno
// change.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace interleave::agent {

/// What the program sees as errno stays as it was.
class ErrnoGuard {
public:
    ErrnoGuard()
        : m_errno(errno) {}
    ErrnoGuard(const ErrnoGuard&) = delete;
    ErrnoGuard& operator=(const ErrnoGuard&) = delete;
    ~ErrnoGuard() { errno = m_errno; }

private:
    int m_errno;
};

inline std::uint32_t currentTid() {
    return static_cast<std::uint32_t>(syscall(SYS_gettid));
}
/// The kernel's answer: in a child that vfork made libc's view is the parent's.
inline std::uint32_t currentPid() {
    return static_cast<std::uint32_t>(syscall(SYS_getpid));
}
inline int openFile(const char* path, int flags, int mode = 0) {
    return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode));
}
inline void closeFile(int fd) {
    syscall(SYS_close, fd);
}
/// Reads up to `bytes` from the begin of a file; 0 where it can't.
inline std::size_t readFile(const char* path, void* target, std::size_t bytes) {
    const int fd = openFile(path, O_RDONLY);
    if (fd < 0) {
        return 0;
    }
    std::size_t done = 0;
    while (done < bytes) {
        const long got =
            syscall(SYS_read, fd, static_cast<std::byte*>(target) + done, bytes - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    closeFile(fd);
    return done;
}

} // namespace interleave::agent
