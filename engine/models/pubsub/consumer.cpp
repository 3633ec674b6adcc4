// SPDX-License-Identifier: GPL-3.0-or-later
// The thread and its connection; what becomes of a delivery is in delivery_end.cpp.
#include "engine/models/pubsub/consumer.h"

#include "engine/models/pubsub/consumer_hooks.h"
#include "engine/models/sync/futex.h"

#include <algorithm>
#include <array>
#include <poll.h>
#include <span>

namespace interleave::models {

using record::EventKind;

namespace {

/// How often an idle consumer of a broker that does not tell looks whether it was asked something.
constexpr Nanoseconds kIdleLookNs = 20'000'000;
constexpr Nanoseconds kIdleWaitNs = 60'000'000'000;

} // namespace

Consumer::Consumer(PubsubShared& shared, ConsumerPlan plan, Bell bell)
    : m_shared(shared)
    , m_queue(plan.queue)
    , m_name(std::move(plan.name))
    , m_isAutoAck(plan.isAutoAck)
    , m_bell(std::move(bell))
    , m_link(shared, m_name) {}

Consumer::~Consumer() = default;

void Consumer::cut() {
    m_isCut.store(true);
    m_bell.ring();
}

void Consumer::finish() {
    m_isFinished.store(true);
    m_bell.ring();
}

void Consumer::main() {
    sharpenTimers();
    m_writer = m_shared.context.session.openStream(
        {record::StreamRole::Worker, record::ClockKind::Tsc, m_name});
    m_environment = std::make_unique<WorkEnvironment>(m_shared.environment);
    m_environment->stopFd = m_bell.fd();
    m_publisher = std::make_unique<Publisher>(m_shared, m_writer, m_name + " publishing",
                                              m_bell.fd(), [this] { return m_isCut.load(); });
    m_hooks = std::make_unique<Hooks>(*this);
    m_execution = std::make_unique<TaskExecution>(*m_environment, m_writer, *m_hooks);
    while (true) {
        m_bell.clear(); // whoever rings has said before why
        if (isEnding()) {
            break;
        }
        if (m_isCut.exchange(false)) {
            breakConnection();
        } else if (!m_link.isUp() && m_held.empty() && !subscribe()) {
            continue;
        }
        receive(0);
        if (!m_held.empty()) {
            work();
            continue;
        }
        m_publisher->sync();
        lookAgain();
        receive(m_shared.book.isTold() ? kIdleWaitNs : kIdleLookNs);
    }
    letGo(false);
    m_publisher.reset();
    m_execution.reset();
    m_writer = record::Writer(); // by the thread whose processor time it tells
}

// --- the connection ------------------------------------------------------------------------------

bool Consumer::subscribe() {
    endSubscription();
    if (!m_link.connect(m_bell.fd())) {
        return false;
    }
    const std::uint16_t prefetch = m_shared.options.prefetch;
    if (auto set = m_link->setPrefetch(prefetch); !set) {
        m_link.failed(set.error());
        return false;
    }
    // Recorded before: a message may be here before the broker's answer.
    m_writer.emit(EventKind::ConsumerBegan, prefetch, m_queue.value);
    m_isSubscribed = true;
    if (auto consuming =
            m_link->consume(m_shared.topology.nameOf(m_queue), {.isAutoAck = m_isAutoAck});
        !consuming) {
        loseConnection(consuming.error());
        return false;
    }
    return true;
}

void Consumer::endSubscription() {
    if (std::exchange(m_isSubscribed, false)) {
        m_writer.emit(EventKind::ConsumerEnded, 0, m_queue.value);
    }
}

void Consumer::receive(Nanoseconds waitNs) {
    while (m_link.isUp()) {
        auto event = m_link->next(waitNs, m_bell.fd());
        if (!event) {
            loseConnection(event.error());
            return;
        }
        if (!*event) {
            return;
        }
        waitNs = 0;
        if (auto* delivery = std::get_if<broker::Delivery>(&**event)) {
            take(std::move(*delivery));
        } else if (std::holds_alternative<broker::ConsumerCancelled>(**event)) {
            letGo(false); // its queue is gone; subscribing anew declares it
        }
    }
    if (m_isSubscribed) {
        loseConnection({"The connection was lost.", ErrorKind::MissingPart});
    }
}

void Consumer::take(broker::Delivery delivery) {
    const std::uint32_t number = MessageBook::numberOf(delivery.properties);
    if (m_shared.table.find(number) == nullptr) {
        m_shared.book.foreign();
        if (!m_isAutoAck && m_link.isUp()) {
            if (auto rejected = m_link->reject(delivery.tag, false); !rejected) {
                loseConnection(rejected.error());
            }
        }
        return;
    }
    const MessageBook::Arrival arrival =
        m_shared.book.arrived(delivery, number, m_queue, m_isAutoAck);
    m_writer.emit(EventKind::MessageDelivered, number,
                  m_queue.value | (delivery.isRedelivered ? record::kRedelivered : 0));
    if (m_isAutoAck) {
        m_writer.emit(EventKind::MessageAcked, number, m_queue.value);
    }
    Held held{std::move(delivery), number, arrival.task};
    if (!arrival.task) {
        acknowledge(held); // the book counts what the routing rules did not say
        m_shared.book.done();
        return;
    }
    m_writer.emit(EventKind::MessageCarries, number, arrival.task.value);
    if (arrival.isReserved) {
        m_writer.state(arrival.task, State::Reserved);
    }
    m_held.push_back(std::move(held));
}

void Consumer::lookAgain() {
    const std::uint64_t request = m_asked.load();
    if (request == m_foundNothing.load() || !m_link.isUp()) {
        return;
    }
    // Answers come behind deliveries of the same channel: what was under way before the second
    // answer is here after it.
    std::uint32_t ready = 0;
    for (int i = 0; i < 2 && m_link.isUp(); ++i) {
        const auto state = m_link->inspect(m_shared.topology.nameOf(m_queue));
        if (!state) {
            loseConnection(state.error());
            return;
        }
        ready += state->ready;
    }
    receive(0);
    if (ready == 0 && m_held.empty() && m_link.isUp()) {
        m_foundNothing.store(request);
        m_shared.run.wake();
    }
}

void Consumer::loseConnection(const Error& error) {
    m_link.failed(error);
    letGo(true);
}

void Consumer::breakConnection() {
    if (m_isAutoAck) {
        // They were acknowledged when they were sent, and nobody has done them.
        for (const Held& held : m_held) {
            m_shared.book.tell(broker::Fate::Lost, held.number, m_queue);
            retire(held.task, State::Cancelled);
            m_shared.book.done();
        }
        m_held.clear();
    }
    for (const Held& held : m_held) {
        m_shared.book.infer(broker::Fate::Requeued, held.number, m_queue);
    }
    m_link.cut();
    letGo(true);
}

/// What is in hand goes back: its tags mean nothing on another connection. What was acknowledged
/// when it was sent is here still, and is done yet, unless the run is over.
void Consumer::letGo(bool isBroken) {
    endSubscription();
    if (!m_isAutoAck || isEnding()) {
        for (const Held& held : m_held) {
            if (m_isAutoAck) {
                m_shared.book.tell(broker::Fate::Lost, held.number, m_queue);
            } else if (m_shared.book.isOpen(held.number, m_queue)) {
                m_shared.book.infer(broker::Fate::Requeued, held.number, m_queue);
            }
            m_shared.book.done();
        }
        m_held.clear();
    }
    if (!isBroken && m_link.isUp()) {
        m_link->close();
    }
    m_link.drop();
}

bool Consumer::sleepUntil(Nanoseconds monotonicNs) {
    // While it sleeps messages may come, and are shown as reserved when they do.
    bool mayCome = m_shared.options.prefetch != 1;
    while (!m_shared.isOver() && !m_isCut.load()) {
        const Nanoseconds leftNs = monotonicNs - monotonicNow();
        if (leftNs <= 0) {
            return true;
        }
        std::array<pollfd, 2> watched{
            pollfd{m_bell.fd(), POLLIN, 0},
            pollfd{mayCome && m_link.isUp() ? m_link->fd() : -1, POLLIN, 0}};
        const timespec timeout{leftNs / 1'000'000'000, leftNs % 1'000'000'000};
        ppoll(watched.data(), watched.size(), &timeout, nullptr);
        if (watched[1].revents != 0) {
            const std::size_t before = m_held.size();
            receive(0);
            mayCome = m_held.size() > before; // else it is readable for another reason
        }
        m_bell.clear();
    }
    m_bell.ring(); // for whoever waits for it next
    return !m_shared.isOver();
}

} // namespace interleave::models
