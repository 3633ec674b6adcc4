// SPDX-License-Identifier: GPL-3.0-or-later
// Ending a run from outside: Ctrl-C within 200 ms with everything kept, kill -9 with everything
// recorded so far readable, and never a process left behind.
#include "tests/truth/program_run.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <poll.h>
#include <sstream>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::truth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kLongWork = R"(
name = "Long work"
[run]
workers = 3
[[lock]]
name = "door"
[[task]]
name = "computes"
count = 2
steps = [ { compute = "60 s" } ]
[[task]]
name = "downloads"
count = 2
steps = [ { io = "60 s" } ]
[[task]]
name = "sleeps"
steps = [ { sleep = "60 s" } ]
[[task]]
name = "locks"
count = 3
steps = [ { lock = "door", steps = [ { sleep = "60 s" } ] } ]
)";

/// Processes that carry a mark in their environment.
int processesMarked(const std::string& mark) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream stream(entry.path() / "environ", std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        // A zombie has no environment: it is dead and only waits for its parent's attention.
        count += text.str().find(mark) != std::string::npos ? 1 : 0;
    }
    return count;
}

/// A run of the long work that goes on in the background.
class BackgroundRun {
public:
    explicit BackgroundRun(const std::string& model, const std::string& tag = "") {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "interleave-stop-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        std::ofstream(m_folder / "long.toml") << kLongWork;
        m_mark = "INTERLEAVE_TEST_MARK=" + m_folder.string() + tag;
        m_pid = ::fork();
        if (m_pid == 0) {
            ::putenv(m_mark.data());
            const int null = ::open("/dev/null", O_WRONLY);
            ::dup2(null, 1);
            ::execl(PROGRAM, PROGRAM, "run", (m_folder / "long.toml").c_str(), "--model",
                    model.c_str(), "--session", session().c_str(), "-o", output().c_str(), nullptr);
            ::_exit(127);
        }
    }
    BackgroundRun(const BackgroundRun&) = delete;
    BackgroundRun& operator=(const BackgroundRun&) = delete;
    ~BackgroundRun() {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
        std::filesystem::remove_all(m_folder);
    }

    std::filesystem::path session() const { return m_folder / "session"; }
    std::filesystem::path output() const { return m_folder / "run.ilv"; }
    const std::string& mark() const { return m_mark; }

    /// Waits until a task runs: the session's statistics show running time.
    bool waitUntilItWorks() const {
        const auto deadline = Clock::now() + std::chrono::seconds(20);
        while (Clock::now() < deadline) {
            const ProgramResult stats = runProgram({"stats", session(), "--json"});
            const auto json = nlohmann::json::parse(stats.out, nullptr, false);
            if (!json.is_discarded() && json.contains("states_s") &&
                json["states_s"].value("running", 0.0) > 0.05) {
                return true;
            }
            ::poll(nullptr, 0, 20);
        }
        return false;
    }

    /// Sends the signal; returns how long the end took, and the wait status.
    std::pair<double, int> end(int signal) {
        const auto begin = Clock::now();
        ::kill(m_pid, signal);
        int status = 0;
        ::waitpid(m_pid, &status, 0);
        m_pid = -1;
        return {std::chrono::duration<double>(Clock::now() - begin).count(), status};
    }

private:
    std::filesystem::path m_folder;
    std::string m_mark;
    pid_t m_pid = -1;
};

bool noneIsLeft(const std::string& mark) {
    const auto deadline = Clock::now() + std::chrono::seconds(2);
    while (processesMarked(mark) > 0) {
        if (Clock::now() > deadline) {
            return false;
        }
        ::poll(nullptr, 0, 10);
    }
    return true;
}

class Stopping : public testing::TestWithParam<const char*> {};

TEST_P(Stopping, ByCtrlCEndsWithin200MsKeepsTheRecordingAndLeavesNoProcess) {
    expectWithinThreeTries([]() -> std::string {
        BackgroundRun run(GetParam());
        if (!run.waitUntilItWorks()) {
            return "the run did not begin";
        }
        const auto [seconds, status] = run.end(SIGINT);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 130) {
            return fmt::format("wait status {}", status);
        }
        if (processesMarked(run.mark()) > 0) {
            return "a process is left";
        }
        const ProgramResult stats = runProgram({"stats", run.output(), "--json"});
        const auto json = nlohmann::json::parse(stats.out, nullptr, false);
        if (json.is_discarded() || json["states_s"].value("running", 0.0) <= 0.05) {
            return "what was recorded is not there: " + stats.err;
        }
        if (json["tasks"]["cancelled"] != json["tasks"]["total"]) {
            return "tasks without an end mark: " + json["tasks"].dump();
        }
        return seconds <= 0.2 ? "" : fmt::format("took {:.0f} ms", seconds * 1e3);
    });
}

TEST_P(Stopping, ByKillLeavesAReadableSessionAndNoProcess) {
    BackgroundRun run(GetParam());
    ASSERT_TRUE(run.waitUntilItWorks());
    run.end(SIGKILL);
    EXPECT_TRUE(noneIsLeft(run.mark()));
    const ProgramResult stats = runProgram({"stats", run.session(), "--json"});
    ASSERT_EQ(stats.exitCode, 0) << stats.err;
    const auto json = nlohmann::json::parse(stats.out);
    EXPECT_GT(json["states_s"].value("running", 0.0), 0.05);
}

INSTANTIATE_TEST_SUITE_P(Models, Stopping,
                         testing::Values("sequential", "threads", "gil-threads", "processes",
                                         "event-loop", "event-loop+pool", "work-stealing"),
                         [](const auto& instance) {
                             std::string name = instance.param;
                             std::erase_if(name, [](char c) { return c == '-' || c == '+'; });
                             return name;
                         });

TEST(Deadlock, EndsByItselfAndNamesTheTasksAndLocksOfTheCycle) {
    for (const char* model :
         {"threads", "gil-threads", "processes", "event-loop", "work-stealing"}) {
        const auto begin = Clock::now();
        const ProgramResult run = runProgram(
            {"run", std::string(SCENARIOS) + "/two-locks-deadlock.toml", "--model", model});
        EXPECT_LT(std::chrono::duration<double>(Clock::now() - begin).count(), 10) << model;
        EXPECT_EQ(run.exitCode, 0) << model << run.err;
        EXPECT_NE(run.err.find("deadlock"), std::string::npos) << model << ": " << run.err;
    }
}

} // namespace
} // namespace interleave::truth
