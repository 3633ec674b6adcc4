// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/pubsub/pubsub_run.h"

#include "engine/broker/memory_broker.h"
#include "engine/models/sync/futex.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

namespace {

/// Between two scans for handler tasks that nothing can bring about, while publishers work.
constexpr Nanoseconds kScanPeriodNs = 25'000'000;

int consumersOf(const scenario::TaskTemplate& source, const RunContext& context) {
    return source.consumers ? static_cast<int>(*source.consumers) : context.workers;
}

int consumersOf(const RunContext& context) {
    int count = 0;
    for (const scenario::TaskTemplate& source : context.program.scenario->tasks) {
        count += source.handles ? consumersOf(source, context) : 0;
    }
    return count;
}

} // namespace

class PubsubRun::PublisherHooks final : public WorkerHooks {
public:
    PublisherHooks(PubsubRun& pubsub, ThreadRun& run, record::Writer& writer)
        : WorkerHooks(run, writer)
        , m_publisher(*pubsub.m_shared, writer, "publisher", pubsub.m_shared->environment.stopFd,
                      [] { return false; }) {}
    Progress publish(TaskId task, const scenario::Action& action) override {
        return m_publisher.publish(task, action);
    }
    void idle() override { m_publisher.sync(); }

private:
    Publisher m_publisher;
};

PubsubRun::PubsubRun(const RunContext& context)
    : m_context(context)
    , m_options(pubsubOptions(context.parameters, context.workers))
    , m_table(context.program)
    , m_isMemory(context.broker.starts_with("memory"))
    , m_topology(context.program, m_isMemory ? std::string() : uniquePrefix())
    , m_faults(faultsOf(context)) {}

PubsubRun::~PubsubRun() = default;

Result<RunOutcome> PubsubRun::execute() {
    ThreadRunOptions options;
    options.workers = m_options.publishers;
    options.workerName = "publisher";
    options.makeHooks = [this](ThreadRun& run, record::Writer& writer) {
        return std::make_unique<PublisherHooks>(*this, run, writer);
    };
    options.onStop = [this] { wakeConsumers(); };
    options.begin = [this](ThreadRun& run, RunStop& stop, const WorkEnvironment& environment) {
        return begin(run, stop, environment);
    };
    options.company.look = [this] { return look(); };
    options.company.isUnderWay = [this] { return !m_book->isQuiet(); };
    options.companions = consumersOf(m_context);
    options.end = [this] { return end(); };
    return ThreadRun::execute(m_context, options);
}

// --- the begin -----------------------------------------------------------------------------------

Result<void> PubsubRun::begin(ThreadRun& run, RunStop& stop, const WorkEnvironment& environment) {
    m_trouble = std::make_unique<RunTrouble>(stop);
    auto opened = broker::open(m_context.broker);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    m_broker = std::move(*opened);
    m_brokerControl.emplace(*m_broker, m_context.brokerControl);
    m_memory = dynamic_cast<broker::MemoryBroker*>(m_broker.get());
    m_book = std::make_unique<MessageBook>(m_context, m_table, environment.objects,
                                           m_memory != nullptr, [&run] { run.wake(); });
    m_book->setNames(m_topology.queueNames());
    if (m_memory != nullptr) {
        m_memory->setObserver(m_book.get());
    }
    m_shared.reset(new PubsubShared{m_context, m_options, m_table, m_topology, *m_broker, *m_book,
                                    run, *m_trouble, environment});
    m_link = std::make_unique<PubsubLink>(*m_shared, "control");
    auto connection = m_broker->connect("control");
    if (!connection) {
        return std::unexpected(connection.error());
    }
    m_isDeclared = true;
    if (auto declared = m_topology.declare(**connection); !declared) {
        return declared;
    }
    m_context.session.diagnose("broker", "info", 0,
                               fmt::format("The broker is {}.", m_broker->description()));
    return startConsumers();
}

Result<void> PubsubRun::startConsumers() {
    for (const scenario::TaskTemplate& source : m_context.program.scenario->tasks) {
        if (!source.handles) {
            continue;
        }
        const ObjectId queue = m_context.program.messageQueueId(*source.handles);
        const int count = consumersOf(source, m_context);
        for (int i = 1; i <= count; ++i) {
            auto bell = Bell::create();
            if (!bell) {
                return std::unexpected(bell.error());
            }
            ConsumerPlan plan{queue, fmt::format("{} {}", m_context.program.object(queue).name, i),
                              source.delivery.isAckedLate ? !*source.delivery.isAckedLate
                                                          : m_options.isAutoAck};
            auto consumer =
                std::make_unique<Consumer>(*m_shared, std::move(plan), std::move(*bell));
            const std::scoped_lock lock(m_consumersMutex);
            m_consumers.push_back(std::move(consumer));
        }
    }
    m_vanished = std::make_unique<VanishedWatch>(*m_shared, *m_link, m_consumers);
    for (const auto& consumer : m_consumers) {
        auto thread = Thread::start([&consumer = *consumer] { consumer.main(); });
        if (!thread) {
            return fail(fmt::format("The system has no room for {} consumers; it refused a thread. "
                                    "Lower consumers or --workers, or raise the limit (ulimit -u).",
                                    m_consumers.size()),
                        ErrorKind::MissingPart);
        }
        m_threads.push_back(std::move(*thread));
    }
    return {};
}

// --- meanwhile -----------------------------------------------------------------------------------

Nanoseconds PubsubRun::look() {
    const Nanoseconds nowNs = monotonicNow();
    if (!m_faults.hasBegun()) {
        m_faults.begin(nowNs);
    }
    strikeDue(nowNs);
    Nanoseconds nextNs = m_faults.nextDueNs().value_or(nowNs + kScanPeriodNs);
    nextNs = std::min(nextNs, m_brokerControl->nextDueNs(nowNs).value_or(nextNs));
    if (m_book->isQuiet()) {
        const bool isCalm = !m_shared->run.hasWork();
        const std::uint64_t version = m_book->version();
        if ((isCalm || nowNs >= m_nextScanNs) && version != m_scannedVersion && isSettled()) {
            m_scannedVersion = version;
            m_nextScanNs = nowNs + kScanPeriodNs;
            cancelUnreachable();
        }
    } else if (!m_book->isTold() && m_book->isIdle() && !m_shared->run.hasWork()) {
        m_vanished->look();
        nextNs = std::min(nextNs, nowNs + VanishedWatch::kPeriodNs);
    }
    return nextNs;
}

/// A message that dies leaves its queue and comes into another in two steps that the memory broker
/// takes under its lock; whoever gets the lock sees both.
bool PubsubRun::isSettled() {
    if (m_memory != nullptr) {
        m_memory->setObserver(m_book.get());
    }
    return m_book->isQuiet();
}

void PubsubRun::cancelUnreachable() {
    for (const TaskId task : m_book->endUnreachable()) {
        m_context.control.state(task, State::Cancelled);
        m_shared->environment.objects.markEnded(task);
        m_neverCame.push_back(task);
        m_shared->run.taskEnded(task, State::Cancelled);
    }
}

void PubsubRun::wakeConsumers() {
    const std::scoped_lock lock(m_consumersMutex);
    for (const auto& consumer : m_consumers) {
        consumer->wake();
    }
}

// --- the end -------------------------------------------------------------------------------------

Result<void> PubsubRun::end() {
    for (const auto& consumer : m_consumers) {
        consumer->finish();
    }
    m_threads.clear(); // joins
    if (m_book != nullptr) {
        settle();
        if (m_memory != nullptr) {
            m_memory->setObserver(nullptr);
        }
        m_book->close();
    }
    if (m_trouble != nullptr && m_trouble->why()) {
        return std::unexpected(*m_trouble->why());
    }
    return {};
}

void PubsubRun::settle() {
    if (!m_isDeclared) {
        return;
    }
    m_brokerControl.reset(); // a broker that was stopped is started: what survived is looked at
    auto connection = m_broker->connect("control");
    if (!connection) {
        m_context.session.diagnose(
            "broker-away", "warning", 1,
            fmt::format("Queues and exchanges of this run may be left at the broker, since it was "
                        "away at the end: {}",
                        connection.error().message));
        sayAccounts(false);
        return;
    }
    const bool isStopped = m_shared != nullptr && m_shared->isOver();
    if (m_shared != nullptr && !isStopped && !m_book->isTold()) {
        lookWhatIsLeft(*m_shared, **connection);
    }
    sayAccounts(m_memory == nullptr || areQueuesAsBooked(**connection));
    if (m_memory != nullptr) {
        m_memory->setObserver(nullptr); // that its queues are removed is no news
    }
    if (auto removed = m_topology.remove(**connection); !removed) {
        m_context.session.diagnose("broker", "warning", 1,
                                   "Not everything of this run could be removed from the broker: " +
                                       removed.error().message);
    }
}

bool PubsubRun::areQueuesAsBooked(broker::Connection& connection) const {
    return std::ranges::all_of(m_topology.queues(), [&](ObjectId queue) {
        const auto state = connection.inspect(m_topology.nameOf(queue));
        // One that died with the broker holds nothing.
        return (state ? state->ready : 0) == m_book->openIn(queue).size();
    });
}

void PubsubRun::sayAccounts(bool isVerified) {
    const MessageAccounts accounts = m_book->accounts();
    if (accounts.published == 0) {
        return;
    }
    const std::uint64_t missing = accounts.unaccounted();
    const bool isRight = missing == 0 && isVerified;
    m_context.session.diagnose(
        "messages", isRight ? "info" : "data-loss", missing,
        accounts.sentence() +
            (isRight ? ""
                     : " What the queues hold at the end could not be brought in line with it."));
    if (accounts.unpredicted > 0) {
        m_context.session.diagnose(
            "routing-differs", "warning", accounts.unpredicted,
            fmt::format("{} copies came into queues where the rules of routing put none.",
                        accounts.unpredicted));
    }
    sayWhatNeverCame();
}

void PubsubRun::sayWhatNeverCame() {
    std::size_t unborn = 0;
    std::size_t lost = 0;
    for (const TaskId task : m_neverCame) {
        (m_book->lastFate(task) ? lost : unborn) += 1;
    }
    if (unborn > 0) {
        m_context.session.diagnose(
            "no-message-came", "info", unborn,
            fmt::format(
                "{} tasks were not needed: no message came into the queue that they handle.",
                unborn));
    }
    if (lost > 0) {
        m_context.session.diagnose(
            "message-gone", "warning", lost,
            fmt::format("{} tasks were never done, because their messages left the queue before: "
                        "\"{}\" is one of them.",
                        lost, m_context.program.task(firstGone()).name));
    }
}

TaskId PubsubRun::firstGone() const {
    for (const TaskId task : m_neverCame) {
        if (m_book->lastFate(task)) {
            return task;
        }
    }
    return {};
}

} // namespace interleave::models
