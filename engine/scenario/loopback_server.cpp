// SPDX-License-Identifier: GPL-3.0-or-later
// The parent's end of the loopback server: the listening socket, the fork, the end.
#include "engine/scenario/loopback.h"
#include "engine/scenario/loopback_process.h"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace interleave::scenario {

namespace {

constexpr int kBacklog = 1 << 15; // the kernel lowers it to its own limit
constexpr int kListeningFd = 3;

std::unexpected<Error> startFailure(const char* what) {
    return fail(fmt::format("The loopback server can't start: {}: {}.", what, std::strerror(errno)),
                ErrorKind::MissingPart);
}

/// Keeps nothing of the parent's but the listening socket and stderr: an open pipe end or counter
/// of the run would outlive the run in here.
void keepOnlyListener(int listeningFd) {
    if (listeningFd != kListeningFd) {
        ::dup2(listeningFd, kListeningFd);
    }
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
    }
    ::close_range(kListeningFd + 1, ~0U, 0);
}

void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

[[noreturn]] void runChild(int listeningFd, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) { // it died before we could ask for the signal
        ::_exit(0);
    }
    ::prctl(PR_SET_NAME, "il-loopback");
    ::prctl(PR_SET_TIMERSLACK, 1); // answers leave when they are due, not up to 50 us later
    ::setpgid(0, 0);               // Ctrl-C reaches the runner, which then ends us
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    keepOnlyListener(listeningFd);
    raiseDescriptorLimit();
    // _exit: what the parent registered for its own end must not run here.
    ::_exit(serveLoopback(kListeningFd));
}

} // namespace

Result<LoopbackServer> LoopbackServer::start() {
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listening < 0) {
        return startFailure("no socket");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening, generic, sizeof(address)) != 0 || ::listen(listening, kBacklog) != 0 ||
        ::getsockname(listening, generic, &length) != 0) {
        auto failure = startFailure("127.0.0.1 can't be listened on");
        ::close(listening);
        return failure;
    }
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        runChild(listening, parent);
    }
    if (pid < 0) {
        auto failure = startFailure("no process");
        ::close(listening);
        return failure;
    }
    ::close(listening);
    LoopbackServer server;
    server.m_pid = pid;
    server.m_port = ntohs(address.sin_port);
    return server;
}

LoopbackServer::LoopbackServer(LoopbackServer&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1))
    , m_port(std::exchange(other.m_port, std::uint16_t{0})) {}

LoopbackServer& LoopbackServer::operator=(LoopbackServer&& other) noexcept {
    if (this != &other) {
        stop();
        m_pid = std::exchange(other.m_pid, -1);
        m_port = std::exchange(other.m_port, std::uint16_t{0});
    }
    return *this;
}

LoopbackServer::~LoopbackServer() {
    stop();
}

void LoopbackServer::stop() {
    if (m_pid <= 0) {
        return;
    }
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
}

Endpoint LoopbackServer::endpoint() const {
    return {m_port};
}

int LoopbackServer::pid() const {
    return m_pid;
}

} // namespace interleave::scenario
