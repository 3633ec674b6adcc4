// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/publisher.h"

#include "engine/models/sync/futex.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <set>

namespace interleave::models {

using record::EventKind;
using record::StateDetail;
using scenario::PublishedMessage;

namespace {

constexpr Nanoseconds kForEver = std::numeric_limits<Nanoseconds>::max();
constexpr Nanoseconds kFirstPauseNs = 1'000'000;
constexpr Nanoseconds kLongestPauseNs = 50'000'000;
constexpr Nanoseconds kLongestWaitNs = 1'000'000'000;

} // namespace

Publisher::Publisher(PubsubShared& shared, record::Writer& writer, const std::string& name,
                     int wakeFd, std::function<bool()> isGivenUp)
    : m_shared(shared)
    , m_writer(writer)
    , m_wakeFd(wakeFd)
    , m_isGivenUp(std::move(isGivenUp))
    , m_link(shared, name) {}

Progress Publisher::publish(TaskId task, const scenario::Action& action) {
    m_task = task;
    m_action = &action;
    m_isWaiting = false;
    const auto& step = std::get<scenario::PublishStep>(action.source->what);
    const std::size_t batch = m_shared.options.batch;
    Progress progress = Progress::Ok;
    for (const PublishedMessage& message : action.messages) {
        progress = send(message.number);
        if (progress == Progress::Ok && step.wantsReply) {
            progress = waitForReply(message.number);
        } else if (progress == Progress::Ok) {
            switch (m_shared.options.confirms) {
            case Confirms::None:
                break;
            case Confirms::Each:
                progress = settle(0);
                break;
            case Confirms::Batch:
                progress = m_window.size() < batch ? Progress::Ok : settle(0);
                break;
            case Confirms::Async:
                progress = settle(batch - 1);
                break;
            }
        }
        if (progress != Progress::Ok) {
            return progress;
        }
    }
    if (progress = settle(0); progress == Progress::Ok && m_link.isUp()) {
        if (auto flushed = m_link->flush(); !flushed) {
            lose(flushed.error());
        }
    }
    return progress;
}

// --- sending -------------------------------------------------------------------------------------

bool Publisher::prepare() {
    if (!m_link.isUp()) {
        m_isReady = false;
        if (!m_link.tryConnect()) {
            wait(State::Blocked, {{}, extraStep(m_shared.context, ExtraStep::Publish)});
            if (!m_link.connect(m_wakeFd)) {
                return false;
            }
        }
    }
    if (!m_isReady) {
        m_isHeldBack = false;
        m_replyQueue.clear();
        if (m_shared.options.confirms != Confirms::None) {
            if (auto enabled = m_link->enableConfirms(); !enabled) {
                lose(enabled.error());
                return false;
            }
        }
        m_isReady = true;
    }
    const bool wantsReply =
        m_action != nullptr && std::get<scenario::PublishStep>(m_action->source->what).wantsReply;
    if (wantsReply && m_replyQueue.empty()) {
        broker::QueueSpec spec;
        spec.isExclusive = true;
        spec.isAutoDelete = true;
        auto queue = m_link->declare(spec);
        if (!queue) {
            lose(queue.error());
            return false;
        }
        if (auto consuming = m_link->consume(queue->name, {.isAutoAck = true}); !consuming) {
            lose(consuming.error());
            return false;
        }
        m_replyQueue = queue->name;
    }
    return true;
}

Progress Publisher::send(std::uint32_t number, bool isUnknown) {
    const MessageFacts& facts = *m_shared.table.find(number);
    while (!isOver()) {
        if (!prepare()) {
            continue;
        }
        while (handleNext(0)) {
        }
        const auto isHeldBack = [this] { return m_isHeldBack; };
        if (m_link.isUp() && m_isHeldBack) {
            const StepId step = extraStep(m_shared.context, ExtraStep::Publish);
            if (const Progress progress =
                    waitWhile(isHeldBack, State::Blocked, {{}, step}, kForEver);
                progress != Progress::Ok) {
                return progress;
            }
        }
        if (m_isWaiting) {
            m_isWaiting = false;
            m_writer.state(m_task, State::Running, {{}, m_action->step});
        }
        if (m_link.isUp() && sendNow(facts, isUnknown)) {
            return Progress::Ok;
        }
    }
    return overProgress();
}

bool Publisher::sendNow(const MessageFacts& facts, bool isUnknown) {
    const scenario::PublishStep& step = *facts.step;
    broker::Properties properties;
    properties.messageId = std::to_string(facts.message->number);
    properties.type = kMessageType;
    properties.contentType = "application/octet-stream";
    properties.headers = step.headers;
    properties.priority = step.priority;
    properties.isPersistent = step.isPersistent;
    if (step.expiresNs > 0) {
        properties.expirationNs = step.expiresNs;
    }
    if (step.wantsReply) {
        properties.replyTo = m_replyQueue;
        properties.correlationId = properties.messageId;
    }
    const std::string exchange = m_shared.topology.nameOf(facts.message->exchange);
    const auto body = bodyOf(facts.action->bytes);
    // Recorded before: a consumer may have it before this thread goes on.
    m_shared.book.published();
    m_writer.emit(EventKind::MessagePublished, facts.message->number,
                  facts.message->exchange.value);
    tellRouting(facts, isUnknown);
    const auto sequence =
        m_link->publish({exchange, facts.message->key, properties, body, step.isMandatory});
    if (!sequence) {
        lose(sequence.error());
        return false;
    }
    if (*sequence != 0) {
        m_window.add(*sequence, facts.message->number);
    } else if (!m_shared.book.isTold()) {
        m_unsynced.push_back(facts.message->number);
    }
    return true;
}

void Publisher::tellRouting(const MessageFacts& facts, bool isUnknown) {
    const PublishedMessage& message = *facts.message;
    for (std::uint32_t i = 0; i < message.routedCopies; ++i) {
        const ObjectId queue = message.copies[i].queue;
        if (!isUnknown || !m_shared.book.isOpen(message.number, queue)) {
            m_shared.book.infer(broker::Fate::Queued, message.number, queue);
        }
    }
    if (message.routedCopies == 0 && !facts.step->isMandatory) {
        m_shared.book.infer(broker::Fate::Unroutable, message.number, {});
    }
}

bool Publisher::answer(const broker::Delivery& request, std::uint64_t bytes) {
    m_action = nullptr;
    if (!m_link.isUp() && !m_link.connect(m_wakeFd)) {
        return false;
    }
    while (handleNext(0)) { // what came of earlier answers
    }
    if (!m_link.isUp()) {
        return false;
    }
    const std::uint32_t number = m_shared.book.nextReply();
    broker::Properties properties;
    properties.messageId = std::to_string(number);
    properties.type = kMessageType;
    properties.correlationId = request.properties.correlationId;
    m_writer.emit(EventKind::MessagePublished, number, 0);
    m_shared.book.infer(broker::Fate::Queued, number, {});
    const auto sent =
        m_link->publish({"", request.properties.replyTo, properties, bodyOf(bytes), true});
    const Result<void> flushed =
        sent ? m_link->flush() : Result<void>(std::unexpected(sent.error()));
    if (!flushed) {
        lose(flushed.error());
        return false;
    }
    return true;
}

void Publisher::sync() {
    std::set<ObjectId> queues;
    for (const std::uint32_t number : m_unsynced) {
        const PublishedMessage& message = *m_shared.table.find(number)->message;
        for (std::uint32_t i = 0; i < message.routedCopies; ++i) {
            queues.insert(message.copies[i].queue);
        }
    }
    if (queues.empty() && !m_unsynced.empty()) {
        const std::vector<ObjectId> all = m_shared.topology.queues();
        queues.insert(all.begin(), all.begin() + (all.empty() ? 0 : 1)); // brings what returned
    }
    m_unsynced.clear();
    for (const ObjectId queue : queues) {
        if (!m_link.isUp()) {
            return;
        }
        if (auto state = m_link->inspect(m_shared.topology.nameOf(queue)); !state) {
            lose(state.error());
        }
    }
    while (!queues.empty() && handleNext(0)) {
    }
}

std::span<const std::byte> Publisher::bodyOf(std::uint64_t bytes) {
    // Written anew each time, as a program that packs its data does.
    m_body.assign(bytes, std::byte{'.'});
    return m_body;
}

// --- waiting -------------------------------------------------------------------------------------

Progress Publisher::settle(std::size_t mayStayOpen) {
    const StepId step = extraStep(m_shared.context, ExtraStep::Confirm);
    while (true) {
        const Progress progress =
            waitWhile([&] { return m_window.size() > mayStayOpen && m_link.isUp(); },
                      State::Blocked, {{}, step}, kForEver);
        if (progress != Progress::Ok || (m_refused.empty() && m_unknown.empty())) {
            m_pauseNs = progress == Progress::Ok && m_window.isEmpty() ? 0 : m_pauseNs;
            return progress;
        }
        if (const Progress again = sendAgain(); again != Progress::Ok) {
            return again;
        }
    }
}

Progress Publisher::sendAgain() {
    const std::vector<std::uint32_t> refused = std::exchange(m_refused, {});
    if (!refused.empty()) {
        if (const Progress progress = waitForRoom(*m_shared.table.find(refused.front()));
            progress != Progress::Ok) {
            return progress;
        }
    }
    for (const std::uint32_t number : refused) {
        if (const Progress progress = send(number); progress != Progress::Ok) {
            return progress;
        }
    }
    for (const std::uint32_t number : std::exchange(m_unknown, {})) {
        if (const Progress progress = send(number, true); progress != Progress::Ok) {
            return progress;
        }
    }
    return Progress::Ok;
}

Progress Publisher::waitForRoom(const MessageFacts& facts) {
    const ObjectId queue = refusingQueue(facts);
    if (queue && !m_shared.table.isHandled(queue) &&
        m_shared.table.declarationOf(queue).ttlNs == 0) {
        m_shared.environment.complain(fmt::format(
            "Task \"{}\" failed: the queue \"{}\" is full and nobody takes messages out of it.",
            m_shared.context.program.task(m_task).name,
            m_shared.context.program.object(queue).name));
        return Progress::Failed;
    }
    m_pauseNs = std::clamp(2 * m_pauseNs, kFirstPauseNs, kLongestPauseNs);
    return waitWhile([] { return true; }, State::Blocked, {queue, m_action->step},
                     monotonicNow() + m_pauseNs);
}

Progress Publisher::waitForReply(std::uint32_t number) {
    m_request = number;
    const Nanoseconds untilNs = monotonicNow() + m_shared.options.replyTimeoutNs;
    while (true) {
        const Progress progress = waitWhile([this] { return m_request != 0 && m_link.isUp(); },
                                            State::WaitingIo, {{}, m_action->step}, untilNs);
        if (progress != Progress::Ok || m_request == 0) {
            return progress;
        }
        if (monotonicNow() >= untilNs) {
            m_request = 0;
            m_shared.environment.complain(
                fmt::format("Task \"{}\" failed: no reply came within {} (reply_timeout).",
                            m_shared.context.program.task(m_task).name,
                            formatDuration(m_shared.options.replyTimeoutNs)));
            return Progress::Failed;
        }
        // The queue of the reply went with the connection.
        std::erase(m_unknown, number);
        if (const Progress sent = send(number, true); sent != Progress::Ok) {
            return sent;
        }
    }
}

Progress Publisher::waitWhile(const std::function<bool()>& needed, State state, StateDetail detail,
                              Nanoseconds untilNs) {
    while (handleNext(0)) {
    }
    while (needed() && !isOver()) {
        const Nanoseconds nowNs = monotonicNow();
        if (nowNs >= untilNs) {
            break;
        }
        wait(state, detail);
        handleNext(std::min(untilNs - nowNs, kLongestWaitNs));
    }
    if (isOver()) {
        return overProgress();
    }
    if (m_isWaiting) {
        m_isWaiting = false;
        m_writer.state(m_task, State::Running, {{}, m_action->step});
    }
    return Progress::Ok;
}

void Publisher::wait(State state, StateDetail detail) {
    if (!m_isWaiting) {
        m_isWaiting = true;
        m_writer.state(m_task, state, detail);
    }
}

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
