// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of the process: their begin with who made them, and their names. Their end is noticed by
// process.cpp, whoever made them.
#include "engine/python/agent/emit.h"
#include "engine/python/agent/gil.h"
#include "engine/python/agent/next_function.h"
#include "engine/python/agent/process.h"
#include "engine/python/agent/system_calls.h"

#include <cstring>
#include <pthread.h>

namespace interleave::agent {

namespace {

using Routine = void* (*)(void*);

/// What a new thread takes with it. Without malloc: an allocator may be the one that makes a
/// thread.
struct Start {
    std::atomic<bool> isTaken = false;
    bool isMapped = false;
    Routine routine = nullptr;
    void* argument = nullptr;
    std::uint32_t creator = 0;
};

constexpr std::size_t kStarts = 128; // threads that are made at one moment; more get a page each
constinit Start starts[kStarts];

constinit NextFunction<int(pthread_t*, const pthread_attr_t*, Routine, void*)> nextCreate{
    "pthread_create"};
constinit NextFunction<int(pthread_t, const char*)> nextSetName{"pthread_setname_np"};

Start* takeStart() {
    for (Start& start : starts) {
        if (!start.isTaken.load(std::memory_order_relaxed) &&
            !start.isTaken.exchange(true, std::memory_order_acquire)) {
            return &start;
        }
    }
    const ErrnoGuard keep;
    const long page = syscall(SYS_mmap, nullptr, sizeof(Start), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == -1) {
        return nullptr;
    }
    auto* const start = reinterpret_cast<Start*>(page);
    start->isMapped = true;
    return start;
}

void giveBack(Start* start) {
    if (start->isMapped) {
        const ErrnoGuard keep;
        syscall(SYS_munmap, start, sizeof(Start));
    } else {
        start->isTaken.store(false, std::memory_order_release);
    }
}

void* runThread(void* argument) {
    auto* const start = static_cast<Start*>(argument);
    const Routine routine = start->routine;
    void* const own = start->argument;
    stream.creator = start->creator;
    giveBack(start);
    openThreadStream();
    return routine(own);
}

/// Of any thread of this process: libc's name of its CPU clock holds it. 0: it has gone.
std::uint32_t tidOf(pthread_t thread) {
    clockid_t clock = 0;
    if (pthread_getcpuclockid(thread, &clock) != 0) {
        return 0;
    }
    return ~(static_cast<std::uint32_t>(clock) >> 3) & 0x1fff'ffffu;
}

void inForkedChild() {
    for (Start& start : starts) { // of threads that are gone
        start.isTaken.store(false, std::memory_order_relaxed);
    }
}

[[gnu::constructor]] void constructor() {
    callInForkedChild(inForkedChild);
}

} // namespace

INTERLEAVE_WRAPPER int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                      Routine routine, void* argument) noexcept {
    if (!recordThisProcess()) {
        return nextCreate(thread, attributes, routine, argument);
    }
    reportMissingGil();
    Start* const start = takeStart();
    if (start == nullptr) {
        return nextCreate(thread, attributes, routine, argument);
    }
    start->routine = routine;
    start->argument = argument;
    start->creator = stream.tid != 0 ? stream.tid : currentTid();
    const int result = nextCreate(thread, attributes, runThread, start);
    if (result != 0) {
        giveBack(start);
    }
    return result;
}

INTERLEAVE_WRAPPER int pthread_setname_np(pthread_t thread, const char* name) noexcept {
    const int result = nextSetName(thread, name);
    if (result == 0 && isRecording()) {
        const ErrnoGuard keep;
        const std::uint32_t tid = tidOf(thread);
        if (tid != 0) {
            emitText(record::EventKind::ThreadNamed, tid, name, std::strlen(name));
        }
    }
    return result;
}

} // namespace interleave::agent
