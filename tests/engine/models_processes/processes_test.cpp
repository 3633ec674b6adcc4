// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/processes/processes.h"
#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <gmock/gmock.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::models {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Every test of this suite runs with forked and with spawned workers.
class Processes : public testing::TestWithParam<const char*> {
protected:
    ModelRun run(const std::string& text, RunSettings settings = {}) {
        settings.parameters["start"] = GetParam();
        settings.programPath = std::filesystem::read_symlink("/proc/self/exe").string();
        ModelRun result =
            settings.stopAfter
                ? runAndStop(*makeProcesses(), text, settings, std::chrono::milliseconds(200))
                : runModel(*makeProcesses(), text, std::move(settings));
        EXPECT_TRUE(result.outcome.has_value())
            << (result.outcome ? "" : result.outcome.error().message);
        EXPECT_THAT(result.illegalTransitions(), IsEmpty());
        errno = 0;
        EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child process was left";
        EXPECT_EQ(errno, ECHILD);
        return result;
    }
};

std::set<std::uint32_t> pidsThatRan(const ModelRun& run) {
    std::set<std::uint32_t> pids;
    for (const scenario::Task& task : run.program.tasks) {
        for (const Stretch& stretch : run.stretches(task.id, State::Running)) {
            pids.insert(stretch.pid);
        }
    }
    return pids;
}

std::size_t diagnosed(const ModelRun& run, const std::string& kind) {
    return static_cast<std::size_t>(
        std::ranges::count_if(run.diagnostics, [&](const std::string& line) {
            return line.find('"' + kind + '"') != std::string::npos;
        }));
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Start, Processes, testing::Values("fork", "spawn"),
                         [](const auto& start) { return std::string(start.param); });

TEST_P(Processes, CarryArgumentsAndResultsLargerThanAPipeBothWays) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "big"
        count = 6
        payload = "3 MB"
        result = "2 MB"
        steps = [ { compute = "1 ms" } ]
    )");
    // A payload that arrived damaged would have ended the run with an error.
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    for (const scenario::Task& task : result.program.tasks) {
        EXPECT_GT(result.total(task.id, State::Transfer), 100'000) << task.name;
    }
    const auto pids = pidsThatRan(result);
    EXPECT_FALSE(pids.contains(static_cast<std::uint32_t>(getpid())));
    EXPECT_EQ(pids.size(), 2u);
}

TEST_P(Processes, ShowTheStartOfAWorkerOnTheFirstTaskThatItGets) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "dish"
        count = 4
        steps = [ { compute = "2 ms" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    for (std::uint32_t i = 1; i <= 2; ++i) {
        const auto starting = result.stretches(TaskId{i}, State::Starting);
        ASSERT_FALSE(starting.empty());
        EXPECT_EQ(starting.back().stream.substr(0, 7), "worker ");
        EXPECT_GT(result.total(TaskId{i}, State::Starting), 0);
    }
}

TEST_P(Processes, NeverGiveAWorkerTwoTasksAtOnce) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "dish"
        count = 12
        steps = [ { compute = "1 ms" }, { sleep = "1 ms" }, { io = "1 ms" } ]
    )",
                                {.workers = 3});
    EXPECT_EQ(result.countEnds(State::Done), 12u);
    struct Run {
        std::uint32_t pid;
        TimeRange range;
    };
    std::vector<Run> runs;
    for (const scenario::Task& task : result.program.tasks) {
        const auto running = result.stretches(task.id, State::Running);
        ASSERT_FALSE(running.empty());
        runs.push_back(
            {running.front().pid, {running.front().range.beginNs, running.back().range.endNs}});
    }
    for (const Run& a : runs) {
        for (const Run& b : runs) {
            EXPECT_FALSE(&a != &b && a.pid == b.pid && a.range.overlaps(b.range));
        }
    }
}

TEST_P(Processes, GoOnAfterACrashAndRetryTheTaskIfItMay) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "shaky"
        retries = 1
        retry_delay = "1 ms"
        steps = [ { compute = "200 us" }, { crash = "first-try" }, { compute = "200 us" } ]
        [[task]]
        name = "hopeless"
        steps = [ { crash = "always" } ]
        [[task]]
        name = "other"
        count = 5
        steps = [ { compute = "1 ms" } ]
    )");
    EXPECT_EQ(result.endOf(result.task("shaky")), State::Done);
    EXPECT_EQ(result.stretches(result.task("shaky"), State::Retrying).size(), 1u);
    EXPECT_EQ(result.endOf(result.task("hopeless")), State::Failed);
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    EXPECT_EQ(diagnosed(result, "worker-died"), 2u);
}

TEST_P(Processes, FreeTheLockOfATaskWhoseWorkerDied) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "stove"
        [[task]]
        name = "hopeless"
        steps = [ { lock = "stove", steps = [ { crash = "always" } ] } ]
        [[task]]
        name = "other"
        count = 3
        steps = [ { lock = "stove", steps = [ { compute = "1 ms" } ] } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 3u);
    EXPECT_EQ(result.countEnds(State::Failed), 1u);
}

TEST_P(Processes, RunTasksThatTasksSpawn) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "chef"
        steps = [ { spawn = "helper", count = 5 }, { await = "helper" }, { compute = "200 us" } ]
        [[task]]
        name = "helper"
        count = 0
        payload = "10 kB"
        steps = [ { compute = "500 us" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    // It may find all its helpers done already, but never goes on before they are.
    const Nanoseconds chefEnd = result.stretches(result.task("chef")).back().range.beginNs;
    for (std::uint32_t i = 2; i <= 6; ++i) {
        EXPECT_LT(result.stretches(TaskId{i}).back().range.beginNs, chefEnd);
    }
}

TEST_P(Processes, NameADeadlockAcrossProcesses) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "salt"
        [[lock]]
        name = "pepper"
        [[barrier]]
        name = "both"
        parties = 2
        [[task]]
        name = "left"
        steps = [ { lock = "salt", steps = [ { barrier = "both" }, { lock = "pepper", steps = [ { compute = "1 ms" } ] } ] } ]
        [[task]]
        name = "right"
        steps = [ { lock = "pepper", steps = [ { barrier = "both" }, { lock = "salt", steps = [ { compute = "1 ms" } ] } ] } ]
    )");
    ASSERT_TRUE(result.outcome.has_value());
    for (const char* name : {"left", "right", "salt", "pepper"}) {
        EXPECT_THAT(result.outcome->deadlock, HasSubstr(name));
    }
    EXPECT_EQ(result.countEnds(State::Cancelled), 2u);
    EXPECT_EQ(diagnosed(result, "worker-died"), 0u);
}

TEST_P(Processes, StopSoonWhateverTheirTasksAreDoing) {
    for (const char* step : {R"({ compute = "60 s" })", R"({ sleep = "60 s" })",
                             R"({ io = "60 s" })", R"({ get = "belt" })"}) {
        const ModelRun result = run(std::string(R"(
            name = "t"
            [[queue]]
            name = "belt"
            [[task]]
            name = "long"
            count = 4
            payload = "1 MB"
            steps = [ )") + step + R"( ]
            [[task]]
            name = "later"
            every = "60 s"
            count = 2
            steps = [ { put = "belt" }, { compute = "60 s" } ]
        )",
                                    {.stopAfter = std::chrono::milliseconds(60)});
        EXPECT_GE(result.countEnds(State::Cancelled), 4u) << step;
        EXPECT_LT(result.stopTookNs, 200'000'000) << step;
        EXPECT_EQ(diagnosed(result, "worker-died"), 0u) << step;
    }
}

TEST_P(Processes, HaveNothingToDoWithoutTasks) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "never"
        count = 0
        steps = [ { compute = "1 ms" } ]
    )");
    EXPECT_TRUE(result.program.tasks.empty());
    EXPECT_TRUE(result.outcome->deadlock.empty());
}

TEST_P(Processes, EndTenThousandTinyTasks) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "tiny"
        count = 10000
        steps = [ { compute = "2 us" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 10'000u);
}

TEST(ProcessesModel, SaysWhyAProgramCannotBeSpawned) {
    const ModelRun result =
        runModel(*makeProcesses(), R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "1 ms" } ]
    )",
                 {.parameters = {{"start", "spawn"}}, .programPath = "/nowhere/at/all"});
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message, HasSubstr("No such file or directory"));
}

TEST(ProcessesModel, GivesUpWhenWorkersNeverComeUp) {
    const ModelRun result =
        runModel(*makeProcesses(), R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "1 ms" } ]
    )",
                 {.parameters = {{"start", "spawn"}}, .programPath = "/bin/false"});
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message, HasSubstr("exit code 1"));
}

} // namespace interleave::models
