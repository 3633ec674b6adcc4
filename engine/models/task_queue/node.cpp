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

// What the broker has for this node is taken in turns with everything else.
constexpr int kDeliveriesATurn = 256;
// How soon a task that another node holds is looked at again.
constexpr Nanoseconds kContestedLookNs = 1'000'000;
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
        settleContested();
        ripen();
        dispatch();
        if (auto served = m_pool.serve(*this, m_reserve.readyCount()); !served) {
            return served;
        }
        dispatch();
        updatePrefetch();
        m_link.flush();
        if (m_wasUp && !m_link.isUp()) {
            lostConnection();
        }
        tellFinished();
        wait();
        readPort();
    }
    m_pool.close(m_work.objects.isCancelled() ? kGraceWhenStoppedNs : kGraceAtTheEndNs);
    if (m_link.isUp()) {
        for (const ObjectId queue : m_work.plan.queues) {
            writer().emit(EventKind::ConsumerEnded, 0, queue.value);
        }
        m_link.close();
    }
    return {};
}

// --- the connection ----------------------------------------------------------------------------

std::uint32_t Node::window() const {
    if (m_work.plan.prefetch == 0) {
        return 0;
    }
    return m_work.plan.prefetch * m_pool.slotCount() +
           static_cast<std::uint32_t>(m_reserve.laterCount());
}

Result<void> Node::greet(broker::Connection& connection) {
    for (const PlacedQueue& queue : m_work.layout.queues()) {
        if (auto declared = connection.declare(queue.spec); !declared) {
            return std::unexpected(declared.error());
        }
    }
    m_prefetch = window();
    const auto count = static_cast<std::uint16_t>(std::min<std::uint32_t>(m_prefetch, 0xffff));
    if (auto set = connection.setPrefetch(count); !set) {
        return set;
    }
    m_queueOfConsumer.clear();
    for (const ObjectId queue : m_work.plan.queues) {
        auto tag = connection.consume(m_work.layout.nameOf(queue), {});
        if (!tag) {
            return std::unexpected(tag.error());
        }
        m_queueOfConsumer[*tag] = queue;
    }
    return {};
}

void Node::noteConnection() {
    m_wasUp = true;
    for (const ObjectId queue : m_work.plan.queues) {
        writer().emit(EventKind::ConsumerBegan, m_prefetch, queue.value);
    }
}

/// The limit is raised by what is held for later, as Celery does: else a few tasks with a long
/// countdown would keep the slots idle.
void Node::updatePrefetch() {
    if (const std::uint32_t now = window(); m_link.isUp() && now != m_prefetch) {
        m_prefetch = now;
        m_hasMore = true; // its answer may come behind deliveries
        m_link.check(m_link.connection()->setPrefetch(
            static_cast<std::uint16_t>(std::min<std::uint32_t>(now, 0xffff))));
    }
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

// --- messages come -----------------------------------------------------------------------------

void Node::receive() {
    m_hasMore = true;
    for (int i = 0; i < kDeliveriesATurn; ++i) {
        auto delivery = m_link.next();
        if (!delivery) {
            m_hasMore = false;
            return;
        }
        accept(std::move(*delivery));
    }
}

void Node::accept(broker::Delivery delivery) {
    auto parcel = parcelOf(delivery, kTaskType);
    auto frames =
        parcel ? framesOf(parcel->body, MessageKind::Task, m_work.context.program.tasks.size())
               : std::nullopt;
    const auto consumer = m_queueOfConsumer.find(delivery.consumer);
    if (!frames || consumer == m_queueOfConsumer.end()) {
        refuse(delivery);
        return;
    }
    auto owned = std::make_unique<Job>();
    Job& job = *owned;
    job.parcel = std::move(*parcel);
    job.frames = std::move(*frames);
    job.queue = consumer->second;
    job.tag = delivery.tag;
    job.connection = m_link.count();
    job.isRedelivered = delivery.isRedelivered;
    const TaskId first = job.frames.front().task;
    job.isAckedLate = isAckedLate(m_work.context.program, m_work.settings, first);
    job.templateIndex = m_work.context.program.task(first).templateIndex;
    job.ratePerSecond = deliveryOf(m_work.context.program, first).ratePerSecond;
    if (job.parcel.notBeforeNs != 0) {
        job.notBeforeNs = monotonicNow() + job.parcel.notBeforeNs - wallClockNow();
    }
    m_jobs.emplace(&job, std::move(owned));
    if (tryClaim(job)) {
        reserve(job);
    } else {
        m_contested.push_back(&job);
    }
}

/// Somebody else's message in our queue: counted, said once, and thrown away.
void Node::refuse(const broker::Delivery& delivery) {
    ++m_work.board.counters().foreign;
    m_link.reject(delivery.tag, false);
    if (!std::exchange(m_isForeignSaid, true)) {
        m_work.context.session.diagnose(
            "foreign-message", "warning", 1,
            fmt::format("A message of {} bytes that is none of this run's, or is damaged, lay in "
                        "a queue of it; such messages are refused and counted.",
                        delivery.body.size()));
    }
}

/// All tasks of a job become this node's, or none.
bool Node::tryClaim(Job& job) {
    for (std::size_t i = 0; i < job.frames.size(); ++i) {
        std::uint32_t none = 0;
        if (!m_work.board.task(job.frames[i].task).node.compare_exchange_strong(none, number())) {
            while (i-- > 0) {
                m_work.board.task(job.frames[i].task).node = 0;
            }
            return false;
        }
    }
    job.isClaimed = true;
    return true;
}

void Node::settleContested() {
    for (auto job = m_contested.begin(); job != m_contested.end();) {
        if (tryClaim(**job)) {
            reserve(**job);
            job = m_contested.erase(job);
        } else {
            ++job;
        }
    }
}

/// Everything in it has been done, or a later message of its tasks has been here.
bool Node::isStale(const Job& job) const {
    return std::ranges::all_of(job.frames, [&](const TaskFrame& frame) {
        const QueueBoard::TaskEntry& entry = m_work.board.task(frame.task);
        return entry.isOver != 0 || entry.message > job.parcel.number;
    });
}

bool Node::isPoisoned(const Job& job) const {
    return job.isRedelivered && std::ranges::any_of(job.frames, [&](const TaskFrame& frame) {
               return m_work.board.task(frame.task).executions >=
                      m_work.settings.deliveryLimit + job.parcel.retries;
           });
}

void Node::reserve(Job& job) {
    const std::uint32_t message = job.parcel.number;
    writer().emit(EventKind::MessageDelivered, message,
                  job.queue.value | (job.isRedelivered ? record::kRedelivered : 0));
    if (isStale(job)) {
        const QueueBoard::TaskEntry& entry = m_work.board.task(job.frames.front().task);
        const bool wasAcked = entry.message == message && entry.isAcked != 0;
        ++(wasAcked ? m_work.board.counters().duplicates : m_work.board.counters().acked);
        writer().emit(EventKind::MessageAcked, message, job.queue.value);
        m_link.ack(job.tag);
        forget(job);
        return;
    }
    for (const TaskFrame& frame : job.frames) {
        QueueBoard::TaskEntry& entry = m_work.board.task(frame.task);
        entry.message = message;
        entry.isAcked = 0;
    }
    job.nextFrame = nextOpenFrame(job, 0, m_work.board);
    if (isPoisoned(job)) {
        m_work.context.session.diagnose(
            "poison-message", "warning", 1,
            fmt::format("Task \"{}\" has ended the process that executed it {} times; its message "
                        "is refused for good (delivery_limit={}).",
                        m_work.context.program.task(job.task()).name, m_work.settings.deliveryLimit,
                        m_work.settings.deliveryLimit));
        ++m_work.board.counters().rejected;
        writer().emit(EventKind::MessageRejected, message, job.queue.value);
        m_link.reject(job.tag, false);
        finishWithoutResult(job, job.nextFrame, State::Failed);
        forget(job);
        return;
    }
    showReserved(job, m_reserve.add(job, monotonicNow()));
}

void Node::showReserved(const Job& job, Reserve::Place place) {
    if (place == Reserve::Place::Later && job.parcel.retries > 0) {
        return; // it waits for its next try, wherever that is
    }
    const StepId step =
        place == Reserve::Place::Later         ? extraStep(m_work.context, ExtraStep::Countdown)
        : place == Reserve::Place::RateLimited ? extraStep(m_work.context, ExtraStep::RateLimit)
                                               : StepId{};
    for (const TaskFrame& frame : job.frames) {
        if (m_work.board.task(frame.task).isOver == 0) {
            writer().state(frame.task, State::Reserved, {{}, step, true});
        }
    }
}

void Node::ripen() {
    for (const auto& [job, place] : m_reserve.ripen(monotonicNow())) {
        showReserved(*job, place);
    }
}

// --- jobs are executed -------------------------------------------------------------------------

void Node::dispatch() {
    while (m_pool.hasRoom()) {
        Job* const job = m_reserve.take(monotonicNow());
        if (job == nullptr) {
            return;
        }
        if (job->parcel.expiresNs != 0 && wallClockNow() > job->parcel.expiresNs) {
            revoke(*job);
        } else {
            m_pool.give(*job, *this);
        }
    }
}

/// Expired: acknowledged and not executed, as Celery does.
void Node::revoke(Job& job) {
    ++m_work.board.counters().revoked;
    acknowledge(job);
    finishWithoutResult(job, job.nextFrame, State::Cancelled);
    forget(job);
}

void Node::started(Job& job) {
    job.isStarted = true;
    m_running.push_back(&job);
    if (!job.isAckedLate) {
        acknowledge(job);
    }
}

void Node::acknowledge(Job& job) {
    if (job.isAcked || job.connection != m_link.count() || !m_link.isUp()) {
        return; // the broker has taken it back; it comes again
    }
    job.isAcked = true;
    for (const TaskFrame& frame : job.frames) {
        m_work.board.task(frame.task).isAcked = 1;
    }
    ++m_work.board.counters().acked;
    writer().emit(EventKind::MessageAcked, job.parcel.number, job.queue.value);
    m_link.ack(job.tag);
}

void Node::spawned(TaskId task) {
    m_publisher.publish(std::span(&task, 1), false); // recorded and marked by the slot
}

void Node::ended(Job& job, TaskId task, State end, std::vector<std::byte> frame, bool isLast) {
    if (end == State::Failed && job.parcel.retries < m_work.context.program.task(task).retries) {
        retry(job, task);
    } else {
        finish(task, end, std::move(frame));
    }
    if (isLast) {
        acknowledge(job);
        forget(job);
    }
}

void Node::retry(const Job& job, TaskId task) {
    m_work.objects.markSubmitted(task);
    writer().state(task, State::Failed, {{}, {}, true});
    writer().state(task, State::Retrying, {{}, extraStep(m_work.context, ExtraStep::Retry), true});
    m_publisher.publishRetry(task, job.parcel.retries, job.parcel.expiresNs);
}

void Node::finish(TaskId task, State end, std::vector<std::byte> frame) {
    m_work.board.task(task).isOver = 1;
    if (!deliveryOf(m_work.context.program, task).ignoresResult) {
        m_publisher.publishResult(std::move(frame));
        return;
    }
    writer().state(task, end, {{}, {}, true});
    m_work.objects.markEnded(task);
    m_finished.push_back({MessageKind::Finished, task, static_cast<std::uint32_t>(end)});
}

/// The tasks of a job from a frame on have ended without having been executed to their end.
void Node::finishWithoutResult(Job& job, std::size_t fromFrame, State end) {
    for (std::size_t i = fromFrame; i < job.frames.size(); ++i) {
        if (m_work.board.task(job.frames[i].task).isOver == 0) {
            finish(
                job.frames[i].task, end,
                packMessage(
                    {MessageKind::Result, job.frames[i].task, static_cast<std::uint32_t>(end)}, 0));
        }
    }
}

void Node::lost(Job& job, Loss loss) {
    const scenario::Program& program = m_work.context.program;
    const TaskId task = job.task();
    m_work.objects.abandon(task);
    if (loss == Loss::Killed && !job.isAcked && comesBack(program, m_work.settings, task)) {
        if (job.connection == m_link.count()) {
            m_link.reject(job.tag, true);
        }
        giveBack(job);
        return;
    }
    if (loss == Loss::TimeLimit) {
        finishWithoutResult(job, job.nextFrame, State::Failed);
        acknowledge(job);
        forget(job);
        return;
    }
    if (job.isAcked) {
        ++m_work.board.counters().lost;
        writer().emit(EventKind::MessageLost, job.parcel.number, job.queue.value);
        m_work.context.session.diagnose(
            "lost-early-ack", "data-loss", job.frames.size() - job.nextFrame,
            fmt::format("Task \"{}\" was lost: its message had been acknowledged before its work "
                        "was done, and the process that did it was killed. With acks=late it "
                        "would have come back.",
                        program.task(task).name));
    }
    finishWithoutResult(job, job.nextFrame, State::Failed);
    acknowledge(job);
    forget(job);
}

void Node::letGo(Job& job) {
    if (!std::exchange(job.isClaimed, false)) {
        return;
    }
    for (const TaskFrame& frame : job.frames) {
        m_work.board.task(frame.task).node = 0;
    }
}

void Node::forget(Job& job) {
    letGo(job);
    std::erase(m_running, &job);
    m_jobs.erase(&job);
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
        } else if (message.kind == MessageKind::BeSlow) {
            m_pool.setDelay(message.delayUs);
        }
    }
}

void Node::tellFinished() {
    // One packet each: the socket keeps their bounds. What does not fit goes in the next round.
    std::size_t sent = 0;
    while (sent < m_finished.size() && send(m_work.portFd, &m_finished[sent], sizeof(Message),
                                            MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
        ++sent;
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
    consider(m_link.nextTryNs());
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
