// SPDX-License-Identifier: GPL-3.0-or-later
// Publisher: what its connection tells: confirms, returned messages, replies, its end.
#include "engine/models/pubsub/publisher.h"

namespace interleave::models {

using record::EventKind;

bool Publisher::handleNext(Nanoseconds waitNs) {
    if (!m_link.isUp()) {
        if (!m_window.isEmpty()) {
            lose({"The connection was lost.", ErrorKind::MissingPart});
        }
        return false;
    }
    auto event = m_link->next(waitNs, m_wakeFd);
    if (!event) {
        lose(event.error());
        return false;
    }
    if (!*event) {
        return false;
    }
    handle(**event);
    return true;
}

void Publisher::handle(broker::Event& event) {
    if (const auto* confirmed = std::get_if<broker::Confirmed>(&event)) {
        confirm(*confirmed);
    } else if (const auto* returned = std::get_if<broker::Returned>(&event)) {
        if (const std::uint32_t number = MessageBook::numberOf(returned->properties)) {
            m_shared.book.infer(broker::Fate::Returned, number, {});
        }
    } else if (const auto* blocked = std::get_if<broker::Blocked>(&event)) {
        m_isHeldBack = blocked->isBlocked;
    } else if (const auto* reply = std::get_if<broker::Delivery>(&event)) {
        takeReply(*reply);
    } else {
        m_replyQueue.clear(); // its consumer was cancelled: the queue is gone
    }
}

void Publisher::confirm(const broker::Confirmed& confirmed) {
    for (const std::uint32_t number : m_window.settle(confirmed)) {
        m_writer.emit(EventKind::MessageConfirmed, number, confirmed.isAccepted ? 1 : 0);
        if (!confirmed.isAccepted) {
            m_refused.push_back(number);
            if (const ObjectId queue = refusingQueue(*m_shared.table.find(number))) {
                m_shared.book.infer(broker::Fate::Overflowed, number, queue);
            }
        }
    }
}

void Publisher::takeReply(const broker::Delivery& reply) {
    const std::uint32_t number = MessageBook::numberOf(reply.properties);
    if (number == 0) {
        m_shared.book.foreign();
        return;
    }
    m_writer.emit(EventKind::MessageDelivered, number, m_shared.book.replies().value);
    m_writer.emit(EventKind::MessageAcked, number, m_shared.book.replies().value);
    if (m_request != 0 && reply.properties.correlationId == std::to_string(m_request)) {
        m_request = 0;
    } else {
        m_shared.book.lateReply();
    }
}

void Publisher::lose(const Error& error) {
    m_link.failed(error);
    m_isReady = false;
    m_isHeldBack = false;
    for (const std::uint32_t number : m_window.takeAll()) {
        m_unknown.push_back(number);
    }
}

ObjectId Publisher::refusingQueue(const MessageFacts& facts) const {
    for (std::uint32_t i = 0; i < facts.message->routedCopies; ++i) {
        const ObjectId queue = facts.message->copies[i].queue;
        const auto& declaration = m_shared.table.declarationOf(queue);
        if (declaration.maxLength > 0 &&
            declaration.overflow == scenario::QueueOverflow::RejectPublish) {
            return queue;
        }
    }
    return {};
}

} // namespace interleave::models
