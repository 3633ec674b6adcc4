// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/worker_process.h"

#include "engine/models/blocking/task_execution.h"
#include "engine/models/blocking/thread.h"
#include "engine/models/processes/message.h"
#include "engine/models/processes/program_image.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace interleave::models {

namespace {

// Exit codes nobody reads but the runner, when a worker dies before it was ready.
constexpr int kNoSession = 3;
constexpr int kBadArguments = 2;

class WorkerHooks final : public ExecutionHooks {
public:
    explicit WorkerHooks(const WorkerSeat& seat)
        : m_seat(seat) {}

    void submit(TaskId child, TaskId) override {
        const Message message{MessageKind::Spawned, child};
        writeWhole(m_seat.output, std::as_bytes(std::span(&message, 1)), m_seat.stopFd);
    }
    void crash(TaskId) override { kill(getpid(), SIGKILL); }

private:
    const WorkerSeat& m_seat;
};

/// The life of a worker that has joined the session.
class Worker {
public:
    Worker(const WorkEnvironment& environment, const WorkerSeat& seat, record::Writer& writer)
        : m_environment(environment)
        , m_seat(seat)
        , m_writer(writer)
        , m_hooks(seat)
        , m_execution(environment, writer, m_hooks) {}

    void work() {
        showStarting();
        if (!send({MessageKind::Ready})) {
            return;
        }
        Message message;
        while (readWhole(m_seat.input, std::as_writable_bytes(std::span(&message, 1)),
                         m_seat.stopFd) == PipeOutcome::Whole) {
            if (!executeTask(message)) {
                return;
            }
        }
    }

private:
    bool send(const Message& message) {
        return writeWhole(m_seat.output, std::as_bytes(std::span(&message, 1)), m_seat.stopFd) ==
               PipeOutcome::Whole;
    }

    StepId extraStep(ExtraStep step) const {
        return {m_environment.firstExtraStep.value + static_cast<std::uint32_t>(step)};
    }

    /// The first task has been waiting for this process since before there was one.
    void showStarting() {
        if (m_seat.firstTask) {
            m_writer.stateAt(m_writer.stampOfMonotonic(m_seat.createdNs), m_seat.firstTask,
                             State::Starting, {{}, extraStep(ExtraStep::Start)});
        }
    }

    bool executeTask(const Message& message) {
        const TaskId task = message.task;
        m_writer.state(task, State::Transfer, {{}, extraStep(ExtraStep::Arguments)});
        std::vector<std::byte> argument(message.bytes);
        if (readWhole(m_seat.input, argument, m_seat.stopFd) != PipeOutcome::Whole) {
            return false;
        }
        if (checksumOf(argument) != message.checksum) {
            return send({MessageKind::Damaged, task});
        }
        if (message.delayUs > 0 && !beSlow(message)) {
            return false;
        }
        const State end = m_seat.triesOnce
                              ? m_execution.performTry(task, message.number,
                                                       softLimitOf(m_environment.program, task))
                              : m_execution.perform(task, message.number);
        return end != State::Cancelled && sendResult(task, end);
    }

    /// On purpose: the worker takes its time before each task.
    bool beSlow(const Message& message) {
        m_writer.state(message.task, State::Sleeping, {{}, extraStep(ExtraStep::Start)});
        return m_environment.objects.sleepUntil(monotonicNow() +
                                                Nanoseconds{message.delayUs} * 1'000);
    }

    bool sendResult(TaskId task, State end) {
        const StepId step = extraStep(ExtraStep::Result);
        m_writer.state(task, State::Transfer, {{}, step});
        const std::uint64_t bytes =
            end == State::Done ? m_environment.program.task(task).resultBytes : 0;
        const auto packed =
            packMessage({MessageKind::Result, task, static_cast<std::uint32_t>(end)}, bytes);
        // The last byte leaves after this stamp, so the runner's end mark comes after it too.
        std::span<const std::byte> rest(packed);
        const auto head = rest.first(rest.size() - 1);
        if (writeWhole(m_seat.output, head, m_seat.stopFd) != PipeOutcome::Whole) {
            return false;
        }
        m_writer.state(task, State::Transfer, {{}, step, true});
        return writeWhole(m_seat.output, rest.last(1), m_seat.stopFd) == PipeOutcome::Whole;
    }

    const WorkEnvironment& m_environment;
    const WorkerSeat& m_seat;
    record::Writer& m_writer;
    WorkerHooks m_hooks;
    TaskExecution m_execution;
};

int workUntilTheEnd(const std::string& sessionFolder, WorkEnvironment environment,
                    const WorkerSeat& seat) {
    auto session = record::SessionWriter::join(sessionFolder);
    if (!session) {
        return kNoSession;
    }
    environment.complain = [&session](const std::string& message) {
        session->diagnose("task-trouble", "warning", 1, message);
    };
    const std::string name = fmt::format("worker {}", seat.number);
    prctl(PR_SET_NAME, name.c_str());
    sharpenTimers();
    record::Writer writer =
        session->openStream({record::StreamRole::Worker, session->clock().kind, name});
    Worker(environment, seat, writer).work();
    return 0;
}

template <class T>
bool parseNumber(const char* text, T& value) {
    const char* end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, value);
    return error == std::errc() && stop == end;
}

} // namespace

void settleIn(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(0); // it died before the line above
    }
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL); // a forked child has the runner's handlers
    signal(SIGHUP, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void closeAllBut(std::vector<int> kept) {
    std::ranges::sort(kept);
    unsigned from = STDERR_FILENO + 1;
    for (const int each : kept) {
        const auto fd = static_cast<unsigned>(each);
        if (fd > from) {
            close_range(from, fd - 1, 0);
        }
        from = std::max(from, fd + 1);
    }
    close_range(from, ~0u, 0);
}

Nanoseconds softLimitOf(const scenario::Program& program, TaskId task) {
    return program.scenario == nullptr
               ? 0
               : program.scenario->tasks[program.task(task).templateIndex].delivery.softLimitNs;
}

void runForkedWorker(const RunContext& context, SharedObjects& objects, const WorkerSeat& seat) {
    settleIn(seat.parent);
    closeAllBut({seat.input, seat.output, seat.stopFd, objects.fd()});
    const int code = workUntilTheEnd(context.session.folder().string(),
                                     environmentOf(context, objects, seat.stopFd), seat);
    _exit(code); // the runner's objects in this copy of its memory must not be destroyed
}

std::vector<std::string> spawnArguments(const std::string& programPath, const WorkerSeat& seat,
                                        int objectsFd, int imageFd) {
    return {programPath,
            kWorkerProcessFlag,
            fmt::to_string(seat.number),
            fmt::to_string(seat.parent),
            fmt::to_string(seat.input),
            fmt::to_string(seat.output),
            fmt::to_string(seat.stopFd),
            fmt::to_string(seat.createdNs),
            fmt::to_string(seat.firstTask.value),
            fmt::to_string(objectsFd),
            fmt::to_string(imageFd)};
}

int workerProcessMain(int argc, char** argv) {
    constexpr int kArguments = 11;
    WorkerSeat seat;
    int objectsFd = -1;
    int imageFd = -1;
    if (argc != kArguments || !parseNumber(argv[2], seat.number) ||
        !parseNumber(argv[3], seat.parent) || !parseNumber(argv[4], seat.input) ||
        !parseNumber(argv[5], seat.output) || !parseNumber(argv[6], seat.stopFd) ||
        !parseNumber(argv[7], seat.createdNs) || !parseNumber(argv[8], seat.firstTask.value) ||
        !parseNumber(argv[9], objectsFd) || !parseNumber(argv[10], imageFd)) {
        return kBadArguments; // typed by hand: this is for the program itself
    }
    settleIn(seat.parent);
    auto settings = readProgramImage(imageFd);
    close(imageFd);
    if (!settings) {
        return kNoSession;
    }
    auto objects = SharedObjects::attach(objectsFd, settings->program);
    if (!objects) {
        return kNoSession;
    }
    return workUntilTheEnd(settings->sessionFolder,
                           {settings->program,
                            settings->speed,
                            settings->loopback,
                            *objects,
                            seat.stopFd,
                            settings->firstExtraStep,
                            {}},
                           seat);
}

} // namespace interleave::models
