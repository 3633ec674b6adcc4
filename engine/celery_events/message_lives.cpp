// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/message_lives.h"

#include <utility>

namespace interleave::celery_events {

using record::EventKind;

namespace {

constexpr std::size_t kMostObjects = 10'000;
constexpr std::size_t kMostBindings = 10'000;

} // namespace

/// 0 if it has no name or there are too many.
std::uint32_t MessageLives::objectOf(const std::string& kind, const std::string& name,
                                     Nanoseconds at) {
    const std::string key = kind + ' ' + name;
    if (name.empty() || (m_objects.size() >= kMostObjects && !m_objects.contains(key))) {
        return 0;
    }
    const auto [place, isNew] = m_objects.try_emplace(key, 0);
    if (isNew) {
        place->second = m_session.addObject(kind, name, at);
    }
    return place->second;
}

TaskMessage MessageLives::sent(const ClusterEvent& event, const ClusterNode& sender,
                               Nanoseconds at) {
    const std::uint32_t queue = objectOf("message-queue", event.queue, at);
    if (queue == 0) {
        return {};
    }
    // What kind of exchange it is nobody tells; Celery declares direct ones unless it is told to.
    const std::uint32_t exchange = objectOf("direct-exchange", event.exchange, at);
    if (exchange != 0 && m_bindings.size() < kMostBindings &&
        m_bindings.emplace(queue, event.exchange + ' ' + event.key).second) {
        m_session.bind(exchange, queue, event.key, at);
    }
    m_session.message(sender.main, EventKind::MessagePublished, ++m_messages, exchange, at);
    m_session.message(sender.main, EventKind::MessageRouted, m_messages, queue, at);
    return {m_messages, queue, false, false};
}

void MessageLives::delivered(TaskMessage& message, std::uint32_t task, ClusterNode& worker,
                             Nanoseconds at) {
    if (message.number == 0 || message.isDelivered) {
        return;
    }
    if (worker.queues.insert(message.queue).second) {
        m_session.consumes(worker.main, message.queue, worker.openedNs);
    }
    m_session.message(worker.main, EventKind::MessageDelivered, message.number,
                      message.queue | (message.wasDelivered ? record::kRedelivered : 0), at);
    m_session.message(worker.main, EventKind::MessageCarries, message.number, task, at);
    message.isDelivered = true;
}

void MessageLives::givenBack(TaskMessage& message, Nanoseconds at) {
    if (message.number != 0 && message.isDelivered) {
        m_session.message(0, EventKind::MessageRequeued, message.number, message.queue, at);
        message.isDelivered = false;
        message.wasDelivered = true;
    }
}

void MessageLives::ended(TaskMessage& message, Nanoseconds at) {
    if (message.number != 0 && message.isDelivered) {
        m_session.message(0, EventKind::MessageAcked, message.number, message.queue, at);
    }
    message = {};
}

void MessageLives::dropped(TaskMessage& message, Nanoseconds at) {
    if (message.number != 0 && !message.isDelivered) {
        m_session.message(0, EventKind::MessageRejected, message.number, message.queue, at);
        message = {};
    }
    ended(message, at);
}

} // namespace interleave::celery_events
