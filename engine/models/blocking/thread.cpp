// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/blocking/thread.h"

#include <algorithm>
#include <climits>
#include <memory>
#include <sys/prctl.h>
#include <utility>

namespace interleave::models {

namespace {

void* threadMain(void* argument) {
    const std::unique_ptr<std::function<void()>> body(
        static_cast<std::function<void()>*>(argument));
    (*body)();
    return nullptr;
}

} // namespace

std::optional<Thread> Thread::start(std::function<void()> body) {
    auto owned = std::make_unique<std::function<void()>>(std::move(body));
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes,
                              std::max(kStackBytes, static_cast<std::size_t>(PTHREAD_STACK_MIN)));
    pthread_t handle{};
    const int error = pthread_create(&handle, &attributes, threadMain, owned.get());
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        return std::nullopt;
    }
    static_cast<void>(owned.release()); // the thread has it
    return Thread(handle);
}

Thread::Thread(Thread&& other) noexcept
    : m_handle(std::exchange(other.m_handle, std::nullopt)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
    std::swap(m_handle, other.m_handle);
    return *this;
}

Thread::~Thread() {
    join();
}

void Thread::join() {
    if (m_handle) {
        pthread_join(*m_handle, nullptr);
        m_handle.reset();
    }
}

void sharpenTimers() {
    prctl(PR_SET_TIMERSLACK, 1UL);
}

} // namespace interleave::models
