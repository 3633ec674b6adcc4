// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/python_process.h"

#include "engine/models/sync/futex.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::models {

namespace {

/// Does the shell's work, and what it started in the background, too.
PythonStart shell(const std::string& script) {
    return {"/bin/sh", {"-c", script}, {}, "/dev/null"};
}

/// Gone, or dead and waiting for its parent.
bool isOver(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    return !std::getline(stat, line) || line.find(") Z") != std::string::npos;
}

bool isOverWithin(pid_t pid, Nanoseconds longest) {
    const Nanoseconds endsNs = monotonicNow() + longest;
    const timespec pause{0, 2'000'000};
    while (!isOver(pid) && monotonicNow() < endsNs) {
        ::nanosleep(&pause, nullptr);
    }
    return isOver(pid);
}

} // namespace

TEST(PythonProcess, TellsHowItEnded) {
    auto process = PythonProcess::start(shell("exit 7"));
    ASSERT_TRUE(process.has_value()) << process.error().message;
    while (!process->wait(kSecond, -1)) {
    }
    EXPECT_EQ(WEXITSTATUS(process->status().value()), 7);
}

TEST(PythonProcess, AFileThatIsNoProgramCantBeStarted) {
    auto process = PythonProcess::start({"/etc/passwd", {}, {}, "/dev/null"});
    ASSERT_FALSE(process.has_value());
    EXPECT_NE(process.error().message.find("/etc/passwd can't be started"), std::string::npos);
}

TEST(PythonProcess, EndsWithAllThatItStarted) {
    char path[] = "/tmp/interleave-process-test-XXXXXX";
    ::close(::mkstemp(path));
    pid_t child = 0;
    {
        auto process = PythonProcess::start(
            shell(std::string("sleep 1000 & echo $! > ") + path + "; sleep 1000"));
        ASSERT_TRUE(process.has_value());
        while (child == 0) {
            std::ifstream(path) >> child;
        }
        EXPECT_FALSE(process->wait(0, -1));
    }
    EXPECT_TRUE(isOver(child));
    ::unlink(path);
}

TEST(PythonProcess, EndsWhenTheProgramThatStartedItIsKilled) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t runner = ::fork();
    if (runner == 0) {
        auto process = PythonProcess::start(shell("sleep 1000 & sleep 1000"));
        std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
        pid_t shellPid = 0;
        children >> shellPid;
        [[maybe_unused]] const auto written = ::write(pipe[1], &shellPid, sizeof shellPid);
        ::kill(::getpid(), SIGKILL);
    }
    pid_t shellPid = 0;
    ASSERT_EQ(::read(pipe[0], &shellPid, sizeof shellPid), static_cast<ssize_t>(sizeof shellPid));
    ASSERT_GT(shellPid, 0);
    int status = 0;
    ::waitpid(runner, &status, 0);
    EXPECT_TRUE(isOverWithin(shellPid, 5 * kSecond));
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST(PythonProcess, SleepsWhileItWaitsAndNotWhileItComputes) {
    auto waits = PythonProcess::start({"/bin/sleep", {"1000"}, {}, "/dev/null"});
    auto computes = PythonProcess::start(shell("while true; do true; done"));
    ASSERT_TRUE(waits && computes);
    const Nanoseconds endsNs = monotonicNow() + 10 * kSecond;
    while ((!waits->isAsleep() || computes->isAsleep()) && monotonicNow() < endsNs) {
    }
    EXPECT_TRUE(waits->isAsleep());
    EXPECT_FALSE(computes->isAsleep());
}

} // namespace interleave::models
