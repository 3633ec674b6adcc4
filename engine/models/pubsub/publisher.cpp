// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/publisher.h"

#include <set>

namespace interleave::models {

using record::EventKind;
using scenario::PublishedMessage;

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

} // namespace interleave::models
