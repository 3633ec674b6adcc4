// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/message_book.h"

#include <algorithm>
#include <charconv>

namespace interleave::models {

using record::EventKind;
using scenario::PublishedMessage;

namespace {

std::optional<EventKind> kindOfFate(broker::Fate fate) {
    using broker::Fate;
    switch (fate) {
    case Fate::Queued:
        return EventKind::MessageRouted;
    case Fate::Unroutable:
    case Fate::Returned:
        return EventKind::MessageUnroutable;
    case Fate::Requeued:
        return EventKind::MessageRequeued;
    case Fate::Rejected:
        return EventKind::MessageRejected;
    case Fate::Expired:
        return EventKind::MessageExpired;
    case Fate::Overflowed:
        return EventKind::MessageOverflowed;
    case Fate::DeadLettered:
        return EventKind::MessageDeadLettered;
    case Fate::Purged:
    case Fate::Lost:
        return EventKind::MessageLost;
    case Fate::Cycled:
        break; // why it left its queue was told before
    }
    return std::nullopt;
}

} // namespace

MessageBook::MessageBook(const RunContext& context, const MessageTable& table,
                         SharedObjects& objects, bool isTold, std::function<void()> onQuiet)
    : m_table(table)
    , m_objects(objects)
    , m_isTold(isTold)
    , m_onQuiet(std::move(onQuiet))
    , m_firstQueue(context.program.messageQueueId(0))
    , m_replies(extraQueue(context, ExtraQueue::Replies))
    , m_writer(context.session.openStream(
          {record::StreamRole::Control, context.session.clock().kind, "broker"}))
    , m_copies(table.copyCount())
    , m_handlers(context.program.tasks.size())
    , m_lastReply(table.lastNumber()) {
    m_accounts.queues.resize(context.program.scenario->messageQueues.size());
}

void MessageBook::setNames(std::unordered_map<std::string, ObjectId> queues) {
    std::scoped_lock lock(m_mutex);
    m_queueNames = std::move(queues);
}

ObjectId MessageBook::queueNamed(const std::string& name) const {
    std::scoped_lock lock(m_mutex);
    const auto known = m_queueNames.find(name);
    return known == m_queueNames.end() ? ObjectId{} : known->second;
}

std::uint32_t MessageBook::numberOf(const broker::Properties& properties) {
    const std::string& text = properties.messageId;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = error == std::errc() && end == text.data() + text.size();
    return isNumber && properties.type == kMessageType ? number : 0;
}

std::uint32_t MessageBook::nextReply() {
    std::scoped_lock lock(m_mutex);
    ++m_accounts.replies;
    return ++m_lastReply;
}

void MessageBook::count(std::uint64_t MessageAccounts::*counter) {
    std::scoped_lock lock(m_mutex);
    ++(m_accounts.*counter);
    ++m_version;
}

// --- what happened -------------------------------------------------------------------------------

void MessageBook::onFate(const broker::MessageFate& fate) {
    const std::uint32_t number = numberOf(fate.properties);
    if (number != 0) {
        tell(fate.fate, number, queueNamed(std::string(fate.queue)));
    }
}

void MessageBook::infer(Fate fate, std::uint32_t number, ObjectId queue) {
    if (!m_isTold) {
        tell(fate, number, queue);
    }
}

void MessageBook::tell(Fate fate, std::uint32_t number, ObjectId queue) {
    std::unique_lock lock(m_mutex);
    tellLocked(fate, number, queue);
    tellIfQuiet(lock);
}

void MessageBook::tellReply(Fate fate, std::uint32_t number) {
    if (fate == Fate::Queued) {
        record(fate, number, m_replies);
    } else if (fate == Fate::Unroutable || fate == Fate::Returned) {
        record(fate, number, {});
        ++m_accounts.lateReplies;
    }
}

void MessageBook::tellLocked(Fate fate, std::uint32_t number, ObjectId queue) {
    ++m_version;
    if (m_table.find(number) == nullptr) {
        tellReply(fate, number);
        return;
    }
    if (fate == Fate::Unroutable || fate == Fate::Returned) {
        // A dead letter that no queue wants was counted when it left its queue.
        if (std::ranges::none_of(m_table.find(number)->message->copies, [&](const auto& copy) {
                return m_copies[*m_table.copyIndex(number, copy.queue)].isDead;
            })) {
            ++(fate == Fate::Returned ? m_accounts.returned : m_accounts.unroutable);
            record(fate, number, {});
        }
        return;
    }
    const auto copy = m_table.copyIndex(number, queue);
    if (!copy) {
        ++m_accounts.unpredicted;
        if (m_table.isQueue(queue) && (fate == Fate::Queued || fate == Fate::DeadLettered)) {
            record(fate, number, queue);
        }
        return;
    }
    record(fate, number, queue);
    switch (fate) {
    case Fate::DeadLettered:
        goOn(number);
        enter(number, queue, *copy);
        break;
    case Fate::Queued:
        enter(number, queue, *copy);
        break;
    case Fate::Requeued:
        if (const TaskId task = m_table.copyAt(number, *copy).handler) {
            const Phase phase = handler(task).phase;
            if (phase == Phase::Reserved || phase == Phase::Away) {
                submitHandler(task);
            }
        }
        break;
    case Fate::Rejected:
    case Fate::Expired:
    case Fate::Overflowed:
        m_copies[*copy].isDead = leave(number, queue, *copy, fate);
        break;
    case Fate::Purged:
    case Fate::Lost:
        if (!leave(number, queue, *copy, Fate::Lost)) {
            ++m_accounts.lostAfterAck;
        }
        break;
    default:
        break;
    }
}

void MessageBook::enter(std::uint32_t number, ObjectId queue, std::size_t copy) {
    CopyState& state = m_copies[copy];
    ++state.open;
    state.wasThere = true;
    ++accountsOf(queue).entered;
    m_open += m_table.canReachHandler(number, queue) ? 1u : 0u;
    const TaskId task = m_table.copyAt(number, copy).handler;
    if (task && (handler(task).phase == Phase::Unborn || handler(task).phase == Phase::Away)) {
        submitHandler(task);
    }
}

bool MessageBook::leave(std::uint32_t number, ObjectId queue, std::size_t copy, Fate fate) {
    CopyState& state = m_copies[copy];
    state.fate = fate;
    if (state.open == 0) {
        // It came no further than the door.
        m_accounts.refused += fate == Fate::Overflowed ? 1 : 0;
        return false;
    }
    --state.open;
    m_open -= m_table.canReachHandler(number, queue) ? 1u : 0u;
    QueueAccounts& accounts = accountsOf(queue);
    accounts.rejected += fate == Fate::Rejected ? 1 : 0;
    accounts.expired += fate == Fate::Expired ? 1 : 0;
    accounts.overflowed += fate == Fate::Overflowed ? 1 : 0;
    accounts.lost += fate == Fate::Lost ? 1 : 0;
    return true;
}

void MessageBook::goOn(std::uint32_t number) {
    for (const PublishedMessage::Copy& copy : m_table.find(number)->message->copies) {
        CopyState& state = m_copies[*m_table.copyIndex(number, copy.queue)];
        if (state.isDead) {
            state.isDead = false;
            ++accountsOf(copy.queue).deadLettered;
            return;
        }
    }
}

void MessageBook::submitHandler(TaskId task) {
    if (m_objects.phase(task) == TaskPhase::Unborn) {
        m_writer.emit(EventKind::Spawned, task.value, m_table.program().task(task).parent.value);
        m_objects.markSubmitted(task);
    }
    m_writer.state(task, State::Queued, {{}, {}, true});
    handler(task).phase = Phase::Waiting;
}

void MessageBook::record(Fate fate, std::uint32_t number, ObjectId queue) {
    if (const auto kind = kindOfFate(fate)) {
        m_writer.emit(*kind, number, fate == Fate::Returned ? 1 : queue.value);
    }
}

QueueAccounts& MessageBook::accountsOf(ObjectId queue) {
    return m_accounts.queues[queue.value - m_firstQueue.value];
}

void MessageBook::tellIfQuiet(std::unique_lock<std::mutex>& lock) {
    const bool isQuietNow = m_held == 0 && m_open == 0;
    lock.unlock();
    if (isQuietNow) {
        m_onQuiet();
    }
}

} // namespace interleave::models
