// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/thread_pool.h"

#include "engine/models/processes/worker_process.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace interleave::models {

namespace {

// Jobs that lie ready for slots that become idle, so that small tasks don't wait for the node.
constexpr std::size_t kAhead = 64;

} // namespace

/// What a slot's tasks do beyond themselves.
class ThreadPool::Hooks final : public ExecutionHooks {
public:
    explicit Hooks(ThreadPool& pool)
        : m_pool(pool) {}
    void submit(TaskId child, TaskId) override {
        m_pool.tell({.kind = Note::Kind::Spawned, .task = child});
    }

private:
    ThreadPool& m_pool;
};

ThreadPool::ThreadPool(const RunContext& context, SharedObjects& objects, QueueBoard& board,
                       int stopFd, const NodePlan& plan)
    : m_context(context)
    , m_objects(objects)
    , m_board(board)
    , m_plan(plan)
    , m_environment(environmentOf(context, objects, stopFd))
    , m_wakeFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

ThreadPool::~ThreadPool() {
    close(0);
    ::close(m_wakeFd);
}

bool ThreadPool::hasRoom() const {
    std::scoped_lock lock(m_mutex);
    return m_queue.size() + m_given.size() < kAhead && !m_threads.empty();
}

void ThreadPool::give(Job& job, PoolClient&) {
    m_given.push_back(&job);
}

void ThreadPool::wakeSlots() {
    if (m_given.empty()) {
        return;
    }
    std::size_t woken = 0;
    {
        std::scoped_lock lock(m_mutex);
        m_queue.insert(m_queue.end(), m_given.begin(), m_given.end());
        woken = std::min(m_idle, m_given.size());
        m_idle -= woken;
    }
    m_given.clear();
    for (std::size_t i = 0; i < woken; ++i) {
        m_changed.notify_one();
    }
}

std::vector<Job*> ThreadPool::recall() {
    std::scoped_lock lock(m_mutex);
    std::vector<Job*> jobs(m_queue.begin(), m_queue.end());
    m_queue.clear();
    return jobs;
}

void ThreadPool::addFds(std::vector<pollfd>& fds) const {
    fds.push_back({m_wakeFd, POLLIN, 0});
    std::scoped_lock lock(m_mutex);
    m_isNodeWaiting = true;
}

std::optional<Nanoseconds> ThreadPool::nextDueNs() const {
    std::scoped_lock lock(m_mutex);
    const bool hasSomething =
        !m_notes.empty() || (m_threads.size() < m_plan.slotCount && !m_isShort);
    return hasSomething ? std::optional(Nanoseconds{0}) : std::nullopt;
}

Result<void> ThreadPool::serve(PoolClient& client, std::size_t) {
    while (m_threads.size() < m_plan.slotCount && !m_isShort) {
        const auto index = static_cast<std::uint32_t>(m_threads.size());
        auto thread = Thread::start([this, index] { slotMain(index); });
        if (!thread && m_threads.empty()) {
            return fail("The system has no room for even one more thread, so the worker can't "
                        "begin. End some programs, or raise the limit (ulimit -u), and try again.",
                        ErrorKind::MissingPart);
        }
        if (!thread) {
            m_isShort = true;
            m_context.session.diagnose(
                "thread-limit", "warning", m_threads.size(),
                fmt::format("The system had room for {} of the {} threads of {}.", m_threads.size(),
                            m_plan.slotCount, m_plan.name));
            break;
        }
        m_threads.push_back(std::move(*thread));
    }
    std::vector<Note> notes;
    {
        std::scoped_lock lock(m_mutex);
        m_isNodeWaiting = false;
        notes.swap(m_notes);
        if (std::exchange(m_isSignalled, false)) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t got = read(m_wakeFd, &count, sizeof count);
        }
    }
    for (Note& note : notes) {
        switch (note.kind) {
        case Note::Kind::Started:
            client.started(*note.job);
            break;
        case Note::Kind::Spawned:
            client.spawned(note.task);
            break;
        case Note::Kind::Ended:
            client.ended(*note.job, note.task, note.end, std::move(note.frame), note.isLast);
            break;
        }
    }
    return {};
}

void ThreadPool::tell(Note note) {
    std::scoped_lock lock(m_mutex);
    m_notes.push_back(std::move(note));
    if (m_isNodeWaiting && !std::exchange(m_isSignalled, true)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = write(m_wakeFd, &one, sizeof one);
    }
}

Job* ThreadPool::take() {
    std::unique_lock lock(m_mutex);
    while (m_queue.empty() && !m_isClosed && !m_objects.isCancelled()) {
        ++m_idle;
        m_changed.wait(lock);
    }
    if (m_queue.empty() || m_objects.isCancelled()) {
        return nullptr;
    }
    Job* const job = m_queue.front();
    m_queue.pop_front();
    return job;
}

void ThreadPool::slotMain(std::uint32_t index) {
    sharpenTimers();
    const int number = m_plan.firstWorker + static_cast<int>(index);
    record::Writer writer = m_context.session.openStream(
        {record::StreamRole::Worker, record::ClockKind::Tsc, fmt::format("worker {}", number)});
    QueueBoard::SlotEntry& entry = m_board.slotEntries()[static_cast<std::size_t>(number) - 1];
    entry.node = static_cast<std::uint32_t>(m_plan.number);
    entry.worker = static_cast<std::uint32_t>(number);
    Hooks hooks(*this);
    TaskExecution execution(m_environment, writer, hooks);
    while (Job* const job = take()) {
        execute(*job, execution, entry);
    }
    entry.worker = 0;
}

void ThreadPool::execute(Job& job, TaskExecution& execution, QueueBoard::SlotEntry& entry) {
    record::Writer& writer = execution.writer();
    const StepId resultStep = extraStep(m_context, ExtraStep::Result);
    tell({.kind = Note::Kind::Started, .job = &job});
    for (std::size_t at = nextOpenFrame(job, job.nextFrame, m_board); true;) {
        const TaskFrame& frame = job.frames[at];
        const TaskId task = frame.task;
        const Message header = headerOf(job.parcel.body, frame);
        const std::uint32_t tryIndex = m_board.task(task).executions++;
        entry.task = task.value;
        m_objects.markStarted(task);
        State end = State::Failed;
        if (header.bytes > 0) {
            writer.state(task, State::Transfer, {{}, extraStep(m_context, ExtraStep::Arguments)});
        }
        const auto payload = std::span<const std::byte>(job.parcel.body)
                                 .subspan(frame.begin + sizeof header, header.bytes);
        if (const std::uint32_t delayUs = m_delayUs; delayUs > 0) {
            writer.state(task, State::Sleeping, {{}, extraStep(m_context, ExtraStep::Start)});
            m_objects.sleepUntil(monotonicNow() + Nanoseconds{delayUs} * 1'000);
        }
        if (checksumOf(payload) == header.checksum) {
            end = execution.performTry(task, tryIndex, softLimitOf(m_context.program, task));
        } else {
            m_environment.complain(fmt::format("The argument of task \"{}\" was damaged on its "
                                               "way through the broker; the task has failed.",
                                               m_context.program.task(task).name));
        }
        if (end == State::Cancelled) {
            return; // the run is stopped
        }
        const std::uint64_t bytes =
            end == State::Done ? m_context.program.task(task).resultBytes : 0;
        if (bytes > 0) {
            writer.state(task, State::Transfer, {{}, resultStep});
        }
        auto packed =
            packMessage({MessageKind::Result, task, static_cast<std::uint32_t>(end)}, bytes);
        // The slot is free from here on, the task until its result has arrived is not.
        writer.state(task, State::Transfer, {{}, resultStep, true});
        at = nextOpenFrame(job, at + 1, m_board);
        const bool isLast = at == job.frames.size();
        entry.task = 0;
        tell({Note::Kind::Ended, &job, task, end, std::move(packed), isLast});
        if (isLast) {
            return; // the job is the node's again, or gone
        }
    }
}

void ThreadPool::close(Nanoseconds) {
    {
        std::scoped_lock lock(m_mutex);
        m_isClosed = true;
    }
    m_changed.notify_all();
    m_threads.clear(); // joins
}

} // namespace interleave::models
