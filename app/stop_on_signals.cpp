// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stop_on_signals.h"

#include <csignal>
#include <cstdlib>
#include <pthread.h>

namespace interleave::app {

namespace {

// Wakes the waiting thread when the program ends without a signal from outside.
constexpr int kEndOfWaiting = SIGUSR2;

sigset_t waitedSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, kEndOfWaiting);
    return set;
}

} // namespace

StopOnSignals::StopOnSignals() {
    const sigset_t set = waitedSignals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_waiter = std::jthread([this](const std::stop_token& end) {
        const sigset_t waited = waitedSignals();
        bool isAsked = false;
        while (!end.stop_requested()) {
            int signal = 0;
            if (::sigwait(&waited, &signal) != 0 || signal == kEndOfWaiting) {
                continue;
            }
            m_source.request_stop();
            if (isAsked && signal != SIGHUP) {
                std::_Exit(128 + signal); // asked twice: don't wait for anybody
            }
            // A terminal or a window that goes away may send both: that is one request.
            isAsked = isAsked || signal != SIGHUP;
        }
    });
}

StopOnSignals::~StopOnSignals() {
    m_waiter.request_stop();
    ::pthread_kill(m_waiter.native_handle(), kEndOfWaiting);
}

} // namespace interleave::app
