// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace interleave::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Program programFrom(const std::string& text, std::uint64_t seed = 1) {
    auto scenario = parseScenario(text, "test.toml");
    EXPECT_TRUE(scenario) << scenario.error().message;
    auto program = expand(std::make_shared<const Scenario>(std::move(*scenario)), seed);
    EXPECT_TRUE(program) << program.error().message;
    return std::move(*program);
}

std::string taskText(const std::string& name, const std::string& keys, const std::string& steps) {
    return fmt::format("[[task]]\nname = \"{}\"\n{}\nsteps = [{}]\n", name, keys, steps);
}

std::vector<Action::Kind> kindsOf(const Task& task) {
    std::vector<Action::Kind> kinds;
    for (const Action& action : task.actions) {
        kinds.push_back(action.kind);
    }
    return kinds;
}

std::vector<std::string> namesOf(const Program& program) {
    std::vector<std::string> names;
    for (const Task& each : program.tasks) {
        names.push_back(each.name);
    }
    return names;
}

TEST(Program, NamesAndNumbersItsTasks) {
    const Program program =
        programFrom(taskText("dish", "count = 3", "") + taskText("chef", "", "") +
                    taskText("nobody", "count = 0", ""));
    EXPECT_THAT(namesOf(program), ElementsAre("dish 1", "dish 2", "dish 3", "chef"));
    EXPECT_EQ(program.tasks[3].id, TaskId{4});
    EXPECT_EQ(program.tasks[0].group, "dish");
    EXPECT_EQ(program.tasks[3].templateIndex, 1u);
}

TEST(Program, MayHaveNoTasks) {
    EXPECT_TRUE(
        programFrom(taskText("nobody", "count = 0", "{ compute = \"1 ms\" }")).tasks.empty());
}

TEST(Program, FlattensLocksAndResolvesNames) {
    const Program program = programFrom(
        "[[lock]]\nname = \"a\"\n[[lock]]\nname = \"b\"\n[[semaphore]]\nname = \"s\"\npermits = 4\n"
        "[[barrier]]\nname = \"m\"\nparties = 3\n[[queue]]\nname = \"q\"\ncapacity = 7\n" +
        taskText("t", "",
                 "{ lock = \"b\", steps = [{ lock = \"a\", steps = [{ compute = \"1 ms\" }] }] },"
                 "{ acquire = \"s\" }, { release = \"s\" }, { barrier = \"m\" }, { put = \"q\" },"
                 "{ get = \"q\" }"));
    const Task& only = program.tasks[0];
    using enum Action::Kind;
    EXPECT_THAT(kindsOf(only), ElementsAre(Acquire, Acquire, Compute, Release, Release, Acquire,
                                           Release, Barrier, Put, Get));
    std::vector<std::string> objects;
    for (const Action& action : only.actions) {
        objects.push_back(action.object ? program.object(action.object).name : "");
    }
    EXPECT_THAT(objects, ElementsAre("b", "a", "", "a", "b", "s", "s", "m", "q", "q"));
    ASSERT_EQ(program.objects.size(), 5u);
    EXPECT_EQ(program.objects[2].kind, ObjectKind::Semaphore);
    EXPECT_EQ(program.objects[2].capacity, 4u);
    EXPECT_EQ(program.objects[3].capacity, 3u);
    EXPECT_EQ(program.objects[4].capacity, 7u);
    EXPECT_EQ(nameOf(program.objects[4].kind), "queue");
}

TEST(Program, HasOneStepNameForEachStepOfTheFile) {
    const Program program =
        programFrom("[[lock]]\nname = \"stove\"\n" +
                    taskText("dish", "count = 5",
                             "{ compute = \"20 ms\", name = \"chop\" }, { io = \"80 ms\" },"
                             "{ lock = \"stove\", steps = [{ compute = \"5 ms \u00b1 10 %\" }] }"));
    EXPECT_THAT(program.stepNames,
                ElementsAre("chop", "io 80 ms", "stove", "compute 5 ms \u00b1 10 %"));
    for (const Task& dish : program.tasks) {
        EXPECT_EQ(dish.actions[0].step, StepId{1});
        EXPECT_EQ(dish.actions[2].step, StepId{3}); // acquire
        EXPECT_EQ(dish.actions[4].step, StepId{3}); // release
        EXPECT_EQ(dish.actions[3].source->line, 6);
    }
}

TEST(Program, CarriesWhatAStepSays) {
    const Program program = programFrom(
        "[[exchange]]\nname = \"news\"\n" +
        taskText("t", "payload = \"64 kB\"\nresult = \"1 B\"\nretries = 2\nretry_delay = \"5 ms\"",
                 "{ compute = \"1 ms\", kernel = \"sha256\", releases_gil = true },"
                 "{ io = \"2 ms\", bytes = \"3 B\", blocking = true }, { sleep = \"4 ms\" },"
                 "{ publish = \"news\", key = \"k\", bytes = \"9 B\" }"));
    const Task& only = program.tasks[0];
    EXPECT_EQ(only.payloadBytes, 64'000u);
    EXPECT_EQ(only.resultBytes, 1u);
    EXPECT_EQ(only.retries, 2u);
    EXPECT_EQ(only.retryDelayNs, 5'000'000);
    EXPECT_EQ(only.actions[0].kernel, Kernel::Sha256);
    EXPECT_TRUE(only.actions[0].releasesGil);
    EXPECT_EQ(only.actions[1].bytes, 3u);
    EXPECT_TRUE(only.actions[1].isBlocking);
    EXPECT_FALSE(only.actions[2].isBlocking);
    EXPECT_EQ(only.actions[2].durationNs, 4'000'000);
    EXPECT_EQ(only.actions[3].bytes, 9u);
}

TEST(Program, SpawnsTreesWithChildrenBehindTheirParents) {
    const Program program = programFrom(
        taskText("root", "count = 2", "{ spawn = \"branch\", count = 2 }, { await = \"branch\" }") +
        taskText("branch", "",
                 "{ spawn = \"leaf\" }, { spawn = \"leaf\", count = 2 }, { await = \"leaf\" }") +
        taskText("leaf", "", "{ compute = \"1 ms\" }"));
    ASSERT_EQ(program.tasks.size(), 2u + 4u + 12u);
    std::set<std::uint32_t> spawned;
    for (const Task& each : program.tasks) {
        EXPECT_LT(each.parent.value, each.id.value);
        for (const Action& action : each.actions) {
            for (const TaskId child : action.tasks) {
                EXPECT_EQ(program.task(child).parent, each.id);
                if (action.kind == Action::Kind::Spawn) {
                    EXPECT_TRUE(spawned.insert(child.value).second) << "spawned twice";
                }
            }
        }
    }
    EXPECT_EQ(spawned.size(), 16u);
    const Task& branch = program.tasks[1];
    EXPECT_EQ(branch.name, "branch 1");
    EXPECT_EQ(branch.actions[1].tasks.size(), 2u);
    EXPECT_EQ(branch.actions[2].tasks.size(), 3u); // await: those of both spawns
}

TEST(Program, AwaitsOnlyWhatWasSpawnedSoFar) {
    const Program program = programFrom(
        taskText("root", "", "{ spawn = \"leaf\" }, { await = \"leaf\" }, { spawn = \"leaf\" }") +
        taskText("leaf", "", ""));
    EXPECT_THAT(program.tasks[0].actions[1].tasks, ElementsAre(TaskId{2}));
}

TEST(Program, FollowersWaitForAllOfTheOthers) {
    const Program program = programFrom(taskText("wash", "after = \"dish\"\ncount = 2", "") +
                                        taskText("dish", "count = 3", ""));
    EXPECT_THAT(program.tasks[0].after, ElementsAre(TaskId{3}, TaskId{4}, TaskId{5}));
    EXPECT_THAT(program.tasks[1].after, ElementsAre(TaskId{3}, TaskId{4}, TaskId{5}));
    EXPECT_TRUE(program.tasks[2].after.empty());
}

TEST(Program, ArrivalsAreRegularOrPoisson) {
    const Program program = programFrom(
        taskText("guest", "count = 4\nevery = \"10 ms\"", "") +
        taskText("walker", "count = 20000\nevery = \"10 ms\"\narrival = \"poisson\"", ""));
    for (std::uint32_t i = 0; i < 4; ++i) {
        EXPECT_EQ(program.tasks[i].arrivalNs, 10'000'000 * Nanoseconds{i});
    }
    Nanoseconds before = 0;
    int longGaps = 0;
    for (std::size_t i = 4; i < program.tasks.size(); ++i) {
        const Nanoseconds arrival = program.tasks[i].arrivalNs;
        EXPECT_GE(arrival, before);
        longGaps += arrival - before > 10'000'000 ? 1 : 0;
        before = arrival;
    }
    EXPECT_NEAR(static_cast<double>(before) / 20'000, 1e7, 3e5); // standard error 0.7e5
    EXPECT_NEAR(longGaps / 20'000.0, 0.368, 0.015);              // 1/e
}

TEST(Program, SameSeedGivesTheSameProgram) {
    const std::string text =
        taskText("t", "count = 50",
                 "{ compute = \"20 ms \u00b1 50 %\" }, { io = \"20 ms \u00b1 50 %\" },"
                 "{ fail = 0.5 }");
    const Program one = programFrom(text, 7);
    const Program two = programFrom(text, 7);
    const Program other = programFrom(text, 8);
    std::set<Nanoseconds> durations;
    int differences = 0;
    for (std::size_t i = 0; i < one.tasks.size(); ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            const Action& action = one.tasks[i].actions[j];
            EXPECT_EQ(action.durationNs, two.tasks[i].actions[j].durationNs);
            EXPECT_EQ(action.strikes, two.tasks[i].actions[j].strikes);
            if (j < 2) {
                EXPECT_GE(action.durationNs, 10'000'000);
                EXPECT_LE(action.durationNs, 30'000'000);
                durations.insert(action.durationNs);
                differences += action.durationNs != other.tasks[i].actions[j].durationNs ? 1 : 0;
            }
        }
    }
    EXPECT_GT(durations.size(), 95u); // each task and step draws for itself
    EXPECT_GT(differences, 95);
}

TEST(Program, StrikesAlwaysOnceOrByChance) {
    const Program program = programFrom(taskText(
        "t", "count = 2000\nretries = 1",
        "{ fail = \"always\" }, { crash = \"first-try\" }, { fail = 0.25 }, { fail = 0 }"));
    int struckFirst = 0;
    int struckSecond = 0;
    for (const Task& each : program.tasks) {
        EXPECT_THAT(each.actions[0].strikes, ElementsAre(true));
        EXPECT_EQ(each.actions[1].kind, Action::Kind::Crash);
        EXPECT_THAT(each.actions[1].strikes, ElementsAre(true, false));
        ASSERT_EQ(each.actions[2].strikes.size(), 2u);
        struckFirst += each.actions[2].strikes[0] ? 1 : 0;
        struckSecond += each.actions[2].strikes[1] ? 1 : 0;
        EXPECT_THAT(each.actions[3].strikes, ElementsAre(false, false));
    }
    EXPECT_NEAR(struckFirst / 2000.0, 0.25, 0.05);
    EXPECT_NEAR(struckSecond / 2000.0, 0.25, 0.05);
}

TEST(Program, RefusesMoreTasksThanItCanHold) {
    std::string text = taskText("a", "", "{ spawn = \"b\", count = 1000 }") +
                       taskText("b", "", "{ spawn = \"c\", count = 1000 }") +
                       taskText("c", "", "{ spawn = \"d\", count = 1000 }") + taskText("d", "", "");
    const auto scenario = parseScenario(text, "many.toml");
    ASSERT_TRUE(scenario) << scenario.error().message;
    const auto program = expand(std::make_shared<const Scenario>(*scenario), 1);
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().message, "many:1:1: with \"a\" the scenario has more than 1000000 "
                                       "tasks, which is the most allowed: lower count");
}

TEST(Program, RefusesSpawnsThatDoubleWithoutEnd) {
    std::string text;
    for (int i = 0; i < 200; ++i) { // 2^200 tasks
        text += taskText(fmt::format("t{}", i), "",
                         fmt::format("{{ spawn = \"t{}\", count = 2 }}", i + 1));
    }
    text += taskText("t200", "", "");
    const auto scenario = parseScenario(text, "deep.toml");
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_FALSE(expand(std::make_shared<const Scenario>(*scenario), 1));
}

TEST(Program, RefusesMoreActionsThanItCanHold) {
    std::string steps;
    for (int i = 0; i < 20; ++i) {
        steps += "{ compute = \"1 us\" },";
    }
    const auto scenario = parseScenario(taskText("t", "count = 1000000", steps), "big.toml");
    ASSERT_TRUE(scenario) << scenario.error().message;
    const auto program = expand(std::make_shared<const Scenario>(*scenario), 1);
    ASSERT_FALSE(program);
    EXPECT_THAT(program.error().message, HasSubstr("more than 10000000 steps"));
}

} // namespace
} // namespace interleave::scenario
