// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/program/launch.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace interleave::program {

namespace {

sigset_t takenSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD}) {
        sigaddset(&set, signal);
    }
    return set;
}

std::vector<std::string> environmentOf(const Launch& launch) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const bool isReplaced = std::ranges::any_of(launch.variables, [&](const auto& variable) {
            return text.starts_with(variable.first + "=");
        });
        if (!isReplaced) {
            all.emplace_back(text);
        }
    }
    for (const auto& [name, value] : launch.variables) {
        all.push_back(name + "=" + value);
    }
    return all;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// In the child: only what is allowed after a fork.
[[noreturn]] void becomeProgram(const char* file, char** words, char** environment,
                                const sigset_t& mask, int go, int error) {
    char word = 0;
    ssize_t got = 0;
    do {
        got = ::read(go, &word, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) {
        ::_exit(127); // whoever wanted to start the program has gone
    }
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    ::execve(file, words, environment);
    if (errno == ENOEXEC) { // a script without a first line that says so: as a shell does it
        char shell[] = "/bin/sh";
        words[-1] = shell;
        words[0] = const_cast<char*>(file);
        ::execve(shell, words - 1, environment);
    }
    const int reason = errno;
    static_cast<void>(!::write(error, &reason, sizeof reason));
    ::_exit(127);
}

std::unexpected<Error> refuse(const std::string& what, int error) {
    return fail(fmt::format("{} ({}); end other programs or raise \"ulimit -u\" and \"ulimit -n\".",
                            what, std::system_category().message(error)),
                ErrorKind::MissingPart);
}

} // namespace

Result<LaunchedProgram> LaunchedProgram::prepare(const Launch& launch) {
    int go[2];
    int error[2];
    if (::pipe2(go, O_CLOEXEC) != 0 || ::pipe2(error, O_CLOEXEC) != 0) {
        return refuse("The program can't be started: no pipe", errno);
    }
    std::vector<std::string> words = launch.words;
    words.insert(words.begin(), std::string()); // room for a shell's name
    std::vector<std::string> environment = environmentOf(launch);
    std::vector<char*> wordPointers = pointersTo(words);
    std::vector<char*> environmentPointers = pointersTo(environment);

    const sigset_t taken = takenSignals();
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &taken, &before);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::close(go[1]);
        becomeProgram(launch.file.c_str(), wordPointers.data() + 1, environmentPointers.data(),
                      before, go[0], error[1]);
    }
    const int forkError = errno;
    ::close(go[0]);
    ::close(error[1]);
    if (pid < 0) {
        ::close(go[1]);
        ::close(error[0]);
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        return refuse("The program can't be started: no process", forkError);
    }
    // Where it is ignored, the kernel would forget how the program ended.
    ::signal(SIGCHLD, SIG_DFL);
    return LaunchedProgram(pid, go[1], error[0],
                           ::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
}

LaunchedProgram::LaunchedProgram(LaunchedProgram&& other) noexcept
    : m_pid(other.m_pid)
    , m_go(std::exchange(other.m_go, -1))
    , m_error(std::exchange(other.m_error, -1))
    , m_signals(std::exchange(other.m_signals, -1))
    , m_status(other.m_status) {}

LaunchedProgram::~LaunchedProgram() {
    for (const int fd : {m_go, m_error, m_signals}) {
        if (fd >= 0) {
            ::close(fd);
        }
    }
}

Result<void> LaunchedProgram::start() {
    const char word = 1;
    while (::write(m_go, &word, 1) < 0 && errno == EINTR) {
    }
    int reason = 0;
    ssize_t got = 0;
    do {
        got = ::read(m_error, &reason, sizeof reason);
    } while (got < 0 && errno == EINTR);
    ::close(std::exchange(m_go, -1));
    ::close(std::exchange(m_error, -1));
    if (got == static_cast<ssize_t>(sizeof reason)) {
        wait(std::chrono::seconds(1));
        return fail(fmt::format("The program can't be started ({}).",
                                std::system_category().message(reason)));
    }
    return {};
}

std::optional<int> LaunchedProgram::wait(std::chrono::milliseconds longest) {
    if (auto status = endedStatus()) {
        return status;
    }
    pollfd ready{m_signals, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(longest.count())) > 0) {
        passSignalOn();
    }
    return endedStatus();
}

std::optional<int> LaunchedProgram::endedStatus() {
    int status = 0;
    if (!m_status && ::waitpid(m_pid, &status, WNOHANG) == m_pid) {
        m_status = status;
    }
    return m_status;
}

void LaunchedProgram::passSignalOn() {
    signalfd_siginfo info{};
    while (::read(m_signals, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        // What the kernel sends of itself comes from the terminal, to the program as well as to us.
        const bool isSentByHand = info.ssi_code <= 0;
        if (info.ssi_signo != SIGCHLD && isSentByHand && !endedStatus()) {
            ::kill(m_pid, static_cast<int>(info.ssi_signo));
        }
    }
}

int exitAs(int waitStatus) {
    if (!WIFSIGNALED(waitStatus)) {
        return WEXITSTATUS(waitStatus);
    }
    const int signal = WTERMSIG(waitStatus);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none); // the program has left its own core file
    ::signal(signal, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    ::raise(signal);
    return 128 + signal;
}

} // namespace interleave::program
