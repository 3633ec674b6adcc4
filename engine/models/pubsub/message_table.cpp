// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/message_table.h"

#include "engine/base/check.h"

#include <algorithm>

namespace interleave::models {

using scenario::Action;
using scenario::PublishedMessage;

MessageTable::MessageTable(const scenario::Program& program)
    : m_program(program)
    , m_firstQueue(program.messageQueueId(0))
    , m_messageOf(program.tasks.size())
    , m_isHandled(program.scenario->messageQueues.size()) {
    for (const scenario::Task& task : program.tasks) {
        for (const Action& action : task.actions) {
            if (action.kind == Action::Kind::Publish) {
                add(task, action);
            }
        }
        if (task.handles) {
            m_handlers.push_back(task.id);
        }
    }
    for (const scenario::TaskTemplate& source : program.scenario->tasks) {
        if (source.handles) {
            m_isHandled[*source.handles] = true;
        }
    }
    m_firstCopy.reserve(m_facts.size() + 1);
    std::size_t copies = 0;
    for (const MessageFacts& facts : m_facts) {
        CHECK(facts.message != nullptr); // the numbers have no gaps
        m_firstCopy.push_back(copies);
        copies += facts.message->copies.size();
        for (const PublishedMessage::Copy& copy : facts.message->copies) {
            if (copy.handler) {
                m_messageOf[copy.handler.value - 1] = facts.message->number;
            }
        }
    }
    m_firstCopy.push_back(copies);
}

void MessageTable::add(const scenario::Task& task, const Action& action) {
    for (const PublishedMessage& message : action.messages) {
        if (message.number > m_facts.size()) {
            m_facts.resize(message.number);
        }
        m_facts[message.number - 1] = {
            &message, &action, std::get_if<scenario::PublishStep>(&action.source->what), task.id};
    }
}

const MessageFacts* MessageTable::find(std::uint32_t number) const {
    return number == 0 || number > m_facts.size() ? nullptr : &m_facts[number - 1];
}

std::optional<std::size_t> MessageTable::copyIndex(std::uint32_t number, ObjectId queue) const {
    const MessageFacts* const facts = find(number);
    if (facts == nullptr) {
        return std::nullopt;
    }
    const auto& copies = facts->message->copies;
    const auto copy = std::ranges::find(copies, queue, &PublishedMessage::Copy::queue);
    if (copy == copies.end()) {
        return std::nullopt;
    }
    return m_firstCopy[number - 1] + static_cast<std::size_t>(copy - copies.begin());
}

const PublishedMessage::Copy& MessageTable::copyAt(std::uint32_t number, std::size_t index) const {
    return m_facts[number - 1].message->copies[index - m_firstCopy[number - 1]];
}

bool MessageTable::isQueue(ObjectId object) const {
    return object >= m_firstQueue && object.value - m_firstQueue.value < m_isHandled.size();
}

bool MessageTable::isHandled(ObjectId queue) const {
    return isQueue(queue) && m_isHandled[queue.value - m_firstQueue.value];
}

const scenario::MessageQueueDeclaration& MessageTable::declarationOf(ObjectId queue) const {
    return m_program.scenario->messageQueues[queue.value - m_firstQueue.value];
}

bool MessageTable::canReachHandler(std::uint32_t number, ObjectId queue) const {
    if (isHandled(queue)) {
        return true;
    }
    const MessageFacts* const facts = find(number);
    const scenario::MessageQueueDeclaration& declaration = declarationOf(queue);
    const bool expires = declaration.ttlNs > 0 ||
                         (facts != nullptr && facts->step != nullptr && facts->step->expiresNs > 0);
    const bool goesOn = declaration.deadLetterExchange || declaration.deadLetterKey;
    // Where it goes by dead-letter exchanges is among its copies; which of them follow which does
    // not matter to whoever waits for the end.
    return facts != nullptr && expires && goesOn &&
           std::ranges::any_of(facts->message->copies,
                               [](const auto& copy) { return !copy.handler.isNone(); });
}

} // namespace interleave::models
