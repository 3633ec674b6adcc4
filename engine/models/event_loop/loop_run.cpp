// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/loop_run.h"

#include "engine/models/event_loop/loop_deadlock.h"
#include "engine/models/event_loop/task_coroutines.h"
#include "engine/models/refusal.h"
#include "engine/models/schedule/submissions.h"
#include "engine/models/sync/futex.h"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace interleave::models {

namespace {

using record::EventKind;
using record::StateDetail;

constexpr int kMostComplaints = 3; // of the same run: the first few say it all

/// A descriptor that becomes readable when the run is to stop, for waits that block the loop.
class StopFd {
public:
    explicit StopFd(const std::stop_token& token)
        : m_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
        , m_ring(std::in_place, token, [fd = m_fd] {
            const std::uint64_t one = 1;
            [[maybe_unused]] const auto written = write(fd, &one, sizeof one);
        }) {}
    StopFd(const StopFd&) = delete;
    StopFd& operator=(const StopFd&) = delete;
    ~StopFd() {
        m_ring.reset();
        close(m_fd);
    }
    int fd() const { return m_fd; }

private:
    int m_fd;
    std::optional<std::stop_callback<std::function<void()>>> m_ring;
};

void recordSubmission(record::Writer& writer, std::uint64_t stamp, TaskId task, TaskId parent) {
    writer.emitAt(stamp, EventKind::Spawned, task.value, parent.value);
    writer.stateAt(stamp, task, State::Queued, {{}, {}, true});
}

/// Everything that lives in the loop's thread.
class LoopRun {
public:
    LoopRun(const RunContext& context, const LoopSettings& settings, Submissions& submissions,
            record::Writer& writer, int stopFd);
    ~LoopRun();

    RunOutcome run(const std::vector<TaskId>& firstTasks);

private:
    void start(TaskId id);
    void submitDue(std::uint64_t stamp);
    void armArrival(Nanoseconds nowNs);
    void spawn(TaskId child, const LoopTask& parent);
    std::uint32_t watch(const std::vector<TaskId>& tasks, LoopTask& waiter);
    void onWait(const LoopTask& task);
    void end(LoopTask& task, State state);
    void cancelRest();
    void complain(const std::string& message);
    LoopTask& at(TaskId id) { return m_tasks[id.value - 1]; }

    const RunContext& m_context;
    Submissions& m_submissions;
    Loop m_loop;
    std::vector<LoopTask> m_tasks; // index = TaskId.value - 1; destroyed before the loop
    LoopObjects m_objects;
    Connections m_connections;
    std::unique_ptr<ComputeOffload> m_offload;
    TaskCoroutines m_coroutines;
    asio::steady_timer m_arrival;
    Nanoseconds m_armedForNs = 0; // 0: not armed
    std::string m_deadlock;
    int m_complaints = 0;
};

LoopRun::LoopRun(const RunContext& context, const LoopSettings& settings, Submissions& submissions,
                 record::Writer& writer, int stopFd)
    : m_context(context)
    , m_submissions(submissions)
    , m_loop(writer, context.session.clock())
    , m_tasks(context.program.tasks.size())
    , m_objects(m_loop, context.program, [this](LoopTask& task) { onWait(task); })
    , m_connections(m_loop, context.loopback, settings.connections)
    , m_offload(settings.makeOffload ? settings.makeOffload(context, m_loop) : nullptr)
    , m_coroutines(LoopServices{context, m_loop, m_objects, m_connections, m_offload.get(), stopFd,
                                [this](TaskId child, LoopTask& parent) { spawn(child, parent); },
                                [this](const std::vector<TaskId>& tasks, LoopTask& waiter) {
                                    return watch(tasks, waiter);
                                },
                                [this](LoopTask& task) { onWait(task); },
                                [this](const std::string& message) { complain(message); }})
    , m_arrival(m_loop.io()) {
    for (std::size_t i = 0; i < m_tasks.size(); ++i) {
        m_tasks[i].task = &context.program.tasks[i];
    }
}

LoopRun::~LoopRun() {
    m_offload.reset(); // its threads refer to tasks
    m_tasks.clear();   // their frames refer to everything else
}

RunOutcome LoopRun::run(const std::vector<TaskId>& firstTasks) {
    const std::stop_callback wakeUp(m_context.stop, [this] { asio::post(m_loop.io(), [] {}); });
    for (const TaskId id : firstTasks) {
        start(id);
    }
    armArrival(monotonicNow());
    m_loop.restamp();
    const auto goesOn = [this] { return m_deadlock.empty() && !m_context.stop.stop_requested(); };
    while (!m_submissions.allEnded() && goesOn()) {
        if (!m_loop.poll()) {
            m_deadlock = describeStuck(m_context.program, m_tasks, m_objects);
            break;
        }
        for (std::size_t left = m_loop.readyCount(); left > 0 && goesOn(); --left) {
            LoopTask& task = m_loop.resumeNext();
            if (task.coroutine.isDone() && task.coroutine.value() != State::Cancelled) {
                end(task, task.coroutine.value());
            }
        }
    }
    m_offload.reset();
    cancelRest();
    return {m_deadlock};
}

void LoopRun::start(TaskId id) {
    LoopTask& task = at(id);
    task.isSubmitted = true;
    task.step = task.task->actions.empty() ? extraStep(m_context, ExtraStep::Task)
                                           : task.task->actions.front().step;
    task.coroutine = m_coroutines.perform(task);
    task.innermost = task.coroutine.handle();
    m_loop.makeReady(task, 0);
}

void LoopRun::submitDue(std::uint64_t stamp) {
    const Nanoseconds now = monotonicNow();
    for (const TaskId id : m_submissions.takeDue(now)) {
        recordSubmission(m_loop.writer(), stamp, id, {});
        start(id);
    }
    armArrival(now);
}

void LoopRun::armArrival(Nanoseconds nowNs) {
    const auto due = m_submissions.nextDueNs();
    if (!due || m_armedForNs == *due) {
        return;
    }
    if (m_armedForNs != 0) {
        m_arrival.cancel();
    }
    m_armedForNs = *due;
    m_arrival.expires_at(
        std::chrono::steady_clock::time_point(std::chrono::nanoseconds(std::max(*due, nowNs))));
    m_loop.expect();
    m_arrival.async_wait([this](const asio::error_code& error) {
        m_loop.arrived();
        if (!error) {
            m_armedForNs = 0;
            submitDue(m_loop.writer().now());
        }
    });
}

void LoopRun::spawn(TaskId child, const LoopTask& parent) {
    if (at(child).isSubmitted) {
        return; // by an earlier try of the parent
    }
    recordSubmission(m_loop.writer(), m_loop.writer().now(), child, parent.id());
    start(child);
}

std::uint32_t LoopRun::watch(const std::vector<TaskId>& tasks, LoopTask& waiter) {
    waiter.missing = 0;
    for (const TaskId id : tasks) {
        if (!at(id).isEnded) {
            at(id).awaiter = &waiter;
            ++waiter.missing;
        }
    }
    return waiter.missing;
}

void LoopRun::onWait(const LoopTask& task) {
    if (closesCycle(m_tasks, m_objects, task)) {
        m_deadlock = describeStuck(m_context.program, m_tasks, m_objects);
    }
}

void LoopRun::end(LoopTask& task, State state) {
    m_loop.show(task, state, task.step);
    const std::uint64_t stamp = m_loop.stamp();
    task.isEnded = true;
    task.coroutine = {};
    if (LoopTask* awaiter = std::exchange(task.awaiter, nullptr);
        awaiter != nullptr && --awaiter->missing == 0) {
        m_loop.writer().emitAt(stamp, EventKind::Woken, awaiter->id().value, task.id().value);
        m_loop.makeReady(*awaiter, stamp);
    }
    std::vector<TaskId> neverSpawned;
    if (state != State::Done) {
        neverSpawned = unspawnedDescendants(m_context.program, task.id(),
                                            [this](TaskId id) { return !at(id).isSubmitted; });
    }
    if (m_submissions.ended(task.id(), monotonicNow(), neverSpawned)) {
        submitDue(stamp);
    }
}

void LoopRun::cancelRest() {
    const std::uint64_t stamp = m_loop.writer().now();
    for (const LoopTask& task : m_tasks) {
        if (!task.isEnded) {
            m_loop.writer().emitAt(stamp, record::kindOf(State::Cancelled), task.id().value,
                                   StateDetail{{}, task.step, false}.pack());
        }
    }
}

void LoopRun::complain(const std::string& message) {
    if (++m_complaints <= kMostComplaints) {
        m_context.session.diagnose("task-trouble", "warning", 1, message);
    }
}

} // namespace

ParameterInfo connectionsParameter() {
    return {"connections", "100", "count", "1 to 100000",
            "how many connections the HTTP client has at once; a request beyond waits"};
}

Result<LoopSettings> loopSettingsOf(const Parameters& parameters) {
    const std::string& text = parameters.at("connections");
    LoopSettings settings;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), settings.connections);
    if (error != std::errc() || end != text.data() + text.size() || settings.connections < 1 ||
        settings.connections > 100'000) {
        return fail(fmt::format("connections={} is not a number from 1 to 100000.", text));
    }
    rlimit files{};
    constexpr rlim_t kOthers = 64; // descriptors that the rest of the program needs
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && settings.connections + kOthers > files.rlim_cur) {
        return fail(fmt::format("connections={} needs more open files than this shell allows "
                                "({}); use at most {} or raise the limit with ulimit -n.",
                                text, files.rlim_cur,
                                files.rlim_cur > kOthers ? files.rlim_cur - kOthers : 1));
    }
    return settings;
}

Result<void> canRunOnLoop(const ModelInfo& info, const scenario::Program& program,
                          const Parameters& parameters) {
    if (const auto settings = loopSettingsOf(parameters); !settings) {
        return std::unexpected(settings.error());
    }
    return refuseCrashAndMessaging(program, info.id);
}

Result<RunOutcome> runEventLoop(const RunContext& context, const LoopSettings& settings) {
    const StopFd stopFd(context.stop);
    if (stopFd.fd() < 0) {
        return fail(fmt::format("The event loop can't make a descriptor for stopping: {}.",
                                std::strerror(errno)),
                    ErrorKind::MissingPart);
    }
    Submissions submissions(context.program);
    submissions.begin(monotonicNow());
    const std::vector<TaskId> firstTasks = submissions.takeDue(monotonicNow());
    for (const TaskId id : firstTasks) {
        recordSubmission(context.control, context.control.now(), id, {});
    }
    RunOutcome outcome;
    std::jthread thread([&] {
        record::Writer writer = context.session.openStream(
            {record::StreamRole::Worker, context.session.clock().kind, "event loop"});
        LoopRun run(context, settings, submissions, writer, stopFd.fd());
        outcome = run.run(firstTasks);
    });
    thread.join();
    return outcome;
}

} // namespace interleave::models
