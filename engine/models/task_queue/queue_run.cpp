// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/queue_run.h"

#include "engine/models/processes/broken_pipes.h"

#include <algorithm>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace interleave::models {

using record::EventKind;

namespace {

constexpr int kDeliveriesATurn = 1024;
constexpr Nanoseconds kKillLookNs = 1'000'000; // whether somebody is at work now
/// More on the way only make the broker's queues of work in hand longer, and it slower: RabbitMQ by
/// a tenth (task_queue_benchmark).
constexpr std::size_t kMostUnconfirmed = 512;

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
    if (settings.hosts > 0 && !context.broker.starts_with("amqp://")) {
        return fail("Workers on other hosts need a broker that they reach: give --broker "
                    "amqp://user:password@host/vhost (packaging/broker start starts one; it is in "
                    "the package rabbitmq-server).",
                    ErrorKind::MissingPart);
    }
    auto objects = SharedObjects::create(context.program);
    if (!objects) {
        return std::unexpected(objects.error());
    }
    std::vector<NodePlan> plans = nodesOf(context, settings);
    std::optional<HostsWanted> hosts = hostsWanted(plans, settings);
    if (hosts) {
        plans.clear(); // they are the hosts'
    }
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
    const std::string mark = fmt::format("{}-{:x}", getpid(), wallClockNow());
    const QueueLayout layout(context, mark);
    const NodeOrigin origin{context, *objects, *board, layout, settings, **broker, (*stop)->fd()};
    QueueRun run(origin, **stop, FaultSchedule(context.faults, std::move(*pipe)), std::move(plans));
    if (hosts) {
        hosts->run = mark;
        run.m_hosts = std::make_unique<RemoteHosts>(context, **broker, std::move(*hosts));
    }
    return run.run();
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
    m_nextLookNs = monotonicNow() + DeadlockWatch::kPeriodNs;
    while (!isOver()) {
        wait();
        m_link.connectIfDue(monotonicNow());
        receive();
        serveNodes();
        judgeVanished();
        serveHosts();
        beginIfReady();
        strikeDue();
        submitDue();
        lookForDeadlock();
    }
    for (const scenario::Fault& fault : m_waitingKills) {
        noteFault(fault, "did not strike: nobody was at work to be killed");
    }
    endNodes();
    endHosts();
    if (!m_stop.isRung() && !m_error && m_areAllHostsCounted) {
        for (Vanished& vanished : m_vanished) {
            vanished.judgeNs = 0; // nobody has anything in hand any more
        }
        judgeVanished();
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
        if (m_hasBegun && !queue.spec.isDurable && !connection.inspect(queue.spec.name)) {
            noteVanished(queue);
        }
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
            if (m_hosts != nullptr && isEnd(state)) {
                m_context.control.state(frame.task, state); // of what a host did once more
            }
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

/// Workers are there before anybody wants something of them, as those of a real task queue: else
/// the first one to come would take what is meant to be shared.
void QueueRun::beginIfReady() {
    const bool areAllReady = std::ranges::all_of(
        m_nodes, [](const auto& node) { return node != nullptr && node->isReady; });
    if (!m_hasBegun && areAllReady && (m_hosts == nullptr || m_hosts->areReady())) {
        m_hasBegun = true;
        m_submissions.begin(monotonicNow());
        m_faults.begin(monotonicNow());
    }
}

// --- tasks -------------------------------------------------------------------------------------

void QueueRun::submitDue() {
    const std::vector<TaskId> fallenDue = m_submissions.takeDue(monotonicNow());
    m_due.insert(m_due.end(), fallenDue.begin(), fallenDue.end());
    // Tasks of one template that fall due together travel together, as many as the scenario says.
    std::vector<TaskId> chunk;
    while (!m_due.empty() && (!m_link.isUp() || m_link.unconfirmedCount() < kMostUnconfirmed)) {
        const TaskId task = m_due.front();
        m_due.pop_front();
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
    if (m_hosts != nullptr) {
        return; // they share nothing that could be waited for
    }
    if (auto deadlock =
            m_watch.look(!m_hasBegun || !m_due.empty() || m_submissions.nextDueNs().has_value())) {
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
    if (m_hosts != nullptr) {
        m_hosts->addFds(fds);
    }
    const Nanoseconds now = monotonicNow();
    Nanoseconds dueNs = m_nextLookNs;
    const auto consider = [&dueNs](std::optional<Nanoseconds> atNs) {
        dueNs = atNs ? std::min(dueNs, *atNs) : dueNs;
    };
    consider(m_submissions.nextDueNs());
    consider(m_link.nextDueNs());
    if (m_hosts != nullptr) {
        consider(m_hosts->nextDueNs());
    }
    consider(m_faults.nextDueNs());
    consider(m_brokerControl.nextDueNs(now));
    for (const Vanished& vanished : m_vanished) {
        consider(vanished.judgeNs);
    }
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
    const std::uint64_t known = counters.acked + counters.rejected + counters.vanished + left;
    if (m_hosts != nullptr && known > counters.published) {
        m_context.session.diagnose(
            "acknowledged-twice", "info", known - counters.published,
            fmt::format("{} messages were acknowledged twice: the first time over a line that was "
                        "just being cut, so that they came again.",
                        known - counters.published));
        return;
    }
    if (known != counters.published) {
        m_context.session.diagnose(
            "message-account", "data-loss",
            known > counters.published ? known - counters.published : counters.published - known,
            fmt::format("Of {} messages {} were acknowledged ({} of these lost by early "
                        "acknowledgement), {} refused for good, {} went with their queues and {} "
                        "are still queued: that does not add up.",
                        counters.published.load(), counters.acked.load(), counters.lost.load(),
                        counters.rejected.load(), counters.vanished.load(), left));
    }
}

} // namespace interleave::models
