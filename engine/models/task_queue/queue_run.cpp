// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/queue_run.h"

#include "engine/models/processes/broken_pipes.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace interleave::models {

using record::EventKind;

namespace {

constexpr int kDeliveriesATurn = 1024;
constexpr int kMostDeaths = 10;
constexpr Nanoseconds kKillLookNs = 1'000'000; // whether somebody is at work now
// For nodes to end by themselves. After the last task there is time for that; a run that is
// stopped has 200 ms for everything.
constexpr Nanoseconds kGraceAtTheEndNs = 3'000'000'000;
constexpr Nanoseconds kGraceWhenStoppedNs = 80'000'000;
constexpr Nanoseconds kGraceStepNs = 1'000'000;

std::size_t slotCountOf(const std::vector<NodePlan>& plans) {
    std::size_t slotCount = 0;
    for (const NodePlan& plan : plans) {
        slotCount += plan.slotCount;
    }
    return slotCount;
}

} // namespace

Result<RunOutcome> QueueRun::execute(const RunContext& context) {
    const QueueSettings settings = settingsOf(context.parameters);
    auto objects = SharedObjects::create(context.program);
    if (!objects) {
        return std::unexpected(objects.error());
    }
    std::vector<NodePlan> plans = nodesOf(context, settings);
    auto board = QueueBoard::create(context.program.tasks.size(), slotCountOf(plans));
    if (!board) {
        return std::unexpected(board.error());
    }
    auto stop = RunStop::create(context.stop, *objects);
    if (!stop) {
        return std::unexpected(stop.error());
    }
    auto pipe = CommandPipe::create(context.session.folder());
    if (!pipe) {
        return std::unexpected(pipe.error());
    }
    auto broker = broker::open(context.broker);
    if (!broker) {
        return std::unexpected(broker.error());
    }
    const BrokenPipesAreErrors brokenPipes;
    const OrphansComeHere orphans;
    const QueueLayout layout(context, fmt::format("{}-{:x}", getpid(), wallClockNow()));
    const NodeOrigin origin{context, *objects, *board, layout, settings, **broker, (*stop)->fd()};
    return QueueRun(origin, **stop, FaultSchedule(context.faults, std::move(*pipe)),
                    std::move(plans))
        .run();
}

QueueRun::QueueRun(const NodeOrigin& origin, RunStop& stop, FaultSchedule faults,
                   std::vector<NodePlan> plans)
    : m_context(origin.context)
    , m_origin(origin)
    , m_stop(stop)
    , m_plans(std::move(plans))
    , m_link(origin.broker, "control", origin.context.control,
             [this](broker::Connection& connection) { return greet(connection); })
    , m_publisher(origin.context, origin.layout, origin.board, m_link)
    , m_brokerControl(origin.broker, origin.context.brokerControl)
    , m_faults(std::move(faults))
    , m_submissions(origin.context.program)
    , m_watch(origin.context.program, origin.objects,
              {static_cast<int>(slotCountOf(m_plans)), false})
    , m_nodes(m_plans.size()) {}

bool QueueRun::isOver() const {
    return m_stop.isRung() || m_error || m_submissions.allEnded();
}

Result<RunOutcome> QueueRun::run() {
    if (auto connected = connectFirst(); !connected) {
        return std::unexpected(connected.error());
    }
    startNodes();
    m_submissions.begin(monotonicNow());
    m_faults.begin(monotonicNow());
    m_nextLookNs = monotonicNow() + DeadlockWatch::kPeriodNs;
    submitDue();
    while (!isOver()) {
        wait();
        m_link.connectIfDue(monotonicNow());
        receive();
        serveNodes();
        strikeDue();
        submitDue();
        lookForDeadlock();
    }
    endNodes();
    if (!m_stop.isRung() && !m_error) {
        account();
    }
    cancelRest();
    removeQueues();
    if (m_error) {
        return std::unexpected(*m_error);
    }
    return m_outcome;
}

// --- the broker --------------------------------------------------------------------------------

Result<void> QueueRun::greet(broker::Connection& connection) {
    for (const PlacedQueue& queue : m_origin.layout.queues()) {
        if (auto declared = connection.declare(queue.spec); !declared) {
            return std::unexpected(declared.error());
        }
    }
    const auto tag = connection.consume(m_origin.layout.results().spec.name, {});
    return tag ? Result<void>() : std::unexpected(tag.error());
}

/// A broker that does not answer now is an error; one that goes away later is waited for.
Result<void> QueueRun::connectFirst() {
    if (!m_link.connectIfDue(monotonicNow())) {
        return std::unexpected(m_link.trouble().value_or(
            Error{"The broker does not answer.", ErrorKind::MissingPart}));
    }
    const bool stopsBroker = std::ranges::any_of(m_context.faults, [](const auto& fault) {
        return fault.kind == scenario::Fault::Kind::StopBroker;
    });
    if (const auto objection = m_brokerControl.objection(); objection && stopsBroker) {
        return fail(*objection);
    }
    m_context.control.emit(EventKind::ConsumerBegan, 0,
                           extraQueue(m_context, ExtraQueue::Results).value);
    return {};
}

void QueueRun::receive() {
    m_hasMore = true;
    for (int i = 0; i < kDeliveriesATurn; ++i) {
        auto delivery = m_link.next();
        if (!delivery) {
            m_hasMore = false;
            break;
        }
        takeResult(*delivery);
    }
    m_link.flush();
}

void QueueRun::takeResult(broker::Delivery& delivery) {
    const ObjectId queue = extraQueue(m_context, ExtraQueue::Results);
    const auto parcel = parcelOf(delivery, kResultType);
    const auto frames =
        parcel ? framesOf(parcel->body, MessageKind::Result, m_context.program.tasks.size())
               : std::nullopt;
    if (!frames) {
        ++m_origin.board.counters().foreign;
        m_link.reject(delivery.tag, false);
        return;
    }
    m_context.control.emit(EventKind::MessageDelivered, parcel->number,
                           queue.value | (delivery.isRedelivered ? record::kRedelivered : 0));
    m_context.control.emit(EventKind::MessageAcked, parcel->number, queue.value);
    m_link.ack(delivery.tag);
    for (const TaskFrame& frame : *frames) {
        const Message header = headerOf(parcel->body, frame);
        const auto payload =
            std::span<const std::byte>(parcel->body).subspan(frame.begin + sizeof header);
        const auto state = static_cast<State>(header.number);
        if (m_origin.objects.phase(frame.task) == TaskPhase::Ended) {
            continue; // it came twice, after a connection was lost
        }
        const bool isWhole = checksumOf(payload.first(header.bytes)) == header.checksum;
        end(frame.task, isWhole && isEnd(state) ? state : State::Failed);
    }
}

void QueueRun::removeQueues() {
    if (!m_link.isUp()) {
        return;
    }
    m_context.control.emit(EventKind::ConsumerEnded, 0,
                           extraQueue(m_context, ExtraQueue::Results).value);
    for (const PlacedQueue& queue : m_origin.layout.queues()) {
        if (!m_link.isUp() || !m_link.connection()->removeQueue(queue.spec.name)) {
            break; // the broker is going; its queues carry the run's mark
        }
    }
    m_link.close();
}

// --- tasks -------------------------------------------------------------------------------------

void QueueRun::submitDue() {
    const std::vector<TaskId> due = m_submissions.takeDue(monotonicNow());
    // Tasks of one template that fall due together travel together, as many as the scenario says.
    std::vector<TaskId> chunk;
    for (const TaskId task : due) {
        const scenario::Task& program = m_context.program.task(task);
        const std::uint32_t most = deliveryOf(m_context.program, task).chunk;
        m_context.control.emit(EventKind::Spawned, task.value, 0);
        if (program.payloadBytes > 0) {
            m_context.control.state(task, State::Transfer,
                                    {{}, extraStep(m_context, ExtraStep::Arguments), true});
        }
        if (!chunk.empty() &&
            m_context.program.task(chunk.front()).templateIndex != program.templateIndex) {
            publish(std::exchange(chunk, {}));
        }
        chunk.push_back(task);
        if (chunk.size() >= most) {
            publish(std::exchange(chunk, {}));
        }
    }
    if (!chunk.empty()) {
        publish(chunk);
    }
    m_link.flush();
}

void QueueRun::publish(const std::vector<TaskId>& tasks) {
    for (const TaskId task : tasks) {
        m_origin.objects.markSubmitted(task);
    }
    m_publisher.publish(tasks, true);
}

void QueueRun::end(TaskId task, State state) {
    m_context.control.state(task, state);
    m_origin.objects.markEnded(task);
    ended(task, state);
}

void QueueRun::ended(TaskId task, State state) {
    m_deaths = 0;
    std::vector<TaskId> neverSpawned;
    if (state != State::Done) {
        neverSpawned = unspawnedDescendants(m_context.program, task, [this](TaskId child) {
            return m_origin.objects.phase(child) == TaskPhase::Unborn;
        });
    }
    m_submissions.ended(task, monotonicNow(), neverSpawned);
}

void QueueRun::lookForDeadlock() {
    const Nanoseconds now = monotonicNow();
    if (now < m_nextLookNs) {
        return;
    }
    m_nextLookNs = now + DeadlockWatch::kPeriodNs;
    if (auto deadlock = m_watch.look(m_submissions.nextDueNs().has_value())) {
        m_outcome.deadlock = std::move(*deadlock);
        m_stop.ring();
    }
}

void QueueRun::cancelRest() {
    for (const scenario::Task& task : m_context.program.tasks) {
        if (m_origin.objects.phase(task.id) != TaskPhase::Ended) {
            m_context.control.state(task.id, State::Cancelled);
            m_origin.objects.markEnded(task.id);
        }
    }
}

// --- nodes -------------------------------------------------------------------------------------

void QueueRun::startNodes() {
    for (std::size_t i = 0; i < m_plans.size() && !m_error; ++i) {
        if (m_nodes[i] != nullptr) {
            continue;
        }
        auto node = NodeHost::start(m_origin, m_plans[i]);
        if (!node) {
            m_error = node.error();
            return;
        }
        m_nodes[i] = std::move(*node);
    }
}

void QueueRun::serveNodes() {
    for (std::size_t i = 0; i < m_nodes.size() && !isOver(); ++i) {
        for (const Message& message : m_nodes[i]->receive()) {
            ended(message.task, static_cast<State>(message.number));
        }
        if (m_nodes[i]->isGone()) {
            bury(i);
        }
    }
}

void QueueRun::bury(std::size_t index) {
    const std::unique_ptr<NodeHost> dead = std::move(m_nodes[index]);
    const pid_t pid = dead->pid();
    dead->killAndReap();
    if (!dead->trouble().empty()) {
        m_error = Error{dead->trouble(), ErrorKind::MissingPart};
        return;
    }
    if (++m_deaths >= kMostDeaths) {
        m_error = Error{fmt::format("Workers don't stay up: {} in a row have died without having "
                                    "ended a task.",
                                    m_deaths),
                        ErrorKind::MissingPart};
        return;
    }
    m_context.session.diagnose("worker-died", "warning", 1,
                               fmt::format("Worker {} (pid {}) was killed with all its processes; "
                                           "another one takes its place.",
                                           dead->plan().name, pid));
    receive(); // results that it had published are not lost
    recover(dead->plan());
    startNodes();
}

/// What a node that was killed had in hand: what it had acknowledged is lost, the rest lies in its
/// queue again.
void QueueRun::recover(const NodePlan& dead) {
    std::uint64_t lost = 0;
    for (const scenario::Task& task : m_context.program.tasks) {
        QueueBoard::TaskEntry& entry = m_origin.board.task(task.id);
        if (entry.node != static_cast<std::uint32_t>(dead.number)) {
            continue;
        }
        const ObjectId queue = queueOf(m_context, task.id);
        if (m_origin.objects.phase(task.id) == TaskPhase::Ended) {
            entry.node = 0;
            continue;
        }
        m_origin.objects.abandon(task.id);
        if (entry.isAcked != 0) {
            ++lost;
            ++m_origin.board.counters().lost;
            m_context.control.emit(EventKind::MessageLost, entry.message, queue.value);
            entry.isOver = 1;
            end(task.id, State::Failed);
        } else {
            ++m_origin.board.counters().requeued;
            m_context.control.emit(EventKind::MessageRequeued, entry.message, queue.value);
            m_origin.objects.markSubmitted(task.id);
            m_context.control.state(task.id, State::Queued, {{}, {}, true});
            entry.isOver = 0; // its result may have died with the node
        }
        entry.node = 0;
    }
    if (lost > 0) {
        m_context.session.diagnose("lost-early-ack", "data-loss", lost,
                                   fmt::format("{} tasks were lost with worker {}: their messages "
                                               "had been acknowledged before their work was done.",
                                               lost, dead.name));
    }
}

/// Nodes end by themselves when their port is closed or the run is stopped; who takes longer than
/// the grace is killed. None is left afterwards, nor any of their children.
void QueueRun::endNodes() {
    if (m_error) {
        m_stop.ring();
    }
    std::erase(m_nodes, nullptr);
    for (const auto& node : m_nodes) {
        node->closePort();
    }
    const Nanoseconds graceEndsNs =
        monotonicNow() + (m_stop.isRung() ? kGraceWhenStoppedNs : kGraceAtTheEndNs);
    while (!m_nodes.empty() && monotonicNow() < graceEndsNs) {
        std::erase_if(m_nodes, [](const auto& node) { return node->tryReap(); });
        if (!m_nodes.empty()) {
            const timespec pause{0, kGraceStepNs};
            nanosleep(&pause, nullptr);
        }
    }
    m_nodes.clear(); // kills and reaps the rest
}

void QueueRun::wait() {
    std::vector<pollfd> fds{{m_stop.fd(), POLLIN, 0}};
    if (m_link.isUp()) {
        fds.push_back({m_link.fd(), POLLIN, 0});
    }
    if (m_faults.fd() >= 0) {
        fds.push_back({m_faults.fd(), POLLIN, 0});
    }
    for (const auto& node : m_nodes) {
        fds.push_back({node->port(), POLLIN, 0});
    }
    const Nanoseconds now = monotonicNow();
    Nanoseconds dueNs = m_nextLookNs;
    const auto consider = [&dueNs](std::optional<Nanoseconds> atNs) {
        dueNs = atNs ? std::min(dueNs, *atNs) : dueNs;
    };
    consider(m_submissions.nextDueNs());
    consider(m_link.nextTryNs());
    consider(m_faults.nextDueNs());
    consider(m_brokerControl.nextDueNs(now));
    if (!m_waitingKills.empty()) {
        consider(now + kKillLookNs);
    }
    const Nanoseconds waitNs = m_hasMore ? 0 : std::max<Nanoseconds>(0, dueNs - now);
    const timespec timeout{waitNs / 1'000'000'000, waitNs % 1'000'000'000};
    ppoll(fds.data(), fds.size(), &timeout, nullptr);
}

/// Every message that was published must have come to an end.
void QueueRun::account() {
    QueueBoard::Counters& counters = m_origin.board.counters();
    std::uint64_t left = 0;
    for (const PlacedQueue& queue : m_origin.layout.queues()) {
        if (queue.id == m_origin.layout.results().id) {
            continue;
        }
        const auto state = m_link.isUp() ? m_link.connection()->inspect(queue.spec.name)
                                         : Result<broker::QueueState>(fail(""));
        if (!state) {
            return; // nobody can say
        }
        left += state->ready;
    }
    const std::uint64_t known = counters.acked + counters.rejected + left;
    if (known != counters.published) {
        m_context.session.diagnose(
            "message-account", "data-loss",
            known > counters.published ? known - counters.published : counters.published - known,
            fmt::format("Of {} messages {} were acknowledged ({} of these lost by early "
                        "acknowledgement), {} refused for good and {} are still queued: that does "
                        "not add up.",
                        counters.published.load(), counters.acked.load(), counters.lost.load(),
                        counters.rejected.load(), left));
    }
}

// --- faults ------------------------------------------------------------------------------------

void QueueRun::strikeDue() {
    const Nanoseconds now = monotonicNow();
    std::vector<std::string> complaints;
    for (const scenario::Fault& fault : m_faults.takeDue(now, complaints)) {
        strike(fault);
    }
    std::erase_if(m_waitingKills,
                  [this](const scenario::Fault& fault) { return killWorker(fault.target); });
    if (const auto failure = m_brokerControl.advance(now)) {
        complaints.push_back(*failure);
    }
    for (const std::string& complaint : complaints) {
        m_context.session.diagnose("fault-refused", "warning", 1, complaint);
    }
}

void QueueRun::strike(const scenario::Fault& fault) {
    switch (fault.kind) {
    case scenario::Fault::Kind::KillWorker:
        if (m_origin.settings.usesThreads) {
            noteFault(fault, "was refused: the workers are threads of the run itself, which can't "
                             "be killed; use pool=processes");
        } else {
            m_waitingKills.push_back(fault);
        }
        break;
    case scenario::Fault::Kind::StopBroker:
        if (const auto objection = m_brokerControl.objection()) {
            noteFault(fault, "was refused: " + *objection);
            break;
        }
        noteFault(fault, "stops the broker");
        m_brokerControl.stop(monotonicNow(), fault.lengthNs);
        break;
    case scenario::Fault::Kind::SlowConsumer:
        tellNode(fault, {.kind = MessageKind::BeSlow,
                         .delayUs = static_cast<std::uint32_t>(
                             std::min<Nanoseconds>(fault.lengthNs / 1'000, 0xffff'ffff))});
        break;
    case scenario::Fault::Kind::CutConnection:
        tellNode(fault, {.kind = MessageKind::CutLine});
        break;
    }
}

/// True: it is dead, or there is none of that number. Of no number: whoever is at work.
bool QueueRun::killWorker(std::uint32_t target) {
    for (QueueBoard::SlotEntry& entry : m_origin.board.slotEntries()) {
        const bool isMeant = target != 0 ? entry.worker == target : entry.task != 0;
        if (const pid_t pid = entry.pid; isMeant && pid > 0) {
            m_context.session.diagnose(
                "fault", "info", 1,
                fmt::format("Worker {} (pid {}) was killed on purpose.", entry.worker.load(), pid));
            kill(pid, SIGKILL);
            return true;
        }
    }
    return false; // it may come
}

void QueueRun::tellNode(const scenario::Fault& fault, const Message& message) {
    const std::size_t index = fault.target == 0 ? 0 : fault.target - 1;
    if (index >= m_nodes.size()) {
        noteFault(fault, fmt::format("was refused: there are {} workers that take messages",
                                     m_nodes.size()));
        return;
    }
    noteFault(fault, fmt::format("strikes {}", m_nodes[index]->plan().name));
    m_nodes[index]->send(message);
}

void QueueRun::noteFault(const scenario::Fault& fault, const std::string& what) {
    m_context.session.diagnose("fault", "info", 1,
                               fmt::format("The fault {} {}.", scenario::textOf(fault), what));
}

} // namespace interleave::models
