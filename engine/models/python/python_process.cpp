// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/python_process.h"

#include "engine/models/sync/futex.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace interleave::models {

namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds kReapPeriodNs = 1'000'000;
constexpr int kLifeFd = 3; // in the program

std::vector<std::string> environmentOf(const PythonStart& start) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        const bool isReplaced = std::ranges::any_of(
            start.variables, [&](const auto& variable) { return variable.first == name; });
        if (!isReplaced) {
            all.emplace_back(text);
        }
    }
    for (const auto& [name, value] : start.variables) {
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

std::unexpected<Error> cannotStart(const PythonStart& start, int code) {
    return fail(
        fmt::format("{} can't be started: {}.", start.program.string(), std::strerror(code)),
        ErrorKind::MissingPart);
}

/// What posix_spawn() is told; freed with it.
struct SpawnPlan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    SpawnPlan() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
};

/// State letter and process group of a line of /proc/PID/stat.
std::pair<char, pid_t> stateAndGroup(const fs::path& stat) {
    std::ifstream stream(stat);
    std::string line;
    std::getline(stream, line);
    const std::size_t after = line.rfind(") "); // the name before it may hold anything
    if (after == std::string::npos || after + 2 >= line.size()) {
        return {'X', 0};
    }
    const char state = line[after + 2];
    std::array<int, 2> numbers{}; // parent, group
    const char* at = line.data() + after + 3;
    const char* const end = line.data() + line.size();
    for (int& number : numbers) {
        while (at < end && *at == ' ') {
            ++at;
        }
        at = std::from_chars(at, end, number).ptr;
    }
    return {state, numbers[1]};
}

bool isNumber(const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

bool isAnyThreadAwake(const fs::path& process) {
    std::error_code ignored;
    for (const auto& thread : fs::directory_iterator(process / "task", ignored)) {
        const char state = stateAndGroup(thread.path() / "stat").first;
        if (state == 'R' || state == 'D') {
            return true;
        }
    }
    return false;
}

} // namespace

Result<PythonProcess> PythonProcess::start(const PythonStart& start) {
    std::array<int, 2> life{};
    if (::pipe2(life.data(), O_CLOEXEC) != 0) {
        return cannotStart(start, errno);
    }
    SpawnPlan plan;
    const std::string output = start.output.string();
    ::posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&plan.actions, STDOUT_FILENO, output.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::posix_spawn_file_actions_adddup2(&plan.actions, STDOUT_FILENO, STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&plan.actions, life[0], kLifeFd);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&plan.attributes, &none);
    ::posix_spawnattr_setsigdefault(&plan.attributes, &all);
    ::posix_spawnattr_setpgroup(&plan.attributes, 0);
    ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                     POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> words = start.arguments;
    words.insert(words.begin(), start.program.string());
    std::vector<std::string> environment = environmentOf(start);
    std::vector<char*> wordPointers = pointersTo(words);
    std::vector<char*> environmentPointers = pointersTo(environment);
    // What its processes leave behind becomes our child, so that it can be waited for.
    int wasReaper = 0;
    ::prctl(PR_GET_CHILD_SUBREAPER, &wasReaper);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t pid = -1;
    const int code = ::posix_spawn(&pid, start.program.c_str(), &plan.actions, &plan.attributes,
                                   wordPointers.data(), environmentPointers.data());
    if (code != 0) {
        ::close(life[0]);
        ::close(life[1]);
        ::prctl(PR_SET_CHILD_SUBREAPER, wasReaper);
        return cannotStart(start, code);
    }
    // SIGIO ends a process that does not expect it.
    ::fcntl(life[0], F_SETOWN, -pid);
    ::fcntl(life[0], F_SETFL, O_ASYNC);
    ::close(life[0]);
    const int pidFd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    return PythonProcess(pid, pidFd, life[1], wasReaper);
}

PythonProcess::PythonProcess(pid_t pid, int pidFd, int life, int wasReaper)
    : m_pid(pid)
    , m_pidFd(pidFd)
    , m_life(life)
    , m_wasReaper(wasReaper) {}

PythonProcess::PythonProcess(PythonProcess&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1))
    , m_pidFd(std::exchange(other.m_pidFd, -1))
    , m_life(std::exchange(other.m_life, -1))
    , m_wasReaper(other.m_wasReaper)
    , m_status(other.m_status) {}

PythonProcess::~PythonProcess() {
    if (m_pid > 0) {
        end(0);
        ::close(m_life);
        if (m_pidFd >= 0) {
            ::close(m_pidFd);
        }
        ::prctl(PR_SET_CHILD_SUBREAPER, m_wasReaper);
    }
}

bool PythonProcess::wait(Nanoseconds longest, int stopFd) {
    std::array<pollfd, 2> watched{pollfd{m_pidFd, POLLIN, 0}, pollfd{stopFd, POLLIN, 0}};
    const timespec timeout{longest / 1'000'000'000, longest % 1'000'000'000};
    ::ppoll(watched.data(), watched.size(), &timeout, nullptr);
    int status = 0;
    if (!m_status && ::waitpid(m_pid, &status, WNOHANG) == m_pid) {
        m_status = status;
    }
    return m_status.has_value();
}

bool PythonProcess::isAsleep() const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        if (!isNumber(entry.path().filename().string()) ||
            stateAndGroup(entry.path() / "stat").second != m_pid) {
            continue;
        }
        if (isAnyThreadAwake(entry.path())) {
            return false;
        }
    }
    return true;
}

/// True: nobody of the group is left.
bool PythonProcess::reapAll() {
    while (true) {
        int status = 0;
        const pid_t reaped = ::waitpid(-m_pid, &status, WNOHANG);
        if (reaped == m_pid) {
            m_status = status;
        }
        if (reaped == 0 || (reaped < 0 && errno == EINTR)) {
            return false;
        }
        if (reaped < 0) {
            return true;
        }
    }
}

void PythonProcess::end(Nanoseconds grace) {
    const Nanoseconds graceEndsNs = monotonicNow() + grace;
    const timespec pause{0, kReapPeriodNs};
    bool isKilled = false;
    while (!reapAll()) {
        if (monotonicNow() >= graceEndsNs) {
            ::kill(-m_pid, SIGKILL); // again and again: one may just have been forked
            isKilled = true;
        }
        ::nanosleep(&pause, nullptr);
    }
    if (!isKilled) {
        ::kill(-m_pid, SIGKILL); // whoever is not our child; normally nobody
    }
}

} // namespace interleave::models
