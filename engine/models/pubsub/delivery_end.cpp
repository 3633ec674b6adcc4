// SPDX-License-Identifier: GPL-3.0-or-later
// Consumer: what becomes of one delivery.
#include "engine/models/pubsub/consumer.h"
#include "engine/models/pubsub/consumer_hooks.h"

namespace interleave::models {

using record::EventKind;

void Consumer::work() {
    const Held held = std::move(m_held.front());
    m_held.pop_front();
    const auto tryIndex = m_shared.book.begin(held.task);
    if (!tryIndex) {
        if (!m_shared.isOver()) {
            acknowledge(held); // another delivery of the same message has done the work
        }
        m_shared.book.done();
        return;
    }
    m_isAtWork.store(true);
    m_shared.environment.objects.markStarted(held.task);
    if (const Nanoseconds slowNs = m_slowNs.load(); slowNs > 0) {
        m_writer.state(held.task, State::Sleeping,
                       {{}, extraStep(m_shared.context, ExtraStep::Task)});
        sleepUntil(monotonicNow() + slowNs);
    }
    const State end = m_execution->performTry(held.task, *tryIndex, 0);
    m_isAtWork.store(false);
    conclude(held, end, *tryIndex);
    m_shared.book.done();
}

void Consumer::conclude(const Held& held, State end, std::uint32_t tryIndex) {
    if (m_shared.isOver()) {
        m_shared.book.pause(held.task); // cancelled with the rest; the message goes back
    } else if (m_isCut.exchange(false)) {
        if (m_isAutoAck) {
            m_shared.book.tell(broker::Fate::Lost, held.number, m_queue);
            retire(held.task, State::Failed);
        } else {
            comesBack(held, false);
            m_shared.book.infer(broker::Fate::Requeued, held.number, m_queue);
        }
        breakConnection();
    } else if (end == State::Done) {
        succeed(held);
    } else {
        failTry(held, tryIndex);
    }
}

void Consumer::succeed(const Held& held) {
    const std::uint64_t answerBytes = m_shared.context.program.task(held.task).resultBytes;
    const bool isAnswered =
        held.delivery.properties.replyTo.empty() || m_publisher->answer(held.delivery, answerBytes);
    // Whose message is not there any more has nothing to come back: the work is done.
    if (acknowledge(held) || !m_shared.book.isOpen(held.number, m_queue)) {
        retire(held.task, isAnswered ? State::Done : State::Failed);
    } else {
        comesBack(held, false);
    }
}

void Consumer::failTry(const Held& held, std::uint32_t tryIndex) {
    if (m_isAutoAck) {
        m_shared.book.tell(broker::Fate::Lost, held.number, m_queue);
        retire(held.task, State::Failed);
        return;
    }
    const bool goesRound =
        m_shared.topology.comesBack(m_queue, held.delivery.key, held.delivery.properties.headers);
    if (tryIndex < m_shared.context.program.task(held.task).retries) {
        retry(held, tryIndex, goesRound);
    } else {
        giveUp(held, goesRound);
    }
}

/// Back into the queue after the delay, for which it is held; or, where a dead letter comes back by
/// itself, round by that way, which costs the consumer no time.
void Consumer::retry(const Held& held, std::uint32_t tryIndex, bool goesRound) {
    const scenario::Task& task = m_shared.context.program.task(held.task);
    if (goesRound) {
        comesBack(held, true);
        refuse(held);
        return;
    }
    m_writer.state(held.task, State::Failed);
    m_writer.state(held.task, State::Retrying, {{}, extraStep(m_shared.context, ExtraStep::Retry)});
    sleepUntil(monotonicNow() + scenario::delayBeforeRetry(task, tryIndex));
    m_shared.book.pause(held.task);
    if (!m_link.isUp()) {
        return; // it has gone back already
    }
    m_shared.book.infer(broker::Fate::Requeued, held.number, m_queue);
    if (auto requeued = m_link->reject(held.delivery.tag, true); !requeued) {
        loseConnection(requeued.error());
    }
}

void Consumer::giveUp(const Held& held, bool goesRound) {
    // Refused, it would come round for ever.
    const bool isOut = goesRound ? acknowledge(held) : refuse(held);
    if (isOut || !m_shared.book.isOpen(held.number, m_queue)) {
        retire(held.task, State::Failed);
    } else {
        comesBack(held, true);
    }
}

/// The try came to nothing, whether it failed or nobody will know of it; another delivery will
/// bring the next.
void Consumer::comesBack(const Held& held, bool isFailed) {
    if (isFailed) {
        m_writer.state(held.task, State::Failed);
    }
    m_writer.state(held.task, State::Retrying,
                   {{}, extraStep(m_shared.context, ExtraStep::Retry), true});
    m_shared.book.pause(held.task);
}

bool Consumer::acknowledge(const Held& held) {
    if (m_isAutoAck) {
        return true;
    }
    if (!m_link.isUp()) {
        return false;
    }
    if (auto acked = m_link->ack(held.delivery.tag); !acked) {
        loseConnection(acked.error());
        return false;
    }
    m_writer.emit(EventKind::MessageAcked, held.number, m_queue.value);
    m_shared.book.acked(held.number, m_queue);
    return true;
}

bool Consumer::refuse(const Held& held) {
    if (!m_link.isUp()) {
        return false;
    }
    const broker::Delivery& delivery = held.delivery;
    m_shared.book.infer(broker::Fate::Rejected, held.number, m_queue);
    for (const ObjectId queue :
         m_shared.topology.deadLetterTargets(m_queue, delivery.key, delivery.properties.headers)) {
        m_shared.book.infer(broker::Fate::DeadLettered, held.number, queue);
    }
    if (auto rejected = m_link->reject(delivery.tag, false); !rejected) {
        loseConnection(rejected.error());
        return false;
    }
    return true;
}

void Consumer::retire(TaskId task, State end) {
    m_writer.state(task, end);
    m_shared.environment.objects.markEnded(task);
    m_shared.book.end(task);
    m_shared.run.taskEnded(task, end);
}

} // namespace interleave::models
