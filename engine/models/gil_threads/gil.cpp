// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/gil_threads/gil.h"

#include "engine/models/sync/futex.h"

#include <cerrno>

namespace interleave::models {

using record::Acquisition;
using record::EventKind;

class Gil::Hold {
public:
    explicit Hold(pthread_mutex_t& mutex)
        : m_mutex(mutex) {
        pthread_mutex_lock(&m_mutex);
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() { pthread_mutex_unlock(&m_mutex); }

private:
    pthread_mutex_t& m_mutex;
};

Gil::Condition::Condition() {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&native, &attributes);
    pthread_condattr_destroy(&attributes);
}

Gil::Condition::~Condition() {
    pthread_cond_destroy(&native);
}

Gil::Gil(ObjectId object, Nanoseconds switchIntervalNs)
    : m_object(object)
    , m_intervalNs(switchIntervalNs) {}

Gil::~Gil() {
    pthread_mutex_destroy(&m_mutex);
}

bool Gil::tryTake(TaskId task, record::Writer& writer) {
    const Hold hold(m_mutex);
    if (m_isTaken || m_isCancelled) {
        return false;
    }
    become(task, writer, Acquisition::Free);
    return true;
}

bool Gil::take(TaskId task, record::Writer& writer) {
    const Hold hold(m_mutex);
    bool hasWaited = false;
    while (m_isTaken && !m_isCancelled) {
        hasWaited = true;
        if (waitAnInterval() && !m_isCancelled) {
            m_dropRequest.store(true, std::memory_order_relaxed);
            writer.emit(EventKind::LockDropRequested, task.value, m_object.value);
        }
    }
    if (m_isCancelled) {
        return false;
    }
    become(task, writer,
           !hasWaited   ? Acquisition::Free
           : m_isObeyed ? Acquisition::Forced
                        : Acquisition::Handoff);
    return true;
}

bool Gil::waitAnInterval() {
    const std::uint64_t switchesBefore = m_switches;
    const Nanoseconds untilNs = monotonicNow() + m_intervalNs;
    timespec until{};
    until.tv_sec = untilNs / 1'000'000'000;
    until.tv_nsec = untilNs % 1'000'000'000;
    const int result = pthread_cond_timedwait(&m_freed.native, &m_mutex, &until);
    return result == ETIMEDOUT && m_isTaken && m_switches == switchesBefore;
}

void Gil::become(TaskId task, record::Writer& writer, Acquisition how) {
    m_isTaken = true;
    if (!m_hadHolder || !pthread_equal(m_lastHolder, pthread_self())) {
        m_hadHolder = true;
        m_lastHolder = pthread_self();
        ++m_switches;
    }
    m_isObeyed = false;
    m_dropRequest.store(false, std::memory_order_relaxed);
    writer.acquired(task, m_object, how);
    pthread_cond_signal(&m_switched.native);
}

void Gil::drop(TaskId task, record::Writer& writer) {
    const Hold hold(m_mutex);
    dropHeld(task, writer);
}

void Gil::dropOnRequest(TaskId task, record::Writer& writer) {
    const Hold hold(m_mutex);
    m_isObeyed = true;
    dropHeld(task, writer);
}

void Gil::dropHeld(TaskId task, record::Writer& writer) {
    writer.released(task, m_object);
    m_isTaken = false;
    pthread_cond_signal(&m_freed.native);
    if (!m_dropRequest.load(std::memory_order_relaxed)) {
        return;
    }
    // Somebody has asked and is entitled to it: not before another thread has it may we go on. The
    // request stays up meanwhile; whoever takes the lock clears it.
    const std::uint64_t switchesBefore = m_switches;
    while (m_switches == switchesBefore && !m_isCancelled) {
        pthread_cond_wait(&m_switched.native, &m_mutex);
    }
}

void Gil::changeTask(TaskId from, TaskId to, record::Writer& writer) {
    const Hold hold(m_mutex);
    writer.released(from, m_object);
    writer.acquired(to, m_object, Acquisition::Free);
}

void Gil::cancel() {
    const Hold hold(m_mutex);
    m_isCancelled = true;
    pthread_cond_broadcast(&m_freed.native);
    pthread_cond_broadcast(&m_switched.native);
}

} // namespace interleave::models
