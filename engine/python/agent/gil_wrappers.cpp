// SPDX-License-Identifier: GPL-3.0-or-later
// The five calls that the GIL is recognised and followed by (gil.h). Not in the library that
// records pthread's own locks, which wraps the same functions.
#include "engine/python/agent/gil.h"
#include "engine/python/agent/next_function.h"
#include "engine/python/agent/process.h"

#include <pthread.h>

namespace interleave::agent {

namespace {

constexpr const char* kConditionVersion = "GLIBC_2.3.2"; // of x86-64; others have one only

constinit NextFunction<int(pthread_mutex_t*, const pthread_mutexattr_t*)> nextMutexInit{
    "pthread_mutex_init"};
constinit NextFunction<int(pthread_cond_t*, const pthread_condattr_t*)> nextInit{
    "pthread_cond_init", kConditionVersion};
constinit NextFunction<int(pthread_cond_t*)> nextDestroy{"pthread_cond_destroy", kConditionVersion};
constinit NextFunction<int(pthread_cond_t*)> nextSignal{"pthread_cond_signal", kConditionVersion};
constinit NextFunction<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> nextTimedWait{
    "pthread_cond_timedwait", kConditionVersion};

} // namespace

INTERLEAVE_WRAPPER int pthread_mutex_init(pthread_mutex_t* mutex,
                                          const pthread_mutexattr_t* attributes) noexcept {
    gilMutexMade(mutex);
    return nextMutexInit(mutex, attributes);
}

INTERLEAVE_WRAPPER int pthread_cond_init(pthread_cond_t* cond,
                                         const pthread_condattr_t* attributes) noexcept {
    const int result = nextInit(cond, attributes);
    gilConditionMade(cond, __builtin_return_address(0));
    return result;
}

INTERLEAVE_WRAPPER int pthread_cond_destroy(pthread_cond_t* cond) noexcept {
    gilConditionDestroyed(cond);
    return nextDestroy(cond);
}

INTERLEAVE_WRAPPER int pthread_cond_signal(pthread_cond_t* cond) noexcept {
    if (Gil* const gil = gilOf(cond)) {
        gilSignalled(*gil, cond);
    }
    return nextSignal(cond);
}

INTERLEAVE_WRAPPER int pthread_cond_timedwait(pthread_cond_t* cond, pthread_mutex_t* mutex,
                                              const timespec* until) {
    Gil* const gil = gilOf(cond);
    if (gil == nullptr) {
        return nextTimedWait(cond, mutex, until);
    }
    gilWaitBegins(*gil, cond);
    const int result = nextTimedWait(cond, mutex, until);
    gilWaitEnded(*gil, cond, result);
    return result;
}

} // namespace interleave::agent
