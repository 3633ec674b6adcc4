// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/worker_handle.h"

#include "engine/models/sync/futex.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace interleave::models {

namespace {

// What one worker's pipe may carry before the others get their turn.
constexpr std::size_t kBytesATurn = std::size_t{1} << 20;

std::unexpected<Error> startError(int number, const char* what, int error) {
    rlimit processes{};
    rlimit files{};
    getrlimit(RLIMIT_NPROC, &processes);
    getrlimit(RLIMIT_NOFILE, &files);
    return fail(fmt::format("Worker process {} can't be started: {} failed ({}). This shell "
                            "allows {} processes and {} open files; use fewer --workers or raise "
                            "the limit with ulimit -u or ulimit -n.",
                            number, what, std::strerror(error), processes.rlim_cur, files.rlim_cur),
                ErrorKind::MissingPart);
}

/// Both pipes of a worker; closes what nobody has taken.
struct Pipes {
    int toWorker[2] = {-1, -1};   // [0] the worker reads, [1] the runner writes
    int fromWorker[2] = {-1, -1}; // [0] the runner reads, [1] the worker writes

    Pipes() = default;
    Pipes(const Pipes&) = delete;
    Pipes& operator=(const Pipes&) = delete;
    ~Pipes() {
        for (const int fd : {toWorker[0], toWorker[1], fromWorker[0], fromWorker[1]}) {
            if (fd >= 0) {
                close(fd);
            }
        }
    }
    bool open() {
        return pipe2(toWorker, O_CLOEXEC) == 0 && pipe2(fromWorker, O_CLOEXEC) == 0 &&
               fcntl(toWorker[1], F_SETFL, O_NONBLOCK) == 0 &&
               fcntl(fromWorker[0], F_SETFL, O_NONBLOCK) == 0;
    }
};

/// posix_spawn of this program: neither the runner's memory nor its descriptors go along, but for
/// those named. Returns 0 or an errno.
int spawnWorker(const WorkerOrigin& origin, const WorkerSeat& seat, pid_t& pid) {
    const std::vector<std::string> arguments =
        spawnArguments(origin.context.programPath, seat, origin.objects.fd(), origin.imageFd);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // A dup2 onto itself takes the close-on-exec mark away, in the child only.
    for (const int fd :
         {seat.input, seat.output, seat.stopFd, origin.objects.fd(), origin.imageFd}) {
        posix_spawn_file_actions_adddup2(&actions, fd, fd);
    }
    const int error = posix_spawn(&pid, origin.context.programPath.c_str(), &actions, nullptr,
                                  argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

} // namespace

Result<WorkerHandle> WorkerHandle::start(const WorkerOrigin& origin, int number, TaskId firstTask) {
    Pipes pipes;
    if (!pipes.open()) {
        return startError(number, "pipe2", errno);
    }
    const WorkerSeat seat{number,        getpid(),       pipes.toWorker[0], pipes.fromWorker[1],
                          origin.stopFd, monotonicNow(), firstTask,         origin.triesOnce};
    pid_t pid = -1;
    if (origin.start == StartKind::Fork) {
        pid = fork();
        if (pid == 0) {
            runForkedWorker(origin.context, origin.objects, seat);
        }
        if (pid < 0) {
            return startError(number, "fork", errno);
        }
    } else if (const int error = spawnWorker(origin, seat, pid); error != 0) {
        return startError(number, origin.context.programPath.c_str(), error);
    }
    return WorkerHandle(pid, number, std::exchange(pipes.toWorker[1], -1),
                        std::exchange(pipes.fromWorker[0], -1));
}

WorkerHandle::WorkerHandle(pid_t pid, int number, int toWorker, int fromWorker)
    : m_pid(pid)
    , m_pidAtStart(pid)
    , m_number(number)
    , m_toWorker(toWorker)
    , m_fromWorker(fromWorker) {}

WorkerHandle::WorkerHandle(WorkerHandle&& other) noexcept {
    *this = std::move(other);
}

WorkerHandle& WorkerHandle::operator=(WorkerHandle&& other) noexcept {
    std::swap(isReady, other.isReady);
    std::swap(task, other.task);
    std::swap(attempt, other.attempt);
    std::swap(m_pid, other.m_pid);
    std::swap(m_pidAtStart, other.m_pidAtStart);
    std::swap(m_number, other.m_number);
    std::swap(m_toWorker, other.m_toWorker);
    std::swap(m_fromWorker, other.m_fromWorker);
    std::swap(m_outgoing, other.m_outgoing);
    std::swap(m_sent, other.m_sent);
    std::swap(m_incoming, other.m_incoming);
    std::swap(m_received, other.m_received);
    std::swap(m_isDelivered, other.m_isDelivered);
    std::swap(m_payload, other.m_payload);
    std::swap(m_isGone, other.m_isGone);
    std::swap(m_status, other.m_status);
    return *this;
}

WorkerHandle::~WorkerHandle() {
    killAndReap();
    closeInput();
    if (m_fromWorker >= 0) {
        close(m_fromWorker);
    }
}

void WorkerHandle::send(std::vector<std::byte> packed) {
    m_outgoing = std::move(packed);
    m_sent = 0;
    sendMore();
}

void WorkerHandle::sendMore() {
    const std::size_t turnEnds = m_sent + kBytesATurn;
    while (isSending()) {
        if (m_sent >= turnEnds) {
            return;
        }
        const ssize_t written =
            write(m_toWorker, m_outgoing.data() + m_sent, m_outgoing.size() - m_sent);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0 && errno == EAGAIN) {
            return;
        }
        m_sent = written < 0 ? m_outgoing.size() : m_sent + static_cast<std::size_t>(written);
    }
    m_outgoing = std::vector<std::byte>(); // the argument's memory goes back at once, as a pickled
                                           // one's does
    m_sent = 0;
}

WorkerHandle::Received WorkerHandle::receiveMore() {
    if (std::exchange(m_isDelivered, false)) {
        m_received = 0;
        m_payload = std::vector<std::byte>();
    }
    const std::size_t turnEnds = m_received + kBytesATurn;
    while (!m_isGone && m_received < turnEnds) {
        const bool isInHeader = m_received < sizeof m_incoming;
        if (!isInHeader && m_payload.size() != m_incoming.bytes) {
            m_payload.resize(m_incoming.bytes);
        }
        const std::size_t done = isInHeader ? m_received : m_received - sizeof m_incoming;
        const std::span<std::byte> target =
            (isInHeader ? std::as_writable_bytes(std::span(&m_incoming, 1))
                        : std::span<std::byte>(m_payload))
                .subspan(done);
        if (target.empty()) {
            m_isDelivered = true;
            return Received::Next;
        }
        const ssize_t got = read(m_fromWorker, target.data(), target.size());
        if (got > 0) {
            m_received += static_cast<std::size_t>(got);
        } else if (got < 0 && errno == EAGAIN) {
            return Received::Later;
        } else if (got == 0 || errno != EINTR) {
            m_isGone = true;
        }
    }
    return Received::Later;
}

void WorkerHandle::closeInput() {
    if (m_toWorker >= 0) {
        close(std::exchange(m_toWorker, -1));
    }
}

bool WorkerHandle::tryReap() {
    if (m_pid > 0 && waitpid(m_pid, &m_status, WNOHANG) == m_pid) {
        m_pid = -1;
    }
    return m_pid <= 0;
}

void WorkerHandle::killAndReap() {
    if (m_pid > 0) {
        kill(m_pid, SIGKILL);
        while (waitpid(m_pid, &m_status, 0) < 0 && errno == EINTR) {
        }
        m_pid = -1;
    }
}

std::string WorkerHandle::obituary() const {
    if (WIFSIGNALED(m_status)) {
        const int number = WTERMSIG(m_status);
        return fmt::format("was killed by signal {} ({})", number, strsignal(number));
    }
    return fmt::format("ended with exit code {}", WEXITSTATUS(m_status));
}

} // namespace interleave::models
