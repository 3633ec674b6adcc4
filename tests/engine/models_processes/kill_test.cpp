// SPDX-License-Identifier: GPL-3.0-or-later
// Violence from outside: workers that are killed, and a runner that is.
#include "engine/models/processes/processes.h"
#include "engine/models/sync/futex.h"
#include "tests/engine/models_async/model_run.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace interleave::models {

namespace {

/// Children of a process that call themselves "worker N".
std::vector<pid_t> workersOf(pid_t parent) {
    std::vector<pid_t> workers;
    std::error_code ignored;
    const std::filesystem::path tasks = "/proc/" + std::to_string(parent) + "/task";
    for (const auto& thread : std::filesystem::directory_iterator(tasks, ignored)) {
        std::ifstream children(thread.path() / "children");
        for (pid_t pid = 0; children >> pid;) {
            std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
            std::string name;
            if (std::getline(comm, name) && name.starts_with("worker ")) {
                workers.push_back(pid);
            }
        }
    }
    return workers;
}

std::vector<pid_t> waitForWorkersOf(pid_t parent, std::size_t count) {
    const Nanoseconds deadline = monotonicNow() + 20'000'000'000;
    std::vector<pid_t> workers;
    const FutexWord never{0};
    while ((workers = workersOf(parent)).size() < count && monotonicNow() < deadline) {
        futexWait(never, 0, monotonicNow() + 1'000'000);
    }
    return workers;
}

} // namespace

TEST(ProcessesModel, ReplacesAWorkerThatSomebodyKills) {
    std::jthread killer([] {
        const std::vector<pid_t> workers = waitForWorkersOf(getpid(), 2);
        ASSERT_EQ(workers.size(), 2u);
        kill(workers[0], SIGKILL);
    });
    const ModelRun result = runModel(*makeProcesses(), R"(
        name = "t"
        [[task]]
        name = "dish"
        count = 4
        retries = 1
        steps = [ { sleep = "300 ms" } ]
    )");
    killer.join();
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_THAT(result.illegalTransitions(), testing::IsEmpty());
    ASSERT_EQ(result.diagnostics.size(), 1u);
    EXPECT_THAT(result.diagnostics[0], testing::HasSubstr("signal 9"));
}

TEST(ProcessesModel, LeavesNoWorkerBehindWhenTheRunnerIsKilled) {
    prctl(PR_SET_CHILD_SUBREAPER, 1); // orphans come to us, so that we can see how they ended
    const pid_t runner = fork();
    if (runner == 0) {
        runModel(*makeProcesses(), R"(
            name = "t"
            [[task]]
            name = "long"
            count = 2
            steps = [ { sleep = "60 s" } ]
        )");
        _exit(0);
    }
    const std::vector<pid_t> workers = waitForWorkersOf(runner, 2);
    EXPECT_EQ(workers.size(), 2u);
    kill(runner, SIGKILL);
    EXPECT_EQ(waitpid(runner, nullptr, 0), runner);
    for (const pid_t worker : workers) {
        int status = 0;
        EXPECT_EQ(waitpid(worker, &status, 0), worker);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    while (waitpid(-1, nullptr, 0) > 0) { // the loopback server ends by itself too
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

} // namespace interleave::models
