// SPDX-License-Identifier: GPL-3.0-or-later
// MessageBook: what the control thread wants to know of it.
#include "engine/models/pubsub/message_book.h"

namespace interleave::models {

using scenario::PublishedMessage;

bool MessageBook::isQuiet() const {
    std::scoped_lock lock(m_mutex);
    return m_held == 0 && m_open == 0;
}

bool MessageBook::isIdle() const {
    std::scoped_lock lock(m_mutex);
    return m_held == 0;
}

std::uint64_t MessageBook::version() const {
    std::scoped_lock lock(m_mutex);
    return m_version;
}

std::vector<ObjectId> MessageBook::openQueues() const {
    std::scoped_lock lock(m_mutex);
    std::vector<bool> isOpen(m_accounts.queues.size());
    for (std::uint32_t number = 1; number <= m_table.lastNumber(); ++number) {
        for (const PublishedMessage::Copy& copy : m_table.find(number)->message->copies) {
            if (m_copies[*m_table.copyIndex(number, copy.queue)].open > 0 &&
                m_table.canReachHandler(number, copy.queue)) {
                isOpen[copy.queue.value - m_firstQueue.value] = true;
            }
        }
    }
    std::vector<ObjectId> queues;
    for (std::uint32_t i = 0; i < isOpen.size(); ++i) {
        if (isOpen[i]) {
            queues.push_back({m_firstQueue.value + i});
        }
    }
    return queues;
}

std::vector<TaskId> MessageBook::endUnreachable() {
    std::scoped_lock lock(m_mutex);
    std::vector<TaskId> ended;
    for (const TaskId task : m_table.handlers()) {
        const MessageFacts* const facts = m_table.find(m_table.messageOf(task));
        const bool isPublisherOver =
            facts == nullptr || m_objects.phase(facts->publisher) == TaskPhase::Ended;
        if (handler(task).phase != Phase::Ended && isPublisherOver) {
            handler(task).phase = Phase::Ended;
            ended.push_back(task);
        }
    }
    return ended;
}

bool MessageBook::isOpen(std::uint32_t number, ObjectId queue) const {
    std::scoped_lock lock(m_mutex);
    const auto copy = m_table.copyIndex(number, queue);
    return copy && m_copies[*copy].open > 0;
}

std::vector<std::uint32_t> MessageBook::openIn(ObjectId queue) const {
    std::scoped_lock lock(m_mutex);
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t number = 1; number <= m_table.lastNumber(); ++number) {
        const auto copy = m_table.copyIndex(number, queue);
        if (copy && m_copies[*copy].open > 0) {
            numbers.insert(numbers.end(), m_copies[*copy].open, number);
        }
    }
    return numbers;
}

std::optional<MessageBook::Fate> MessageBook::lastFate(TaskId handlerTask) const {
    std::scoped_lock lock(m_mutex);
    const std::uint32_t number = m_table.messageOf(handlerTask);
    const auto copy = m_table.copyIndex(number, m_table.program().task(handlerTask).handles);
    if (!copy || !m_copies[*copy].wasThere) {
        return std::nullopt;
    }
    return m_copies[*copy].fate;
}

MessageAccounts MessageBook::accounts() const {
    std::scoped_lock lock(m_mutex);
    MessageAccounts accounts = m_accounts;
    for (std::uint32_t number = 1; number <= m_table.lastNumber(); ++number) {
        for (const PublishedMessage::Copy& copy : m_table.find(number)->message->copies) {
            accounts.queues[copy.queue.value - m_firstQueue.value].queued +=
                m_copies[*m_table.copyIndex(number, copy.queue)].open;
        }
    }
    return accounts;
}

void MessageBook::close() {
    std::scoped_lock lock(m_mutex);
    m_writer = record::Writer();
}

} // namespace interleave::models
