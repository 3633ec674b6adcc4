// SPDX-License-Identifier: GPL-3.0-or-later
// Threads are started the way Python's ThreadPoolExecutor does it: a submitted task that finds no
// idle worker starts one, up to the pool's size. With one thread a task, each submission starts
// one; where the system refuses, the task waits in the queue for a thread that ends, and the
// recording's diagnostics say how many threads were possible.
#include "engine/models/blocking/thread_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace interleave::models {

void WorkerHooks::submit(TaskId child, TaskId) {
    m_run.push(std::span(&child, 1), m_writer);
}

ThreadRun::ThreadRun(const RunContext& context, const ThreadRunOptions& options,
                     SharedObjects& objects)
    : m_context(context)
    , m_options(options)
    , m_objects(objects)
    , m_control(
          context, objects,
          Staffing{options.isThreadPerTask ? 0 : options.workers + options.companions, false}) {}

Result<RunOutcome> ThreadRun::execute(const RunContext& context, const ThreadRunOptions& options) {
    auto objects = SharedObjects::create(context.program);
    if (!objects) {
        return std::unexpected(objects.error());
    }
    ThreadRun run(context, options, *objects);
    auto stop = RunStop::create(context.stop, *objects, [&run] { run.onRing(); });
    if (!stop) {
        return std::unexpected(stop.error());
    }
    return run.runWith(**stop);
}

Result<RunOutcome> ThreadRun::runWith(RunStop& stop) {
    m_environment.emplace(environmentOf(m_context, m_objects, stop.fd()));
    const Result<void> begun =
        m_options.begin ? m_options.begin(*this, stop, *m_environment) : Result<void>();
    Result<RunOutcome> outcome =
        begun ? runPool(stop) : Result<RunOutcome>(std::unexpected(begun.error()));
    const Result<void> ended = m_options.end ? m_options.end() : Result<void>();
    m_control.cancelRest();
    if (outcome && !ended) {
        return std::unexpected(ended.error());
    }
    return outcome;
}

Result<RunOutcome> ThreadRun::runPool(RunStop& stop) {
    bool hasNoThread = false;
    const auto submit = [&](std::span<const TaskId> due) {
        push(due, m_context.control);
        std::scoped_lock lock(m_mutex);
        if (m_living == 0 && !m_queue.empty()) {
            hasNoThread = true; // not even one: nobody would ever take these
            m_isClosed = true;
        }
        if (hasNoThread) {
            stop.ring();
        }
    };
    RunOutcome outcome = m_control.run(stop, submit, m_options.company);
    joinAll();
    if (hasNoThread) {
        return fail("The system has no room for even one more thread, so the run can't begin. End "
                    "some programs, or raise the limit (ulimit -u), and try again.",
                    ErrorKind::MissingPart);
    }
    return outcome;
}

void ThreadRun::push(std::span<const TaskId> tasks, record::Writer& writer) {
    if (m_options.isThreadPerTask) {
        startThreadsOf(tasks, writer);
        return;
    }
    std::size_t wanted = 0;
    {
        std::scoped_lock lock(m_mutex);
        m_queue.insert(m_queue.end(), tasks.begin(), tasks.end());
        wanted = m_queue.size() > m_idle ? m_queue.size() - m_idle : 0;
    }
    if (tasks.size() == 1) {
        m_changed.notify_one();
    } else {
        m_changed.notify_all();
    }
    startWorkersFor(wanted);
}

void ThreadRun::startWorkersFor(std::size_t tasks) {
    for (std::size_t i = 0; i < tasks; ++i) {
        {
            std::scoped_lock lock(m_mutex);
            if (m_started >= m_options.workers || m_queue.empty() || m_isClosed) {
                return;
            }
        }
        if (!startWorker({})) {
            noteThreadLimit();
            return;
        }
    }
}

void ThreadRun::startThreadsOf(std::span<const TaskId> tasks, record::Writer& writer) {
    for (const TaskId task : tasks) {
        if (m_objects.isCancelled()) {
            return; // cancelRest() marks the others
        }
        joinFinished();
        writer.state(task, State::Starting, {{}, extraStep(m_context, ExtraStep::Start), true});
        if (!startWorker(task)) {
            writer.state(task, State::Queued, {{}, {}, true});
            noteThreadLimit();
            leaveToLiving(task);
        }
    }
}

void ThreadRun::leaveToLiving(TaskId task) {
    constexpr int kAttempts = 100; // threads that end at this very moment make room
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        {
            std::scoped_lock lock(m_mutex);
            if (m_living > 0) {
                m_queue.push_back(task); // a living thread takes it before it ends
                return;
            }
        }
        joinFinished();
        if (startWorker(task)) {
            return;
        }
    }
    std::scoped_lock lock(m_mutex);
    m_queue.push_back(task); // runWith() sees that nobody lives
}

bool ThreadRun::startWorker(TaskId firstTask) {
    std::scoped_lock lock(m_mutex);
    if (m_isClosed || (!m_options.isThreadPerTask && m_started >= m_options.workers)) {
        return true; // the run is over, or somebody else has just started the last one
    }
    const int number = m_started + 1;
    const std::size_t slot = m_threads.size();
    m_threads.emplace_back();
    auto thread = Thread::start([=, this] { workerMain(number, firstTask, slot); });
    if (!thread) {
        m_threads.pop_back();
        return false;
    }
    m_threads[slot] = std::move(thread);
    m_started = number;
    ++m_living;
    return true;
}

void ThreadRun::workerMain(int number, TaskId firstTask, std::size_t slot) {
    sharpenTimers();
    {
        record::Writer writer =
            m_context.session.openStream({record::StreamRole::Worker, record::ClockKind::Tsc,
                                          fmt::format("{} {}", m_options.workerName, number)});
        const std::unique_ptr<WorkerHooks> hooks = m_options.makeHooks(*this, writer);
        TaskExecution execution(*m_environment, writer, *hooks);
        hooks->attach(execution);
        workThrough(execution, *hooks, firstTask);
    }
    std::scoped_lock lock(m_mutex);
    m_finished.push_back(slot);
}

void ThreadRun::workThrough(TaskExecution& execution, WorkerHooks& hooks, TaskId firstTask) {
    std::optional<TaskId> task = firstTask ? std::optional(firstTask) : tryPop();
    while (true) {
        if (!task) {
            hooks.idle();
            task = pop();
        }
        if (!task) {
            return;
        }
        if (hooks.beginTask(*task)) {
            const State end = execution.runToEnd(*task);
            taskEnded(*task, end);
            hooks.endTask(*task);
        }
        task = tryPop();
    }
}

std::optional<TaskId> ThreadRun::tryPop() {
    std::scoped_lock lock(m_mutex);
    if (m_queue.empty() || m_objects.isCancelled()) {
        return std::nullopt;
    }
    const TaskId task = m_queue.front();
    m_queue.pop_front();
    return task;
}

std::optional<TaskId> ThreadRun::pop() {
    std::unique_lock lock(m_mutex);
    ++m_idle;
    if (!m_options.isThreadPerTask) {
        m_changed.wait(
            lock, [this] { return !m_queue.empty() || m_isClosed || m_objects.isCancelled(); });
    }
    --m_idle;
    if (m_queue.empty() || m_objects.isCancelled()) {
        --m_living;
        return std::nullopt;
    }
    const TaskId task = m_queue.front();
    m_queue.pop_front();
    return task;
}

bool ThreadRun::hasWork() {
    std::scoped_lock lock(m_mutex);
    return !m_queue.empty() || m_idle < m_living;
}

void ThreadRun::joinAll() {
    std::vector<std::optional<Thread>> threads;
    {
        std::scoped_lock lock(m_mutex);
        m_isClosed = true; // no thread is started from here on
        threads.swap(m_threads);
        m_finished.clear();
    }
    m_changed.notify_all();
    threads.clear(); // joins
}

void ThreadRun::joinFinished() {
    std::vector<std::optional<Thread>> ended;
    {
        std::scoped_lock lock(m_mutex);
        for (const std::size_t slot : m_finished) {
            ended.push_back(std::exchange(m_threads[slot], std::nullopt));
        }
        m_finished.clear();
    }
    // Joined here, without the lock: they need it for their very last step.
    ended.clear();
}

void ThreadRun::noteThreadLimit() {
    std::size_t living = 0;
    {
        std::scoped_lock lock(m_mutex);
        if (std::exchange(m_isLimitNoted, true)) {
            return;
        }
        living = m_living;
    }
    m_context.session.diagnose(
        "thread-limit", "warning", living,
        fmt::format("The system had room for {} threads at once and refused one more; the other "
                    "tasks waited for a thread that was free.",
                    living));
}

void ThreadRun::onRing() {
    {
        std::scoped_lock lock(m_mutex); // so that no worker misses it between its test and its wait
    }
    m_changed.notify_all();
    m_control.wake();
    if (m_options.onStop) {
        m_options.onStop();
    }
}

} // namespace interleave::models
