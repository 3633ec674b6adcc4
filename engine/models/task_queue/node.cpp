// SPDX-License-Identifier: GPL-3.0-or-later
// Order matters: what a step makes possible is recorded before it is done, so that no other process
// can record what follows from it with an earlier stamp.
#include "engine/models/task_queue/node.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace interleave::models {

using record::EventKind;

namespace {

// How soon a task that another node holds is looked at again.
constexpr Nanoseconds kContestedLookNs = 1'000'000;
constexpr Nanoseconds kLongestSettlingNs = 500'000'000;
constexpr Nanoseconds kGraceAtTheEndNs = 1'000'000'000;
constexpr Nanoseconds kGraceWhenStoppedNs = 40'000'000;

} // namespace

Node::Node(const NodeWork& work, Pool& pool)
    : m_work(work)
    , m_pool(pool)
    , m_link(work.broker, work.plan.name, work.context.control,
             [this](broker::Connection& connection) { return greet(connection); })
    , m_publisher(work.context, work.layout, work.board, m_link) {}

Result<void> Node::run() {
    while (!m_isClosing && !m_work.objects.isCancelled()) {
        if (m_link.connectIfDue(monotonicNow())) {
            noteConnection();
        }
        receive();
        settleConfirmed();
        settleContested();
        ripen();
        dispatch();
        if (auto served = m_pool.serve(*this, m_reserve.readyCount()); !served) {
            return served;
        }
        dispatch();
        renewIfHeldUp();
        m_link.flush();
        if (m_wasUp && !m_link.isUp()) {
            lostConnection();
        }
        if (!m_isReadyTold && m_link.isUp() && m_pool.hasRoom()) {
            m_isReadyTold = true;
            m_finished.push_back({MessageKind::Ready});
        }
        tellFinished();
        if (hasRetired()) {
            break;
        }
        wait();
        readPort();
    }
    settleLast();
    m_pool.close(m_work.objects.isCancelled() ? kGraceWhenStoppedNs : kGraceAtTheEndNs);
    if (m_link.isUp()) {
        for (const ObjectId queue : m_work.plan.queues) {
            writer().emit(EventKind::ConsumerEnded, 0, queue.value);
        }
        m_link.close();
    }
    return {};
}

/// The results of the last tasks are with the run already; their confirms are on their way here.
void Node::settleLast() {
    const Nanoseconds end = monotonicNow() + kLongestSettlingNs;
    while (!m_unsettled.empty() && m_link.isUp() && !m_work.objects.isCancelled() &&
           monotonicNow() < end) {
        pollfd waiting{m_link.fd(), POLLIN, 0};
        const timespec pause{0, kContestedLookNs};
        ppoll(&waiting, 1, &pause, nullptr);
        receive();
        settleConfirmed();
    }
}

// --- the connection ----------------------------------------------------------------------------

std::uint32_t Node::window() const {
    return m_work.plan.prefetch * m_pool.slotCount(); // 0: any number
}

Result<void> Node::greet(broker::Connection& connection) {
    for (const PlacedQueue& queue : m_work.layout.queues()) {
        // One that went with its broker is made anew by the control thread, which notes what went
        // with it; until then there is nothing to do here.
        const auto found = queue.spec.isDurable ? connection.declare(queue.spec)
                                                : connection.inspect(queue.spec.name);
        if (!found) {
            return std::unexpected(found.error());
        }
    }
    m_queueOfConsumer.clear();
    return m_isRetiring ? Result<void>() : consume(connection);
}

Result<void> Node::consume(broker::Connection& connection) {
    m_prefetch = window();
    m_held = 0;
    m_tags.clear();
    ++m_consumers;
    const auto limit = static_cast<std::uint16_t>(std::min<std::uint32_t>(m_prefetch, 0xffff));
    if (auto set = connection.setPrefetch(limit); !set) {
        return set;
    }
    for (const ObjectId queue : m_work.plan.queues) {
        auto tag = connection.consume(m_work.layout.nameOf(queue), {});
        if (!tag) {
            return std::unexpected(tag.error());
        }
        m_queueOfConsumer[*tag] = queue;
        m_tags.push_back(*tag);
    }
    return {};
}

void Node::noteConnection() {
    m_wasUp = true;
    for (const ObjectId queue : m_work.plan.queues) {
        writer().emit(EventKind::ConsumerBegan, m_prefetch, queue.value);
    }
}

/// What is held for later does not count: else a few tasks with a long countdown would keep the
/// slots idle. Celery raises the limit for each of them; here consumers whose limit is reached are
/// replaced by new ones, and what they hold stays held. The same when there are more slots.
void Node::renewIfHeldUp() {
    const bool isHeldUp = m_prefetch != 0 && m_held >= m_prefetch && m_reserve.laterCount() > 0;
    if (!m_link.isUp() || m_isRetiring || (!isHeldUp && window() == m_prefetch)) {
        return;
    }
    broker::Connection& connection = *m_link.connection();
    Result<void> renewed;
    for (std::size_t i = 0; i < m_tags.size() && renewed; ++i) {
        renewed = connection.cancel(m_tags[i]); // what it has sent may still be on its way
    }
    if (renewed) {
        renewed = consume(connection);
    }
    m_hasMore = true;
    m_link.check(renewed);
}

/// The broker gives everything that was not acknowledged to whoever comes. What has not begun is
/// forgotten. What runs and would be acknowledged late is cut off, so that it is not executed twice
/// at once; a thread can't be, and ends: its message is a duplicate when it comes again.
void Node::lostConnection() {
    m_wasUp = false;
    for (const ObjectId queue : m_work.plan.queues) {
        writer().emit(EventKind::ConsumerEnded, 0, queue.value);
    }
    for (Job* const job : std::exchange(m_contested, {})) {
        m_jobs.erase(job);
    }
    std::vector<Job*> waiting = m_reserve.takeAll();
    const std::vector<Job*> recalled = m_pool.recall();
    waiting.insert(waiting.end(), recalled.begin(), recalled.end());
    for (Job* const job : std::exchange(m_unsettled, {})) {
        waiting.push_back(job); // somebody may do it once more
    }
    for (Job* const job : waiting) {
        giveBack(*job);
    }
    for (Job* const job : std::vector<Job*>(m_running)) {
        if (!job->isAcked && m_pool.abort(*job)) {
            m_work.objects.abandon(job->task());
            giveBack(*job);
        }
    }
}

/// Its message lies in its queue again.
void Node::giveBack(Job& job) {
    ++m_work.board.counters().requeued;
    writer().emit(EventKind::MessageRequeued, job.parcel.number, job.queue.value);
    for (const TaskFrame& frame : job.frames) {
        if (m_work.board.task(frame.task).isOver == 0) {
            m_work.objects.markSubmitted(frame.task);
            writer().state(frame.task, State::Queued, {{}, {}, true});
        }
    }
    forget(job);
}

// --- the control thread, and waiting -----------------------------------------------------------

void Node::readPort() {
    Message message;
    while (true) {
        const ssize_t got = recv(m_work.portFd, &message, sizeof message, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            m_isClosing = true; // the run is over, or its runner has died
        }
        if (got != static_cast<ssize_t>(sizeof message)) {
            return;
        }
        if (message.kind == MessageKind::CutLine && m_wasUp) {
            m_link.cut();
            lostConnection();
        } else if (message.kind == MessageKind::Retire) {
            retire();
        } else if (message.kind == MessageKind::BeSlow) {
            m_pool.setDelay(message.delayUs);
        }
    }
}

/// A warm shutdown: what has begun is finished, everything else goes to the other workers.
void Node::retire() {
    if (std::exchange(m_isRetiring, true)) {
        return;
    }
    for (const std::string& tag : std::exchange(m_tags, {})) {
        if (m_link.isUp()) {
            m_link.check(m_link.connection()->cancel(tag));
        }
    }
    for (Job* const job : std::exchange(m_contested, {})) {
        m_link.reject(job->tag, true);
        m_jobs.erase(job);
    }
    std::vector<Job*> waiting = m_reserve.takeAll();
    const std::vector<Job*> recalled = m_pool.recall();
    waiting.insert(waiting.end(), recalled.begin(), recalled.end());
    for (Job* const job : waiting) {
        m_link.reject(job->tag, true);
        giveBack(*job);
    }
}

bool Node::hasRetired() const {
    return m_isRetiring && m_jobs.empty() && m_finished.empty() && !m_link.hasUnconfirmed();
}

void Node::tellFinished() {
    // Some a packet, whose bounds the socket keeps. What does not fit goes in the next round.
    std::size_t sent = 0;
    while (sent < m_finished.size()) {
        const std::size_t count = std::min(kMessagesAPacket, m_finished.size() - sent);
        if (send(m_work.portFd, &m_finished[sent], count * sizeof(Message),
                 MSG_DONTWAIT | MSG_NOSIGNAL) <= 0) {
            break;
        }
        sent += count;
    }
    m_finished.erase(m_finished.begin(), m_finished.begin() + static_cast<std::ptrdiff_t>(sent));
}

void Node::wait() {
    std::vector<pollfd> fds{{m_work.stopFd, POLLIN, 0}};
    fds.push_back(
        {m_work.portFd, static_cast<short>(m_finished.empty() ? POLLIN : POLLIN | POLLOUT), 0});
    if (m_link.isUp()) {
        fds.push_back({m_link.fd(), POLLIN, 0});
    }
    m_pool.addFds(fds);
    std::optional<Nanoseconds> due;
    const auto consider = [&due](std::optional<Nanoseconds> atNs) {
        due = atNs ? std::min(due.value_or(*atNs), *atNs) : due;
    };
    const bool hasRoom = m_pool.hasRoom();
    const auto reserveDue = m_reserve.nextDueNs();
    consider(m_link.nextDueNs());
    consider(hasRoom || m_reserve.laterCount() > 0 ? reserveDue : std::nullopt);
    consider(m_pool.nextDueNs());
    if (!m_contested.empty()) {
        consider(monotonicNow() + kContestedLookNs);
    }
    if (m_hasMore || (hasRoom && m_reserve.readyCount() > 0)) {
        consider(0);
    }
    const Nanoseconds waitNs = due ? std::max<Nanoseconds>(0, *due - monotonicNow()) : 0;
    const timespec timeout{waitNs / 1'000'000'000, waitNs % 1'000'000'000};
    ppoll(fds.data(), fds.size(), due ? &timeout : nullptr, nullptr);
}

} // namespace interleave::models
