// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/process_run.h"

#include "engine/models/processes/broken_pipes.h"
#include "engine/models/processes/program_image.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace interleave::models {

namespace {

constexpr std::uint32_t kPoolQueueCounter = 2;
// For workers to end by themselves, which lets them record their last CPU time. After the last
// task there is time for that; a run that is stopped has 200 ms for everything.
constexpr Nanoseconds kGraceAtTheEndNs = 2'000'000'000;
constexpr Nanoseconds kGraceWhenStoppedNs = 80'000'000;
constexpr Nanoseconds kGraceStepNs = 1'000'000;
constexpr int kMostStillbirths = 3;

/// An int descriptor that is closed at the end of its scope.
class OwnFd {
public:
    explicit OwnFd(int fd)
        : m_fd(fd) {}
    OwnFd(const OwnFd&) = delete;
    OwnFd& operator=(const OwnFd&) = delete;
    ~OwnFd() {
        if (m_fd >= 0) {
            close(m_fd);
        }
    }

private:
    int m_fd;
};

} // namespace

Result<RunOutcome> ProcessRun::execute(const RunContext& context, StartKind start) {
    auto objects = SharedObjects::create(context.program);
    if (!objects) {
        return std::unexpected(objects.error());
    }
    int imageFd = -1;
    if (start == StartKind::Spawn) {
        auto image = writeProgramImage(context);
        if (!image) {
            return std::unexpected(image.error());
        }
        imageFd = *image;
    }
    const OwnFd image(imageFd);
    auto stop = RunStop::create(context.stop, *objects);
    if (!stop) {
        return std::unexpected(stop.error());
    }
    const BrokenPipesAreErrors brokenPipes;
    return ProcessRun(context, *objects, **stop, start, imageFd).run();
}

ProcessRun::ProcessRun(const RunContext& context, SharedObjects& objects, RunStop& stop,
                       StartKind start, int imageFd)
    : m_context(context)
    , m_objects(objects)
    , m_stop(stop)
    , m_origin{context, objects, stop.fd(), start, imageFd}
    , m_submissions(context.program)
    , m_watch(context.program, objects, {context.workers, false}) {
    if (!context.program.tasks.empty()) {
        m_workers.resize(static_cast<std::size_t>(context.workers));
    }
}

ProcessRun::~ProcessRun() = default;

bool ProcessRun::isOver() const {
    return m_stop.isRung() || m_error || m_submissions.allEnded();
}

Result<RunOutcome> ProcessRun::run() {
    m_submissions.begin(monotonicNow());
    m_nextLookNs = monotonicNow() + DeadlockWatch::kPeriodNs;
    submitDue();
    while (!isOver()) {
        startNextWorker();
        dispatch();
        waitForNews();
        // Once the run is stopped, workers end because they should.
        for (std::size_t seat = 0; seat < m_workers.size() && !m_stop.isRung(); ++seat) {
            if (m_workers[seat] != nullptr && m_workers[seat]->isGone()) {
                bury(seat);
            }
        }
        submitDue();
    }
    endWorkers();
    cancelRest();
    if (m_error) {
        return std::unexpected(*m_error);
    }
    return m_outcome;
}

// --- tasks -------------------------------------------------------------------------------------

void ProcessRun::submitDue() {
    const Nanoseconds now = monotonicNow();
    const std::vector<TaskId> due = m_submissions.takeDue(now);
    for (const TaskId task : due) {
        m_context.control.emit(record::EventKind::Spawned, task.value, 0);
        m_context.control.state(task, State::Queued, {{}, {}, true});
        m_objects.markSubmitted(task);
        enqueue({task});
    }
    while (!m_retries.empty() && m_retries.top().dueNs <= now) {
        const Pending pending = m_retries.top().pending;
        m_retries.pop();
        m_context.control.state(pending.task, State::Queued, {{}, {}, true});
        m_objects.markSubmitted(pending.task);
        enqueue(pending);
    }
    if (now >= m_nextLookNs) {
        m_nextLookNs = now + DeadlockWatch::kPeriodNs;
        if (auto deadlock =
                m_watch.look(m_submissions.nextDueNs().has_value() || !m_retries.empty())) {
            m_outcome.deadlock = std::move(*deadlock);
            m_stop.ring();
        }
    }
}

void ProcessRun::enqueue(Pending pending) {
    m_queue.push_back(pending);
    showQueue();
}

void ProcessRun::showQueue() {
    m_context.control.emit(record::EventKind::Level, kPoolQueueCounter,
                           static_cast<std::uint32_t>(m_queue.size()));
}

void ProcessRun::end(TaskId task, State state) {
    m_context.control.state(task, state);
    m_objects.markEnded(task);
    std::vector<TaskId> neverSpawned;
    if (state != State::Done) {
        neverSpawned = unspawnedDescendants(m_context.program, task, [this](TaskId child) {
            return m_objects.phase(child) == TaskPhase::Unborn;
        });
    }
    m_submissions.ended(task, monotonicNow(), neverSpawned);
}

void ProcessRun::cancelRest() {
    for (const scenario::Task& task : m_context.program.tasks) {
        if (m_objects.phase(task.id) != TaskPhase::Ended) {
            m_context.control.state(task.id, State::Cancelled);
            m_objects.markEnded(task.id);
        }
    }
}

// --- workers -----------------------------------------------------------------------------------

/// One a round: what the workers that are there have to say is not kept waiting by the rest.
void ProcessRun::startNextWorker() {
    for (std::size_t seat = 0; seat < m_workers.size(); ++seat) {
        if (m_workers[seat] == nullptr) {
            startWorkerInto(seat);
            return;
        }
    }
}

void ProcessRun::startWorkerInto(std::size_t seat) {
    // A task that nobody else is free to take goes with the new worker and sees it start.
    const bool isAnyIdle = std::ranges::any_of(m_workers, [](const auto& worker) {
        return worker != nullptr && worker->isReady && !worker->task;
    });
    const bool takesTask = !m_queue.empty() && !isAnyIdle;
    const Pending pending = takesTask ? m_queue.front() : Pending{};
    if (takesTask) {
        m_context.control.state(pending.task, State::Starting, {{}, step(ExtraStep::Start), true});
    }
    auto worker = WorkerHandle::start(m_origin, ++m_started, pending.task);
    if (!worker) {
        m_error = worker.error();
        return;
    }
    m_workers[seat] = std::make_unique<WorkerHandle>(std::move(*worker));
    if (takesTask) {
        m_queue.pop_front();
        showQueue();
        give(*m_workers[seat], pending);
    }
}

void ProcessRun::dispatch() {
    for (const auto& worker : m_workers) {
        if (m_queue.empty()) {
            return;
        }
        if (worker != nullptr && worker->isReady && !worker->task && !worker->isGone()) {
            const Pending pending = m_queue.front();
            m_queue.pop_front();
            showQueue();
            give(*worker, pending);
        }
    }
}

void ProcessRun::give(WorkerHandle& worker, const Pending& pending) {
    worker.task = pending.task;
    worker.attempt = pending.attempt;
    m_objects.markStarted(pending.task);
    if (worker.isReady) {
        m_context.control.state(pending.task, State::Transfer, {{}, step(ExtraStep::Arguments)});
    }
    worker.send(packMessage({MessageKind::Task, pending.task, pending.attempt},
                            m_context.program.task(pending.task).payloadBytes));
}

void ProcessRun::waitForNews() {
    std::vector<pollfd> fds;
    std::vector<WorkerHandle*> readers;
    std::vector<WorkerHandle*> writers;
    const auto add = [&fds](int fd, short events) { fds.push_back({fd, events, 0}); };
    for (const auto& worker : m_workers) {
        if (worker != nullptr) {
            add(worker->input(), POLLIN);
            readers.push_back(worker.get());
        }
    }
    for (WorkerHandle* worker : readers) {
        if (worker->isSending()) {
            add(worker->output(), POLLOUT);
            writers.push_back(worker);
        }
    }
    add(m_stop.fd(), POLLIN);
    Nanoseconds dueNs = m_nextLookNs;
    if (const auto nextDue = m_submissions.nextDueNs()) {
        dueNs = std::min(dueNs, *nextDue);
    }
    if (!m_retries.empty()) {
        dueNs = std::min(dueNs, m_retries.top().dueNs);
    }
    const bool hasSeatsLeft =
        std::find(m_workers.begin(), m_workers.end(), nullptr) != m_workers.end();
    const Nanoseconds waitNs = hasSeatsLeft ? 0 : std::max<Nanoseconds>(0, dueNs - monotonicNow());
    const timespec timeout{waitNs / 1'000'000'000, waitNs % 1'000'000'000};
    if (ppoll(fds.data(), fds.size(), &timeout, nullptr) <= 0) {
        return;
    }
    for (std::size_t i = 0; i < writers.size(); ++i) {
        if (fds[readers.size() + i].revents != 0) {
            writers[i]->sendMore();
        }
    }
    for (std::size_t i = 0; i < readers.size(); ++i) {
        if (fds[i].revents != 0) {
            serve(*readers[i]);
        }
    }
}

void ProcessRun::serve(WorkerHandle& worker) {
    while (!isOver() && worker.receiveMore() == WorkerHandle::Received::Next) {
        handle(worker, worker.message());
    }
}

void ProcessRun::handle(WorkerHandle& worker, const Message& message) {
    switch (message.kind) {
    case MessageKind::Ready:
        worker.isReady = true;
        m_stillbirths = 0;
        break;
    case MessageKind::Spawned:
        enqueue({message.task}); // recorded and marked by the worker
        break;
    case MessageKind::Result:
        takeResult(worker, message);
        break;
    default: // Damaged; the rest is not for a worker process to say
        m_error = Error{fmt::format("The argument of task \"{}\" did not reach worker process {} "
                                    "as it was sent; this is a fault of this program.",
                                    m_context.program.task(message.task).name, worker.number())};
        break;
    }
}

void ProcessRun::takeResult(WorkerHandle& worker, const Message& message) {
    const TaskId task = message.task;
    if (message.bytes > 0) {
        m_context.control.state(task, State::Transfer, {{}, step(ExtraStep::Result)});
    }
    if (checksumOf(worker.payload()) != message.checksum) {
        m_error = Error{fmt::format("The result of task \"{}\" was damaged on its way from worker "
                                    "process {}; this is a fault of this program.",
                                    m_context.program.task(task).name, worker.number())};
        return;
    }
    worker.task = {};
    end(task, static_cast<State>(message.number));
}

// --- the end of workers ------------------------------------------------------------------------

void ProcessRun::bury(std::size_t seat) {
    const std::unique_ptr<WorkerHandle> dead = std::move(m_workers[seat]);
    dead->killAndReap(); // its pipe is closed, so it is dead or can do nothing any more
    m_context.session.diagnose("worker-died", "warning", 1,
                               fmt::format("Worker process {} (pid {}) {}; another one takes its "
                                           "place.",
                                           dead->number(), dead->pidAtStart(), dead->obituary()));
    if (!dead->isReady && ++m_stillbirths >= kMostStillbirths) {
        m_error = Error{fmt::format("Worker processes don't come up: {} in a row died before they "
                                    "were ready, the last one {}.",
                                    m_stillbirths, dead->obituary()),
                        ErrorKind::MissingPart};
    }
    if (dead->task) {
        afterDeath(*dead);
    }
}

void ProcessRun::afterDeath(const WorkerHandle& dead) {
    const TaskId task = dead.task;
    m_objects.abandon(task);
    if (!dead.isReady) {
        // Not the task's fault: it had not begun.
        m_context.control.state(task, State::Queued, {{}, {}, true});
        m_objects.markSubmitted(task);
        m_queue.push_front({task, dead.attempt});
        showQueue();
        return;
    }
    const scenario::Task& program = m_context.program.task(task);
    if (dead.attempt >= program.retries) {
        end(task, State::Failed);
        return;
    }
    m_context.control.state(task, State::Failed);
    m_context.control.state(task, State::Retrying, {{}, step(ExtraStep::Retry), true});
    m_retries.push(
        {monotonicNow() + delayBeforeRetry(program, dead.attempt), {task, dead.attempt + 1}});
}

/// Workers end by themselves when their pipe is closed or the run is stopped; whoever takes longer
/// than the grace is killed. None is left afterwards.
void ProcessRun::endWorkers() {
    if (m_error) {
        m_stop.ring();
    }
    std::erase(m_workers, nullptr);
    for (const auto& worker : m_workers) {
        worker->closeInput();
    }
    const Nanoseconds graceEndsNs =
        monotonicNow() + (m_stop.isRung() ? kGraceWhenStoppedNs : kGraceAtTheEndNs);
    while (!m_workers.empty() && monotonicNow() < graceEndsNs) {
        std::erase_if(m_workers, [](const auto& worker) { return worker->tryReap(); });
        if (!m_workers.empty()) {
            const timespec pause{0, kGraceStepNs};
            nanosleep(&pause, nullptr);
        }
    }
    m_workers.clear(); // kills and reaps the rest
}

} // namespace interleave::models
