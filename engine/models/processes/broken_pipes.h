// SPDX-License-Identifier: GPL-3.0-or-later
// BrokenPipesAreErrors: while it lives, the calling thread hears of a pipe that nobody reads as an
// error of write(), not as a signal that ends the program.
#pragma once

#include <csignal>
#include <ctime>
#include <pthread.h>

namespace interleave::models {

/// Writing to a worker that has died must be an error, not the end of the runner. The signal is
/// the writing thread's own, so blocking it here changes nothing for anybody else.
class BrokenPipesAreErrors {
public:
    BrokenPipesAreErrors() {
        sigemptyset(&m_brokenPipe);
        sigaddset(&m_brokenPipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &m_brokenPipe, &m_before);
    }
    BrokenPipesAreErrors(const BrokenPipesAreErrors&) = delete;
    BrokenPipesAreErrors& operator=(const BrokenPipesAreErrors&) = delete;
    ~BrokenPipesAreErrors() {
        if (sigismember(&m_before, SIGPIPE) == 0) {
            const timespec none{};
            while (sigtimedwait(&m_brokenPipe, nullptr, &none) > 0) {
            }
            pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
        }
    }

private:
    sigset_t m_brokenPipe{};
    sigset_t m_before{};
};

} // namespace interleave::models
