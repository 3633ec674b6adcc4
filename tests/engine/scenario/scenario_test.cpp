// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

using testing::ElementsAre;

Scenario parsed(std::string_view text, const char* file = "folder/ten-dishes.toml") {
    auto scenario = parseScenario(text, file);
    EXPECT_TRUE(scenario) << scenario.error().message;
    return scenario ? std::move(*scenario) : Scenario{};
}

constexpr std::string_view kEverything = R"(
name = "Everything"
about = "All of it."
seed = 9
[run]
workers = 12
[[lock]]
name = "l"
[[semaphore]]
name = "s"
permits = 0
[[barrier]]
name = "b"
parties = 5
[[queue]]
name = "q"
capacity = 6
[[exchange]]
name = "news"
kind = "topic"
[[task]]
name = "parent"
count = 2
payload = "1 MiB"
result = "2 kB"
every = "100 ms"
arrival = "poisson"
steps = [
  { compute = "20 ms +- 50 %", kernel = "primes", releases_gil = true, name = "chop" },
  { io = "80 ms", bytes = "64 kB", blocking = true },
  { sleep = "1 s", blocking = true },
  { lock = "l", steps = [ { compute = "5 ms" } ] },
  { acquire = "s" }, { release = "s" }, { barrier = "b" }, { put = "q" }, { get = "q" },
  { spawn = "child", count = 3 },
  { await = "child" },
  { publish = "news", key = "a.b", bytes = "1 kB" },
  { fail = "always" }, { crash = "first-try" }, { fail = 0.25 }, { crash = 1 },
]
[[task]]
name = "child"
retries = 3
retry_delay = "20 ms"
steps = []
[[task]]
name = "last"
after = "parent"
steps = []
)";

TEST(Scenario, ReadsEveryKeyOfTheSchema) {
    const Scenario scenario = parsed(kEverything);
    EXPECT_EQ(scenario.id, "ten-dishes");
    EXPECT_TRUE(scenario.file.empty());
    EXPECT_EQ(scenario.name, "Everything");
    EXPECT_EQ(scenario.about, "All of it.");
    EXPECT_EQ(scenario.seed, 9u);
    EXPECT_EQ(scenario.workers, 12);
    EXPECT_EQ(scenario.locks.at(0).name, "l");
    EXPECT_EQ(scenario.semaphores.at(0).permits, 0u);
    EXPECT_EQ(scenario.barriers.at(0).parties, 5u);
    EXPECT_EQ(scenario.queues.at(0).capacity, 6u);
    ASSERT_EQ(scenario.tasks.size(), 3u);
    const TaskTemplate& parent = scenario.tasks[0];
    EXPECT_EQ(parent.count, 2u);
    EXPECT_EQ(parent.payloadBytes, 1'048'576u);
    EXPECT_EQ(parent.resultBytes, 2'000u);
    EXPECT_EQ(parent.arrival, Arrival::Poisson);
    EXPECT_EQ(parent.everyNs, 100'000'000);
    EXPECT_EQ(parent.line, 21);
    EXPECT_EQ(scenario.tasks[1].retries, 3u);
    EXPECT_EQ(scenario.tasks[1].retryDelayNs, 20'000'000);
    EXPECT_EQ(scenario.tasks[2].after, 0u);
}

TEST(Scenario, ReadsEveryStep) {
    const Scenario scenario = parsed(kEverything);
    const Steps& steps = scenario.tasks.at(0).steps;
    std::vector<std::string> kinds;
    std::vector<std::string> names;
    for (const Step& step : steps) {
        kinds.emplace_back(kindNameOf(step));
        names.push_back(step.name);
    }
    EXPECT_THAT(kinds, ElementsAre("compute", "io", "sleep", "lock", "acquire", "release",
                                   "barrier", "put", "get", "spawn", "await", "publish", "fail",
                                   "crash", "fail", "crash"));
    EXPECT_THAT(names, ElementsAre("chop", "io 80 ms", "sleep 1 s", "l", "acquire s", "release s",
                                   "barrier b", "put q", "get q", "spawn 3 child", "await child",
                                   "publish news", "fail", "crash", "fail", "crash"));
    const auto& compute = std::get<ComputeStep>(steps[0].what);
    EXPECT_EQ(compute.work.nominalNs, 20'000'000);
    EXPECT_DOUBLE_EQ(compute.work.spread, 0.5);
    EXPECT_EQ(compute.kernel, Kernel::Primes);
    EXPECT_TRUE(compute.releasesGil);
    EXPECT_EQ(steps[0].line, 29);
    EXPECT_EQ(steps[0].column, 3);
    EXPECT_EQ(std::get<IoStep>(steps[1].what).bytes, 64'000u);
    EXPECT_TRUE(std::get<IoStep>(steps[1].what).isBlocking);
    EXPECT_TRUE(std::get<SleepStep>(steps[2].what).isBlocking);
    EXPECT_EQ(std::get<LockStep>(steps[3].what).steps.size(), 1u);
    EXPECT_EQ(std::get<SpawnStep>(steps[9].what).task, 1u);
    EXPECT_EQ(std::get<SpawnStep>(steps[9].what).count, 3u);
    EXPECT_THAT(std::get<PublishStep>(steps[11].what).keys, ElementsAre("a.b"));
    EXPECT_EQ(std::get<FailStep>(steps[12].what).chance.when, Chance::When::Always);
    EXPECT_EQ(std::get<CrashStep>(steps[13].what).chance.when, Chance::When::FirstTry);
    EXPECT_EQ(std::get<FailStep>(steps[14].what).chance.probability, 0.25);
    EXPECT_EQ(std::get<CrashStep>(steps[15].what).chance.probability, 1);
}

TEST(Scenario, FillsInWhatIsLeftOut) {
    const Scenario scenario = parsed("[[task]]\nname = \"t\"\nsteps = [ { io = \"1 ms\" } ]\n");
    EXPECT_EQ(scenario.name, "ten-dishes");
    EXPECT_EQ(scenario.seed, 1u);
    EXPECT_FALSE(scenario.workers);
    EXPECT_EQ(scenario.tasks.at(0).count, 1u);
    EXPECT_EQ(scenario.tasks.at(0).arrival, Arrival::AtOnce);
    EXPECT_EQ(std::get<IoStep>(scenario.tasks[0].steps.at(0).what).bytes, 0u);
}

TEST(Scenario, SpawnedTasksAreSubmittedOnlyIfACountSaysSo) {
    const Scenario scenario =
        parsed("[[task]]\nname = \"a\"\nsteps = [ { spawn = \"b\" }, { spawn = \"c\" } ]\n"
               "[[task]]\nname = \"b\"\nsteps = []\n"
               "[[task]]\nname = \"c\"\ncount = 2\nsteps = []\n");
    EXPECT_EQ(scenario.tasks.at(0).count, 1u);
    EXPECT_EQ(scenario.tasks.at(1).count, 0u);
    EXPECT_EQ(scenario.tasks.at(2).count, 2u);
}

TEST(Scenario, EveryWithoutArrivalIsRegular) {
    const Scenario scenario = parsed("[[task]]\nname = \"a\"\nevery = \"5 ms\"\nsteps = []\n");
    EXPECT_EQ(scenario.tasks.at(0).arrival, Arrival::Regular);
}

TEST(Scenario, MayLockWhatItHolds) {
    const Scenario scenario = parsed("[[lock]]\nname = \"l\"\n[[task]]\nname = \"a\"\nsteps = [ { "
                                     "lock = \"l\", steps = [ { lock "
                                     "= \"l\", steps = [] } ] } ]\n");
    EXPECT_EQ(std::get<LockStep>(scenario.tasks.at(0).steps.at(0).what).steps.size(), 1u);
}

} // namespace
} // namespace interleave::scenario
