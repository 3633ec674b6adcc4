// SPDX-License-Identifier: GPL-3.0-or-later
// Wrappers of the calls in which a thread may block: CallBegan and CallEnded.
//
// Under a GIL: a call that is made while holding it is the interpreter's affair and not recorded. A
// call made after releasing it begins with CallBegan; the GIL's next event ends it. Where the
// caller is another library (OpenSSL, SQLite), which may go on computing without the GIL, CallEnded
// says so.
//
// Without a GIL (C and C++; threads that Python doesn't know): most calls on files and sockets
// don't block, and two events for each would double the work of a fast loop. Each thread remembers
// by file descriptor whether the last call was over within 5 µs. If it was not, or there was none,
// the next one is recorded at its begin and its end. If it was, the next one is only timed, and
// recorded when it is over and did take longer. So a fast loop records nothing but costs two clock
// readings a call (20 ns), a loop that blocks is recorded as it happens, and a call that blocks
// after fast ones on the same descriptor is seen when it returns.
//
// Calls that can't block (a time limit of zero, MSG_DONTWAIT, WNOHANG) are passed on untouched. All
// of them are cancellation points still, since libc's function is called from here in the
// same way. Nothing that the program passes by address is looked at, but for time limits, which
// libc reads as well.
//
// Not seen: calls that libc makes inside itself (stdio, so fgets and printf; getaddrinfo is wrapped
// as a whole), and raw syscall().
#include "engine/python/agent/emit.h"
#include "engine/python/agent/gil.h"
#include "engine/python/agent/next_function.h"
#include "engine/python/agent/python_core.h"

#include <csignal>
#include <cstdint>
#include <ctime>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::agent {

using record::BlockingCall;
using record::EventKind;

namespace {

constexpr std::uint32_t kNoArgument = 0xffff'ffff;

/// What a thread remembers of its calls.
struct CallMemory {
    std::uint64_t fastOnes = 0; // a bit for each descriptor, by its low 6 bits
    const void* callers[8] = {};
    bool isPython[8] = {};
};
constinit thread_local CallMemory callMemory __attribute__((tls_model("initial-exec")));

constinit std::atomic<std::uint64_t> fastTicks = 0;

/// 5 µs as a difference of stamps.
std::uint64_t fastSpan() {
    constexpr double kFastNs = 5'000;
    std::uint64_t span = fastTicks.load(std::memory_order_relaxed);
    if (span == 0) [[unlikely]] {
        const double nsPerTick =
            recorder.clock == record::ClockKind::Tsc ? recorder.runner->nsPerTick : 1.0;
        span = nsPerTick > 0 ? static_cast<std::uint64_t>(kFastNs / nsPerTick) + 1 : 5'000;
        fastTicks.store(span, std::memory_order_relaxed);
    }
    return span;
}

/// Whether the GIL is taken right after the call that returns there.
bool endsWithGil(const void* caller) {
    CallMemory& mine = callMemory;
    const std::size_t place = reinterpret_cast<std::uintptr_t>(caller) >> 2 & 7;
    if (mine.callers[place] != caller) [[unlikely]] {
        mine.isPython[place] = isPythonCode(caller);
        mine.callers[place] = caller;
    }
    return mine.isPython[place];
}

template <class Call>
auto recordWithGil(BlockingCall kind, std::uint32_t argument, const void* caller, Call call) {
    emit(EventKind::CallBegan, argument, static_cast<std::uint32_t>(kind));
    if (endsWithGil(caller)) [[likely]] {
        return call();
    }
    const auto result = call();
    emit(EventKind::CallEnded, argument, static_cast<std::uint32_t>(kind));
    return result;
}

template <class Call>
auto recordPlainly(BlockingCall kind, std::uint32_t argument, Call call) {
    const std::uint64_t bit = std::uint64_t{1} << (argument & 63);
    const std::uint64_t begin = stampNow();
    const auto number = static_cast<std::uint32_t>(kind);
    if ((callMemory.fastOnes & bit) == 0) {
        emitAt(begin, EventKind::CallBegan, argument, number);
        const auto result = call();
        const std::uint64_t end = stampNow();
        emitAt(end, EventKind::CallEnded, argument, number);
        if (end - begin < fastSpan()) {
            callMemory.fastOnes |= bit;
        }
        return result;
    }
    const auto result = call();
    const std::uint64_t end = stampNow();
    if (end - begin >= fastSpan()) [[unlikely]] {
        emitAt(begin, EventKind::CallBegan, argument, number);
        emitAt(end, EventKind::CallEnded, argument, number);
        callMemory.fastOnes &= ~bit;
    }
    return result;
}

template <class Call>
inline auto recordCall(BlockingCall kind, std::uint32_t argument, const void* caller, Call call) {
    if (!records(Group::Calls)) {
        return call();
    }
    switch (ownGilUse()) {
    case GilUse::Holds:
        return call();
    case GilUse::HasReleased:
        return recordWithGil(kind, argument, caller, call);
    case GilUse::None:
        break;
    }
    return recordPlainly(kind, argument, call);
}

std::uint32_t asArgument(long value) {
    return static_cast<std::uint32_t>(value);
}

bool isZero(const timespec* limit) {
    return limit != nullptr && limit->tv_sec == 0 && limit->tv_nsec == 0;
}
bool isZero(const timeval* limit) {
    return limit != nullptr && limit->tv_sec == 0 && limit->tv_usec == 0;
}
/// A wait for nothing but the time.
BlockingCall pollOrSleep(unsigned long descriptors) {
    return descriptors == 0 ? BlockingCall::Sleep : BlockingCall::Poll;
}

/// Of a thread that has not been joined; libc's name of its CPU clock holds it. 0: it has ended.
std::uint32_t tidOf(pthread_t thread) {
    clockid_t clock = 0;
    if (pthread_getcpuclockid(thread, &clock) != 0) {
        return 0;
    }
    return ~(static_cast<std::uint32_t>(clock) >> 3) & 0x1fff'ffffu;
}

} // namespace

// INTERLEAVE_CALL(result, name, (parameters), (their types), kind, argument, canBlock, (arguments))
// stands for a wrapper: NextFunction, and the call in recordCall() where `canBlock` holds.
#define INTERLEAVE_CALL(Result, name, Parameters, Types, kind, argument, canBlock, ...)            \
    namespace {                                                                                    \
    constinit NextFunction<Result Types> next_##name{#name};                                       \
    }                                                                                              \
    INTERLEAVE_WRAPPER Result name Parameters {                                                    \
        if (!(canBlock)) {                                                                         \
            return next_##name(__VA_ARGS__);                                                       \
        }                                                                                          \
        return recordCall(kind, asArgument(argument), __builtin_return_address(0),                 \
                          [&] { return next_##name(__VA_ARGS__); });                               \
    }

// Files, pipes and sockets.
INTERLEAVE_CALL(ssize_t, read, (int fd, void* buffer, size_t bytes), (int, void*, size_t),
                BlockingCall::Read, fd, true, fd, buffer, bytes)
INTERLEAVE_CALL(ssize_t, __read_chk, (int fd, void* buffer, size_t bytes, size_t room),
                (int, void*, size_t, size_t), BlockingCall::Read, fd, true, fd, buffer, bytes, room)
INTERLEAVE_CALL(ssize_t, readv, (int fd, const iovec* parts, int count), (int, const iovec*, int),
                BlockingCall::Read, fd, true, fd, parts, count)
INTERLEAVE_CALL(ssize_t, pread, (int fd, void* buffer, size_t bytes, off_t at),
                (int, void*, size_t, off_t), BlockingCall::Read, fd, true, fd, buffer, bytes, at)
INTERLEAVE_CALL(ssize_t, pread64, (int fd, void* buffer, size_t bytes, off64_t at),
                (int, void*, size_t, off64_t), BlockingCall::Read, fd, true, fd, buffer, bytes, at)
INTERLEAVE_CALL(ssize_t, write, (int fd, const void* buffer, size_t bytes),
                (int, const void*, size_t), BlockingCall::Write, fd, true, fd, buffer, bytes)
INTERLEAVE_CALL(ssize_t, writev, (int fd, const iovec* parts, int count), (int, const iovec*, int),
                BlockingCall::Write, fd, true, fd, parts, count)
INTERLEAVE_CALL(ssize_t, pwrite, (int fd, const void* buffer, size_t bytes, off_t at),
                (int, const void*, size_t, off_t), BlockingCall::Write, fd, true, fd, buffer, bytes,
                at)
INTERLEAVE_CALL(ssize_t, pwrite64, (int fd, const void* buffer, size_t bytes, off64_t at),
                (int, const void*, size_t, off64_t), BlockingCall::Write, fd, true, fd, buffer,
                bytes, at)
INTERLEAVE_CALL(int, fsync, (int fd), (int), BlockingCall::Write, fd, true, fd)
INTERLEAVE_CALL(int, fdatasync, (int fd), (int), BlockingCall::Write, fd, true, fd)
INTERLEAVE_CALL(int, flock, (int fd, int operation) noexcept, (int, int), BlockingCall::Other, fd,
                (operation & LOCK_NB) == 0, fd, operation)

INTERLEAVE_CALL(ssize_t, recv, (int fd, void* buffer, size_t bytes, int flags),
                (int, void*, size_t, int), BlockingCall::Read, fd, (flags & MSG_DONTWAIT) == 0, fd,
                buffer, bytes, flags)
INTERLEAVE_CALL(ssize_t, __recv_chk, (int fd, void* buffer, size_t bytes, size_t room, int flags),
                (int, void*, size_t, size_t, int), BlockingCall::Read, fd,
                (flags & MSG_DONTWAIT) == 0, fd, buffer, bytes, room, flags)
INTERLEAVE_CALL(ssize_t, recvfrom,
                (int fd, void* buffer, size_t bytes, int flags, sockaddr* from, socklen_t* length),
                (int, void*, size_t, int, sockaddr*, socklen_t*), BlockingCall::Read, fd,
                (flags & MSG_DONTWAIT) == 0, fd, buffer, bytes, flags, from, length)
INTERLEAVE_CALL(ssize_t, __recvfrom_chk,
                (int fd, void* buffer, size_t bytes, size_t room, int flags, sockaddr* from,
                 socklen_t* length),
                (int, void*, size_t, size_t, int, sockaddr*, socklen_t*), BlockingCall::Read, fd,
                (flags & MSG_DONTWAIT) == 0, fd, buffer, bytes, room, flags, from, length)
INTERLEAVE_CALL(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (int, msghdr*, int),
                BlockingCall::Read, fd, (flags & MSG_DONTWAIT) == 0, fd, message, flags)
INTERLEAVE_CALL(int, recvmmsg,
                (int fd, mmsghdr* messages, unsigned count, int flags, timespec* limit),
                (int, mmsghdr*, unsigned, int, timespec*), BlockingCall::Read, fd,
                (flags & MSG_DONTWAIT) == 0, fd, messages, count, flags, limit)
INTERLEAVE_CALL(ssize_t, send, (int fd, const void* buffer, size_t bytes, int flags),
                (int, const void*, size_t, int), BlockingCall::Write, fd,
                (flags & MSG_DONTWAIT) == 0, fd, buffer, bytes, flags)
INTERLEAVE_CALL(ssize_t, sendto,
                (int fd, const void* buffer, size_t bytes, int flags, const sockaddr* to,
                 socklen_t length),
                (int, const void*, size_t, int, const sockaddr*, socklen_t), BlockingCall::Write,
                fd, (flags & MSG_DONTWAIT) == 0, fd, buffer, bytes, flags, to, length)
INTERLEAVE_CALL(ssize_t, sendmsg, (int fd, const msghdr* message, int flags),
                (int, const msghdr*, int), BlockingCall::Write, fd, (flags & MSG_DONTWAIT) == 0, fd,
                message, flags)
INTERLEAVE_CALL(int, sendmmsg, (int fd, mmsghdr* messages, unsigned count, int flags),
                (int, mmsghdr*, unsigned, int), BlockingCall::Write, fd,
                (flags & MSG_DONTWAIT) == 0, fd, messages, count, flags)
INTERLEAVE_CALL(ssize_t, sendfile, (int to, int from, off_t* at, size_t bytes) noexcept,
                (int, int, off_t*, size_t), BlockingCall::Write, to, true, to, from, at, bytes)
INTERLEAVE_CALL(ssize_t, sendfile64, (int to, int from, off64_t* at, size_t bytes) noexcept,
                (int, int, off64_t*, size_t), BlockingCall::Write, to, true, to, from, at, bytes)
INTERLEAVE_CALL(int, accept, (int fd, sockaddr* from, socklen_t* length),
                (int, sockaddr*, socklen_t*), BlockingCall::Read, fd, true, fd, from, length)
INTERLEAVE_CALL(int, accept4, (int fd, sockaddr* from, socklen_t* length, int flags),
                (int, sockaddr*, socklen_t*, int), BlockingCall::Read, fd, true, fd, from, length,
                flags)
INTERLEAVE_CALL(int, connect, (int fd, const sockaddr* to, socklen_t length),
                (int, const sockaddr*, socklen_t), BlockingCall::Connect, fd, true, fd, to, length)
INTERLEAVE_CALL(int, getaddrinfo,
                (const char* host, const char* service, const addrinfo* hints, addrinfo** found),
                (const char*, const char*, const addrinfo*, addrinfo**), BlockingCall::Other,
                kNoArgument, true, host, service, hints, found)

// Any of several descriptors.
INTERLEAVE_CALL(int, poll, (pollfd * descriptors, nfds_t count, int limit), (pollfd*, nfds_t, int),
                pollOrSleep(count), kNoArgument, limit != 0, descriptors, count, limit)
INTERLEAVE_CALL(int, __poll_chk, (pollfd * descriptors, nfds_t count, int limit, size_t room),
                (pollfd*, nfds_t, int, size_t), pollOrSleep(count), kNoArgument, limit != 0,
                descriptors, count, limit, room)
INTERLEAVE_CALL(int, ppoll,
                (pollfd * descriptors, nfds_t count, const timespec* limit,
                 const sigset_t* signals),
                (pollfd*, nfds_t, const timespec*, const sigset_t*), pollOrSleep(count),
                kNoArgument, !isZero(limit), descriptors, count, limit, signals)
INTERLEAVE_CALL(int, __ppoll_chk,
                (pollfd * descriptors, nfds_t count, const timespec* limit, const sigset_t* signals,
                 size_t room),
                (pollfd*, nfds_t, const timespec*, const sigset_t*, size_t), pollOrSleep(count),
                kNoArgument, !isZero(limit), descriptors, count, limit, signals, room)
INTERLEAVE_CALL(int, select,
                (int count, fd_set* read, fd_set* write, fd_set* except, timeval* limit),
                (int, fd_set*, fd_set*, fd_set*, timeval*),
                pollOrSleep(static_cast<unsigned long>(count)), kNoArgument, !isZero(limit), count,
                read, write, except, limit)
INTERLEAVE_CALL(int, pselect,
                (int count, fd_set* read, fd_set* write, fd_set* except, const timespec* limit,
                 const sigset_t* signals),
                (int, fd_set*, fd_set*, fd_set*, const timespec*, const sigset_t*),
                pollOrSleep(static_cast<unsigned long>(count)), kNoArgument, !isZero(limit), count,
                read, write, except, limit, signals)
INTERLEAVE_CALL(int, epoll_wait, (int fd, epoll_event* events, int most, int limit),
                (int, epoll_event*, int, int), BlockingCall::Poll, fd, limit != 0, fd, events, most,
                limit)
INTERLEAVE_CALL(int, epoll_pwait,
                (int fd, epoll_event* events, int most, int limit, const sigset_t* signals),
                (int, epoll_event*, int, int, const sigset_t*), BlockingCall::Poll, fd, limit != 0,
                fd, events, most, limit, signals)
INTERLEAVE_CALL(int, epoll_pwait2,
                (int fd, epoll_event* events, int most, const timespec* limit,
                 const sigset_t* signals),
                (int, epoll_event*, int, const timespec*, const sigset_t*), BlockingCall::Poll, fd,
                !isZero(limit), fd, events, most, limit, signals)

// Time and signals.
INTERLEAVE_CALL(int, nanosleep, (const timespec* span, timespec* rest),
                (const timespec*, timespec*), BlockingCall::Sleep, kNoArgument, true, span, rest)
INTERLEAVE_CALL(int, clock_nanosleep,
                (clockid_t clock, int flags, const timespec* until, timespec* rest),
                (clockid_t, int, const timespec*, timespec*), BlockingCall::Sleep, kNoArgument,
                true, clock, flags, until, rest)
INTERLEAVE_CALL(int, usleep, (useconds_t span), (useconds_t), BlockingCall::Sleep, kNoArgument,
                true, span)
INTERLEAVE_CALL(unsigned, sleep, (unsigned span), (unsigned), BlockingCall::Sleep, kNoArgument,
                true, span)
INTERLEAVE_CALL(int, pause, (), (), BlockingCall::Other, kNoArgument, true)
INTERLEAVE_CALL(int, sigsuspend, (const sigset_t* signals), (const sigset_t*), BlockingCall::Other,
                kNoArgument, true, signals)
INTERLEAVE_CALL(int, sigwait, (const sigset_t* signals, int* got), (const sigset_t*, int*),
                BlockingCall::Other, kNoArgument, true, signals, got)
INTERLEAVE_CALL(int, sigwaitinfo, (const sigset_t* signals, siginfo_t* got),
                (const sigset_t*, siginfo_t*), BlockingCall::Other, kNoArgument, true, signals, got)
INTERLEAVE_CALL(int, sigtimedwait, (const sigset_t* signals, siginfo_t* got, const timespec* limit),
                (const sigset_t*, siginfo_t*, const timespec*), BlockingCall::Other, kNoArgument,
                true, signals, got, limit)

// Children and threads.
INTERLEAVE_CALL(pid_t, wait, (int* status), (int*), BlockingCall::WaitChild, kNoArgument, true,
                status)
INTERLEAVE_CALL(pid_t, waitpid, (pid_t pid, int* status, int options), (pid_t, int*, int),
                BlockingCall::WaitChild, pid, (options & WNOHANG) == 0, pid, status, options)
INTERLEAVE_CALL(int, waitid, (idtype_t type, id_t id, siginfo_t* got, int options),
                (idtype_t, id_t, siginfo_t*, int), BlockingCall::WaitChild,
                type == P_PID ? id : kNoArgument, (options & WNOHANG) == 0, type, id, got, options)
INTERLEAVE_CALL(pid_t, wait3, (int* status, int options, rusage* usage) noexcept,
                (int*, int, rusage*), BlockingCall::WaitChild, kNoArgument,
                (options & WNOHANG) == 0, status, options, usage)
INTERLEAVE_CALL(pid_t, wait4, (pid_t pid, int* status, int options, rusage* usage) noexcept,
                (pid_t, int*, int, rusage*), BlockingCall::WaitChild, pid, (options & WNOHANG) == 0,
                pid, status, options, usage)
INTERLEAVE_CALL(int, pthread_join, (pthread_t thread, void** result), (pthread_t, void**),
                BlockingCall::WaitThread, tidOf(thread), true, thread, result)
INTERLEAVE_CALL(int, pthread_timedjoin_np, (pthread_t thread, void** result, const timespec* limit),
                (pthread_t, void**, const timespec*), BlockingCall::WaitThread, tidOf(thread), true,
                thread, result, limit)
INTERLEAVE_CALL(int, pthread_clockjoin_np,
                (pthread_t thread, void** result, clockid_t clock, const timespec* limit),
                (pthread_t, void**, clockid_t, const timespec*), BlockingCall::WaitThread,
                tidOf(thread), true, thread, result, clock, limit)

} // namespace interleave::agent
