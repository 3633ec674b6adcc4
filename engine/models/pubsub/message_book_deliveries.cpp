// SPDX-License-Identifier: GPL-3.0-or-later
// MessageBook: copies that come to consumers, and the tasks that they bring about.
#include "engine/models/pubsub/message_book.h"

#include <chrono>

namespace interleave::models {

namespace {

/// For how long begin() waits before it looks whether the run was stopped.
constexpr std::chrono::milliseconds kStopLook{50};

broker::Fate fateNamed(const std::string& reason) {
    if (reason == "rejected") {
        return broker::Fate::Rejected;
    }
    return reason == "maxlen" ? broker::Fate::Overflowed : broker::Fate::Expired;
}

} // namespace

void MessageBook::inferEntry(const broker::Delivery& delivery, std::uint32_t number, ObjectId queue,
                             std::size_t copy) {
    // It came by ways that nobody saw: what its dead-letter header says is caught up on.
    bool isDeadLetter = false;
    for (const auto& [name, reason] : delivery.deaths) {
        const auto known = m_queueNames.find(name);
        if (known == m_queueNames.end()) {
            continue;
        }
        const auto from = m_table.copyIndex(number, known->second);
        if (from && (m_copies[*from].open > 0 || m_copies[*from].isDead)) {
            if (!m_copies[*from].isDead) {
                tellLocked(fateNamed(reason), number, known->second);
            }
            isDeadLetter = true;
            break;
        }
    }
    if (m_copies[copy].open == 0) {
        tellLocked(isDeadLetter ? Fate::DeadLettered : Fate::Queued, number, queue);
    }
}

MessageBook::Arrival MessageBook::arrived(const broker::Delivery& delivery, std::uint32_t number,
                                          ObjectId queue, bool isAutoAck) {
    std::scoped_lock lock(m_mutex);
    ++m_version;
    ++m_held;
    m_accounts.redelivered += delivery.isRedelivered ? 1 : 0;
    const auto copy = m_table.copyIndex(number, queue);
    if (!copy) {
        ++m_accounts.unpredicted;
        return {};
    }
    if (m_copies[*copy].open == 0) {
        inferEntry(delivery, number, queue, *copy);
    }
    if (isAutoAck) {
        leave(number, queue, *copy, Fate::Queued);
        ++accountsOf(queue).acked;
    }
    const TaskId task = m_table.copyAt(number, *copy).handler;
    if (!task) {
        return {};
    }
    HandlerState& state = handler(task);
    if (state.phase == Phase::Unborn || state.phase == Phase::Away) {
        submitHandler(task);
    }
    const bool isReserved = state.phase == Phase::Waiting;
    state.phase = isReserved ? Phase::Reserved : state.phase;
    return {task, isReserved};
}

void MessageBook::found(const broker::Delivery& delivery, std::uint32_t number, ObjectId queue) {
    std::scoped_lock lock(m_mutex);
    const auto copy = m_table.copyIndex(number, queue);
    if (!copy) {
        ++m_accounts.unpredicted;
    } else if (m_copies[*copy].open == 0) {
        inferEntry(delivery, number, queue, *copy);
    }
}

void MessageBook::done() {
    std::unique_lock lock(m_mutex);
    --m_held;
    ++m_version;
    tellIfQuiet(lock);
}

void MessageBook::acked(std::uint32_t number, ObjectId queue) {
    std::scoped_lock lock(m_mutex);
    ++m_version;
    if (const auto copy = m_table.copyIndex(number, queue)) {
        if (leave(number, queue, *copy, Fate::Queued)) {
            ++accountsOf(queue).acked;
        }
    }
}

// --- the tasks that messages bring about ---------------------------------------------------------

std::optional<std::uint32_t> MessageBook::begin(TaskId task) {
    std::unique_lock lock(m_mutex);
    HandlerState& state = handler(task);
    while (state.phase == Phase::Running && !m_objects.isCancelled()) {
        m_freed.wait_for(lock, kStopLook);
    }
    if (state.phase == Phase::Ended || m_objects.isCancelled()) {
        m_accounts.duplicates += state.phase == Phase::Ended ? 1 : 0;
        return std::nullopt;
    }
    state.phase = Phase::Running;
    return state.tries++;
}

void MessageBook::pause(TaskId task) {
    {
        std::scoped_lock lock(m_mutex);
        handler(task).phase = Phase::Away;
    }
    m_freed.notify_all();
}

void MessageBook::end(TaskId task) {
    {
        std::scoped_lock lock(m_mutex);
        handler(task).phase = Phase::Ended;
    }
    m_freed.notify_all();
}

} // namespace interleave::models
