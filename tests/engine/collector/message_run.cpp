// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/collector/message_run.h"

#include <string>

namespace interleave::collector {

using record::EventKind;

namespace {

constexpr std::uint32_t kControl = 0;
constexpr std::uint32_t kPublisher = 1;
constexpr std::uint32_t kFirstConsumer = 2;

} // namespace

MessageRun::MessageRun(std::uint32_t messages) {
    m_manifest.info.scenario = "messages";
    m_manifest.objects = {{"tasks", "message-queue", 0},
                          {"dead", "message-queue", 0},
                          {"shop", "direct-exchange", 0}};
    m_manifest.bindings = {{3, 1, "task"}};
    m_manifest.tasks.push_back({"publisher", "publisher"});
    for (std::uint32_t i = 1; i <= messages; ++i) {
        m_manifest.tasks.push_back({"task " + std::to_string(i), "task"});
    }
    m_streams.resize(kFirstConsumer + kConsumers + 1);
    for (std::uint32_t i = 0; i < m_streams.size(); ++i) {
        m_streams[i].info = {.role = record::StreamRole::Worker,
                             .name = "worker " + std::to_string(i)};
        m_streams[i].pid = 7;
        m_streams[i].tid = 10 + i;
    }
    m_streams[kControl].info.role = record::StreamRole::Control;
    const auto kernel = static_cast<std::uint32_t>(m_streams.size() - 1);
    m_streams[kernel].info.role = record::StreamRole::Kernel;
    for (std::uint32_t i = 0; i < kernel; ++i) {
        emit(i, EventKind::ThreadStarted, 10 + i, 0);
        if (i >= kFirstConsumer) {
            emit(i, EventKind::ConsumerBegan, 1, kTasksQueue);
        }
    }
    state(kControl, State::Queued, 1);
    state(kPublisher, State::Running, 1);
    bool isBurst = false;
    bool isOnCore = false;
    const auto moveReader = [&] { // somebody else's thread: it says that the kernel's reader lives
        isOnCore = !isOnCore;
        emit(kernel, isOnCore ? EventKind::SwitchedIn : EventKind::SwitchedOut, 99, 1);
    };
    while (m_published < messages || !m_ready.empty()) {
        m_now += 500 + static_cast<Nanoseconds>(m_random() % 1000);
        isBurst = m_random() % 200 == 0 ? !isBurst : isBurst;
        if (m_published < messages && m_random() % 10 < (isBurst ? 6 : 1)) {
            publish();
        } else {
            consume(static_cast<std::uint32_t>(m_random() % kConsumers));
        }
        if (m_random() % 4 == 0) {
            moveReader();
        }
    }
    m_now += 1000;
    moveReader();
}

void MessageRun::emit(std::uint32_t stream, EventKind kind, std::uint32_t a, std::uint32_t b) {
    m_streams[stream].events.push_back({m_now, a, b, kind});
}

void MessageRun::state(std::uint32_t stream, State next, std::uint32_t task) {
    emit(stream, record::kindOf(next), task, 0);
}

void MessageRun::publish() {
    const std::uint32_t message = ++m_published;
    state(kControl, State::Queued, message + 1);
    emit(kPublisher, EventKind::MessagePublished, message, 3);
    emit(kPublisher, EventKind::MessageCarries, message, message + 1);
    m_now += 100;
    emit(kControl, EventKind::MessageRouted, message, kTasksQueue);
    m_ready.push_back({message, kTasksQueue, false});
}

void MessageRun::consume(std::uint32_t which) {
    Consumer& consumer = m_consumers[which];
    const std::uint32_t stream = kFirstConsumer + which;
    const std::uint32_t task = consumer.copy.message + 1;
    switch (consumer.step) {
    case 0:
        if (m_ready.empty()) {
            return;
        }
        if (m_random() % 50 == 0 && m_ready.front().queue == kTasksQueue) {
            deadLetter(kControl, m_ready.front(), EventKind::MessageExpired);
            return;
        }
        consumer.copy = m_ready.front();
        m_ready.erase(m_ready.begin());
        emit(stream, EventKind::MessageDelivered, consumer.copy.message,
             consumer.copy.queue | (consumer.copy.isRedelivered ? record::kRedelivered : 0));
        state(stream, State::Reserved, consumer.copy.message + 1);
        break;
    case 1:
        if (m_random() % 20 == 0 && consumer.copy.queue == kTasksQueue) {
            const Copy copy = consumer.copy;
            emit(stream, EventKind::MessageRejected, copy.message, copy.queue);
            m_ready.insert(m_ready.begin(), copy);
            deadLetter(stream, copy, EventKind::None);
            consumer = {};
            return;
        }
        state(stream, State::Running, task);
        break;
    case 2:
        state(stream, State::Done, task);
        break;
    default:
        if (m_random() % 15 == 0) { // the result is there, but the acknowledgement isn't
            emit(kControl, EventKind::MessageRequeued, consumer.copy.message, consumer.copy.queue);
            m_ready.push_back({consumer.copy.message, consumer.copy.queue, true});
        } else {
            emit(stream, EventKind::MessageAcked, consumer.copy.message, consumer.copy.queue);
        }
        consumer = {};
        return;
    }
    ++consumer.step;
}

/// Of the first one that is ready; `why` None: it was said already.
void MessageRun::deadLetter(std::uint32_t stream, const Copy& first, EventKind why) {
    const Copy copy = first;
    m_ready.erase(m_ready.begin());
    if (why != EventKind::None) {
        emit(stream, why, copy.message, copy.queue);
    }
    m_now += 50;
    emit(kControl, EventKind::MessageDeadLettered, copy.message, kDeadQueue);
    state(kControl, State::Queued, copy.message + 1);
    m_ready.push_back({copy.message, kDeadQueue, false});
}

} // namespace interleave::collector
