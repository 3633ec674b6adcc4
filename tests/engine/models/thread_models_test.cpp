// SPDX-License-Identifier: GPL-3.0-or-later
// What distinguishes sequential, threads and gil-threads from one another; what all models have in
// common is tests/contracts' business.
#include "engine/models/gil_threads/gil_threads.h"
#include "engine/models/sequential/sequential.h"
#include "engine/models/threads/threads.h"
#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

namespace interleave::models {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

ModelRun run(const Model& model, const std::string& text, RunSettings settings = {}) {
    ModelRun result = runModel(model, text, std::move(settings));
    EXPECT_TRUE(result.outcome.has_value())
        << (result.outcome ? "" : result.outcome.error().message);
    EXPECT_THAT(result.illegalTransitions(), IsEmpty());
    return result;
}

/// How many tasks are recorded as running at once, at most.
int mostRunning(const ModelRun& run) {
    std::vector<std::pair<Nanoseconds, int>> edges;
    for (const scenario::Task& task : run.program.tasks) {
        for (const Stretch& stretch : run.stretches(task.id, State::Running)) {
            edges.emplace_back(stretch.range.beginNs, 1);
            edges.emplace_back(stretch.range.endNs, -1);
        }
    }
    std::ranges::sort(edges);
    int now = 0;
    int most = 0;
    for (const auto& [ns, change] : edges) {
        now += change;
        most = std::max(most, now);
    }
    return most;
}

std::set<std::string> workersOf(const ModelRun& run) {
    std::set<std::string> workers;
    for (const RecordedEvent& event : run.events) {
        if (event.kind == record::EventKind::ThreadStarted && event.stream != "control") {
            workers.insert(event.stream);
        }
    }
    return workers;
}

std::size_t countAcquired(const ModelRun& run, std::uint32_t object, record::Acquisition how) {
    return static_cast<std::size_t>(std::ranges::count_if(run.events, [&](const auto& event) {
        return event.kind == record::EventKind::LockAcquired && (event.b & 0xffff) == object &&
               event.b >> 16 == static_cast<std::uint32_t>(how);
    }));
}

std::string diagnosticsOf(const ModelRun& run) {
    std::string all;
    for (const std::string& line : run.diagnostics) {
        all += line + "\n";
    }
    return all;
}

const char* const kBurners = R"(
    name = "t"
    [[task]]
    name = "burner"
    count = 2
    steps = [ { compute = "60 ms" } ])";

const char* const kFamily = R"(
    name = "t"
    [[task]]
    name = "parent"
    steps = [ { spawn = "early", count = 2 }, { spawn = "late", count = 2 }, { await = "early" },
              { compute = "100 us" } ]
    [[task]]
    name = "next"
    steps = [ { compute = "100 us" } ]
    [[task]]
    name = "early"
    count = 0
    steps = [ { compute = "100 us" } ]
    [[task]]
    name = "late"
    count = 0
    steps = [ { compute = "100 us" } ])";

} // namespace

TEST(Sequential, RunsChildrenWhenTheyAreAwaitedOrAfterTheirParent) {
    const ModelRun result = run(*makeSequential(), kFamily, {.workers = 1});
    std::vector<std::string> ended;
    for (const RecordedEvent& event : result.events) {
        if (event.kind == record::kindOf(State::Done)) {
            ended.push_back(result.program.task(TaskId{event.a}).group);
        }
    }
    EXPECT_THAT(ended, testing::ElementsAre("early", "early", "parent", "late", "late", "next"));
    EXPECT_EQ(workersOf(result).size(), 1u);
    EXPECT_EQ(mostRunning(result), 1);
}

TEST(Sequential, NamesATaskThatWaitsForALockOfItsOwnParent) {
    const ModelRun result = run(*makeSequential(), R"(
        name = "t"
        [[lock]]
        name = "knife"
        [[task]]
        name = "parent"
        steps = [ { spawn = "child" }, { lock = "knife", steps = [ { await = "child" } ] } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { lock = "knife", steps = [ { compute = "10 us" } ] } ])");
    EXPECT_THAT(result.outcome->deadlock, HasSubstr("\"child\" waits for \"knife\", held by "
                                                    "\"parent\""));
    EXPECT_EQ(result.countEnds(State::Cancelled), 2u);
}

TEST(Threads, RunTasksAtOnce) {
    const ModelRun result = run(*makeThreads(), kBurners);
    EXPECT_EQ(mostRunning(result), 2);
    EXPECT_EQ(workersOf(result).size(), 2u);
}

TEST(Threads, StartNoMoreWorkersThanThereAreTasks) {
    const ModelRun result = run(*makeThreads(), kBurners, {.workers = 64});
    EXPECT_EQ(workersOf(result).size(), 2u);
}

TEST(Threads, GiveEveryTaskAThreadOfItsOwnWhenAskedTo) {
    const ModelRun result = run(*makeThreads(), R"(
        name = "t"
        [[task]]
        name = "a"
        count = 30
        steps = [ { sleep = "5 ms" } ])",
                                {.workers = 2, .parameters = {{"pool", "per-task"}}});
    EXPECT_EQ(result.countEnds(State::Done), 30u);
    EXPECT_EQ(workersOf(result).size(), 30u);
    for (const scenario::Task& task : result.program.tasks) {
        EXPECT_EQ(result.stretches(task.id, State::Starting).size(), 1u);
    }
}

TEST(Threads, SurviveTenThousandThreads) {
    const ModelRun result = run(*makeThreads(), R"(
        name = "t"
        [[task]]
        name = "a"
        count = 10000
        steps = [ { compute = "2 us" } ])",
                                {.workers = 2, .parameters = {{"pool", "per-task"}}});
    EXPECT_EQ(result.countEnds(State::Done), 10'000u);
}

TEST(Threads, NameAPoolThatIsFullOfWaitingParents) {
    const ModelRun result = run(*makeThreads(), R"(
        name = "t"
        [[task]]
        name = "parent"
        count = 2
        steps = [ { compute = "5 ms" }, { spawn = "child" }, { await = "child" } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { compute = "10 us" } ])");
    EXPECT_THAT(result.outcome->deadlock, HasSubstr("\"parent 1\" awaits \"child"));
    EXPECT_THAT(result.outcome->deadlock, HasSubstr("waiting tasks take every worker"));
    EXPECT_EQ(result.countEnds(State::Cancelled), 4u);
}

TEST(Threads, DateReadyBackToTheMomentOfTheAnswer) {
    // Eight answers at one moment on one worker each, but only some cores: whoever is late was
    // ready, and the span of waiting_io ends when the answer was sent, not when it was noticed.
    const ModelRun result = run(*makeThreads(), R"(
        name = "t"
        [[task]]
        name = "a"
        count = 8
        steps = [ { io = "20 ms" }, { compute = "5 ms" } ])",
                                {.workers = 8});
    for (const scenario::Task& task : result.program.tasks) {
        const Nanoseconds waited = result.total(task.id, State::WaitingIo);
        EXPECT_GE(waited, 19'000'000);
    }
    EXPECT_EQ(result.countEnds(State::Done), 8u);
}

TEST(Threads, RefuseCrashStepsWithTheirPlace) {
    const ModelRun result = runModel(*makeThreads(), R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "1 us" },
                  { crash = "always" } ])");
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message, HasSubstr("test.toml:6:"));
    EXPECT_THAT(result.outcome.error().message, HasSubstr("crash"));
}

TEST(Threads, TryAgainAndReleaseLocksWhenATaskFails) {
    const ModelRun result = run(*makeThreads(), R"(
        name = "t"
        [[lock]]
        name = "knife"
        [[task]]
        name = "flaky"
        count = 4
        retries = 1
        retry_delay = "1 ms"
        steps = [ { lock = "knife", steps = [ { compute = "10 us" }, { fail = "first-try" } ] } ]
        [[task]]
        name = "broken"
        retries = 2
        steps = [ { fail = "always" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_EQ(result.endOf(result.task("broken")), State::Failed);
    EXPECT_EQ(result.stretches(result.task("broken"), State::Failed).size(), 3u);
    EXPECT_EQ(result.stretches(result.task("flaky 1"), State::Retrying).size(), 1u);
}

TEST(GilThreads, NeverRunTwoTasksAtOnce) {
    const ModelRun result = run(*makeGilThreads(), kBurners);
    EXPECT_EQ(mostRunning(result), 1);
    EXPECT_EQ(result.countEnds(State::Done), 2u);
}

TEST(GilThreads, SwitchBetweenTwoBurnersByForcedHandOvers) {
    const ModelRun result =
        run(*makeGilThreads(), kBurners, {.parameters = {{"switch_interval", "2 ms"}}});
    const std::size_t forced = countAcquired(result, 1, record::Acquisition::Forced);
    EXPECT_GE(forced, 10u); // 120 ms of work in turns of a little more than 2 ms, on a busy machine
    EXPECT_GT(result.total(TaskId{1}, State::WaitingGil), 20'000'000);
    EXPECT_GT(result.total(TaskId{2}, State::WaitingGil), 20'000'000);
}

TEST(GilThreads, DropTheGilWhileTheyWaitAndInWorkThatReleasesIt) {
    const ModelRun result = run(*makeGilThreads(), R"(
        name = "t"
        [[task]]
        name = "native"
        count = 2
        steps = [ { compute = "60 ms", releases_gil = true } ])");
    EXPECT_EQ(mostRunning(result), 2);
    const ModelRun waits = run(*makeGilThreads(), R"(
        name = "t"
        [[task]]
        name = "a"
        count = 4
        steps = [ { io = "50 ms" }, { sleep = "50 ms" } ])",
                               {.workers = 4});
    Nanoseconds sum = 0;
    Nanoseconds last = 0;
    for (const scenario::Task& task : waits.program.tasks) {
        sum += waits.total(task.id, State::WaitingIo) + waits.total(task.id, State::Sleeping);
        last = std::max(last, waits.stretches(task.id).back().range.endNs -
                                  waits.stretches(task.id).front().range.beginNs);
    }
    EXPECT_GT(sum, 2 * last) << "the waits overlap";
}

TEST(GilThreads, HoldTheGilFromOneTaskToTheNext) {
    const ModelRun result = run(*makeGilThreads(), R"(
        name = "t"
        [[task]]
        name = "a"
        count = 50
        steps = [ { compute = "10 us" } ])",
                                {.workers = 1});
    EXPECT_EQ(countAcquired(result, 1, record::Acquisition::Free), 50u);
    EXPECT_EQ(result.total(TaskId{25}, State::WaitingGil), 0);
}

/// How long a task that sleeps four times waits for the GIL beside one that only computes.
Nanoseconds waitOfChatterNs() {
    const ModelRun result = run(*makeGilThreads(), R"(
        name = "t"
        [[task]]
        name = "cruncher"
        steps = [ { compute = "200 ms" } ]
        [[task]]
        name = "chatter"
        steps = [ { sleep = "1 ms" }, { compute = "10 us" },
                  { sleep = "1 ms" }, { compute = "10 us" },
                  { sleep = "1 ms" }, { compute = "10 us" }, { sleep = "1 ms" } ])",
                                {.parameters = {{"switch_interval", "10 ms"}}});
    return result.total(result.task("chatter"), State::WaitingGil);
}

TEST(GilThreads, LetATaskThatWaitsComeBackOnlyAfterAnInterval) {
    // On a busy machine the second thread may begin when the first is nearly done.
    constexpr int kAttempts = 5;
    Nanoseconds waited = 0;
    for (int i = 0; i < kAttempts && waited <= 25'000'000; ++i) {
        waited = waitOfChatterNs();
    }
    EXPECT_GT(waited, 25'000'000) << "four returns, about one interval each";
}

TEST(GilThreads, AreStoppedWhileTheyWaitForTheGil) {
    const ModelRun result = run(*makeGilThreads(), R"(
        name = "t"
        [[task]]
        name = "burner"
        count = 4
        steps = [ { compute = "100 s" } ])",
                                {.workers = 4,
                                 .parameters = {{"switch_interval", "10 s"}},
                                 .stopAfter = std::chrono::milliseconds(50)});
    EXPECT_EQ(result.countEnds(State::Cancelled), 4u) << diagnosticsOf(result);
    EXPECT_LT(result.stopTookNs, 1'000'000'000);
}

} // namespace interleave::models
