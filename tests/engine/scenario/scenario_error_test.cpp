// SPDX-License-Identifier: GPL-3.0-or-later
// Every mistake that a scenario file can hold, with the exact place and sentence.
#include "engine/scenario/scenario.h"
#include "tests/engine/scenario/mistake.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

TEST_P(ScenarioMistake, IsNamedWithItsPlaceAndWhatIsAllowed) {
    const auto scenario = parseScenario(GetParam().text, "f.toml");
    ASSERT_FALSE(scenario) << GetParam().text;
    EXPECT_EQ(scenario.error().message, "f.toml:" + GetParam().message);
    EXPECT_EQ(scenario.error().kind, ErrorKind::BadInput);
}

const std::string kTask = "[[task]]\nname = \"t\"\nsteps = []\n";

/// A task with one step on line 3, column 11.
std::string withStep(const std::string& step, const std::string& before = "") {
    return before + "[[task]]\nname = \"t\"\nsteps = [ " + step + " ]\n";
}

/// A task with a key on line 4.
std::string withKey(const std::string& key) {
    return kTask + key + "\n";
}

constexpr const char* kSteps = "steps are compute, io, sleep, lock, acquire, release, barrier, "
                               "put, get, spawn, await, publish, fail and crash";
constexpr const char* kDuration = "a duration is written \"20 ms\" (ns, us, ms or s)";
constexpr const char* kSize = "a size is written \"64 kB\" (B, kB, MB, GB, KiB, MiB or GiB)";
constexpr const char* kChance = "\"always\", \"first-try\" or a probability from 0 to 1 is wanted";

INSTANTIATE_TEST_SUITE_P(
    Root, ScenarioMistake,
    testing::Values(
        RefusedText{
            "", "1:1: a scenario without a [[task]] does nothing, add [[task]] name = \"dish\", "
                "steps = [ { compute = \"20 ms\" } ]"},
        RefusedText{"name = \"x\"\n",
                    "1:1: a scenario without a [[task]] does nothing, add [[task]] "
                    "name = \"dish\", steps = [ { compute = \"20 ms\" } ]"},
        RefusedText{
            "nmae = \"x\"\n" + kTask,
            "1:1: a scenario has no key \"nmae\", did you mean \"name\"? allowed are name, about, "
            "seed, run, lock, semaphore, barrier, queue, exchange, message_queue, worker, fault "
            "and task"},
        RefusedText{"name = 5\n" + kTask,
                    "1:8: name of a scenario is 5, a text in quotes is wanted"},
        RefusedText{"name = \" \"\n" + kTask, "1:8: name of a scenario is empty, a text is wanted"},
        RefusedText{"name = \"a\\nb\"\n" + kTask,
                    "1:8: name of a scenario does not fit on one line, at "
                    "most 100 bytes are allowed"},
        RefusedText{"about = [ \"x\" ]\n" + kTask,
                    "1:9: about of a scenario is a list, a text in quotes is wanted"},
        RefusedText{"seed = -1\n" + kTask,
                    "1:8: seed of a scenario is -1, a whole number from 0 is wanted"},
        RefusedText{"seed = 1.5\n" + kTask,
                    "1:8: seed of a scenario is 1.5, a whole number from 0 is wanted"},
        RefusedText{"run = 5\n" + kTask, "1:7: run is a whole number, write it [run] workers = 10"},
        RefusedText{"[run]\nworkers = 0\n" + kTask,
                    "2:11: workers of [run] is 0, a whole number from 1 to 1024 is wanted"},
        RefusedText{"[run]\nworkers = 1025\n" + kTask,
                    "2:11: workers of [run] is 1025, a whole number from 1 to 1024 is wanted"},
        RefusedText{"[run]\nworkers = \"ten\"\n" + kTask,
                    "2:11: workers of [run] is \"ten\", a whole number from 1 to 1024 is wanted"},
        RefusedText{"[run]\nworker = 3\n" + kTask, "2:1: [run] has no key \"worker\", did you mean "
                                                   "\"workers\"? allowed is workers"},
        RefusedText{"task = 5\n", "1:8: task of a scenario is 5, write it [[task]]"},
        RefusedText{"task = [ 5 ]\n", "1:10: task is a whole number, write it [[task]]"},
        RefusedText{"[task]\nname = \"t\"\n",
                    "1:1: task of a scenario is a table, write it [[task]]"}));

INSTANTIATE_TEST_SUITE_P(
    Declarations, ScenarioMistake,
    testing::Values(
        RefusedText{"[[lock]]\n" + kTask, "1:1: this [[lock]] has no name, add name = \"...\""},
        RefusedText{"[[lock]]\nname = true\n" + kTask,
                    "2:8: name of [[lock]] is true, a text in quotes is wanted"},
        RefusedText{"[[lock]]\nname = \"a\"\npermits = 2\n" + kTask,
                    "3:1: [[lock]] has no key \"permits\", allowed is name"},
        RefusedText{
            "[[lock]]\nname = \"a\"\n[[lock]]\nname = \"a\"\n" + kTask,
            "4:8: line 2 declares a lock named \"a\" already, every lock needs a name of its "
            "own"},
        RefusedText{
            "[[semaphore]]\nname = \"a\"\npermits = -1\n" + kTask,
            "3:11: permits of [[semaphore]] is -1, a whole number from 0 to 1000000 is wanted"},
        RefusedText{
            "[[barrier]]\nname = \"a\"\nparties = 0\n" + kTask,
            "3:11: parties of [[barrier]] is 0, a whole number from 1 to 1000000 is wanted"},
        RefusedText{"[[queue]]\nname = \"a\"\ncapacity = 0\n" + kTask,
                    "3:12: capacity of [[queue]] is 0, a whole number from 1 to 1000000 is wanted"},
        RefusedText{
            "[[queue]]\nname = \"a\"\ncapacity = nan\n" + kTask,
            "3:12: capacity of [[queue]] is nan, a whole number from 1 to 1000000 is wanted"},
        RefusedText{kTask + kTask,
                    "5:8: line 2 declares a task named \"t\" already, every task needs a "
                    "name of its own"}));

INSTANTIATE_TEST_SUITE_P(
    Task, ScenarioMistake,
    testing::Values(
        RefusedText{"[[task]]\nsteps = []\n", "1:1: this [[task]] has no name, add name = \"...\""},
        RefusedText{"[[task]]\nname = \"t\"\n",
                    "1:1: this [[task]] has no steps, add steps = [ { compute = \"20 ms\" } ]"},
        RefusedText{"[[task]]\nname = \"t\"\nsteps = 5\n",
                    "3:9: steps of [[task]] is 5, steps are written [ { compute = \"20 ms\" } ]"},
        RefusedText{
            withKey("cuont = 3"),
            "4:1: [[task]] has no key \"cuont\", did you mean \"count\"? allowed are name, count, "
            "payload, result, steps, after, every, arrival, retries, retry_delay, retry_backoff, "
            "retry_backoff_max, retry_jitter, then, queue, priority, expires, countdown, "
            "soft_time_limit, time_limit, rate_limit, reject_on_worker_lost, acks, chunk, "
            "ignore_result, on and consumers"},
        RefusedText{withKey("count = -1"),
                    "4:9: count of [[task]] is -1, a whole number from 0 to 1000000 is wanted"},
        RefusedText{
            withKey("count = 1000001"),
            "4:9: count of [[task]] is 1000001, a whole number from 0 to 1000000 is wanted"},
        RefusedText{withKey("count = 1e3"),
                    "4:9: count of [[task]] is 1000, a whole number from 0 to 1000000 is wanted"},
        RefusedText{withKey("payload = 64"),
                    fmt::format("4:11: payload of [[task]] is 64, {}", kSize)},
        RefusedText{withKey("payload = \"64\""),
                    fmt::format("4:11: \"64\" has no unit, {}", kSize)},
        RefusedText{withKey("result = \"2 GB\""),
                    "4:10: \"2 GB\" is too large, at most \"1 GiB\" is allowed"},
        RefusedText{withKey("retries = 1001"),
                    "4:11: retries of [[task]] is 1001, a whole number from 0 to 1000 is wanted"},
        RefusedText{withKey("retry_delay = \"1 ms\""),
                    "4:15: retry_delay without retries does nothing, add retries = 3"},
        RefusedText{withKey("retries = 1\nretry_delay = \"1 ms +- 5 %\""),
                    "5:15: retry_delay of [[task]] can't vary, write it without \u00b1"},
        RefusedText{withKey("every = \"-5 ms\""),
                    fmt::format("4:9: \"-5 ms\" is negative, {}", kDuration)},
        RefusedText{
            withKey("every = \"5 ms\"\narrival = \"random\""),
            "5:11: arrival is \"random\", \"at-once\", \"regular\" or \"poisson\" is wanted"},
        RefusedText{withKey("arrival = \"poisson\""),
                    "4:11: arrival is \"poisson\" but every is not given, add every = \"100 ms\""},
        RefusedText{withKey("every = \"5 ms\"\narrival = \"at-once\""),
                    "5:11: tasks that arrive at once have no every, leave one of the two out"},
        RefusedText{withKey("arrival = 5"),
                    "4:11: arrival of [[task]] is 5, a text in quotes is wanted"},
        RefusedText{withKey("after = \"s\""),
                    "4:9: no task is named \"s\", did you mean \"t\"? declared is \"t\""},
        RefusedText{withKey("after = 5"),
                    "4:9: the name of a task is a whole number, a text in quotes is wanted"}));

INSTANTIATE_TEST_SUITE_P(
    Step, ScenarioMistake,
    testing::Values(
        RefusedText{withStep("{}"), fmt::format("3:11: an empty step, {}", kSteps)},
        RefusedText{withStep("5"),
                    "3:11: a step is a whole number, steps are written [ { compute = \"20 "
                    "ms\" } ]"},
        RefusedText{
            withStep("{ comptue = \"1 ms\" }"),
            fmt::format("3:13: unknown step \"comptue\", did you mean \"compute\"? {}", kSteps)},
        RefusedText{withStep("{ dance = \"1 ms\" }"),
                    fmt::format("3:13: unknown step \"dance\", {}", kSteps)},
        RefusedText{withStep("{ compute = \"1 ms\", io = \"1 ms\" }"),
                    "3:31: a step does one thing, write compute and io as two steps"},
        RefusedText{withStep("{ compute = 20 }"),
                    fmt::format("3:23: compute of a compute step is 20, {}", kDuration)},
        RefusedText{withStep("{ compute = nan }"),
                    fmt::format("3:23: compute of a compute step is nan, {}", kDuration)},
        RefusedText{withStep("{ compute = \"20\" }"),
                    fmt::format("3:23: \"20\" has no unit, {}", kDuration)},
        RefusedText{withStep("{ compute = \"-20 ms\" }"),
                    fmt::format("3:23: \"-20 ms\" is negative, {}", kDuration)},
        RefusedText{
            withStep("{ compute = \"20 ms \u00b1 150 %\" }"),
            "3:23: \"20 ms \u00b1 150 %\" has no valid spread, a spread is written \"20 ms \u00b1 "
            "50 %\" (0 to 100 %)"},
        RefusedText{
            withStep("{ compute = \"1 ms\", kernal = \"primes\" }"),
            "3:31: a compute step has no key \"kernal\", did you mean \"kernel\"? allowed are "
            "compute, kernel, releases_gil and name"},
        RefusedText{
            withStep("{ compute = \"1 ms\", kernel = \"sha1\" }"),
            "3:40: \"sha1\" is not a kernel, allowed are integers, primes, sha256 and memory"},
        RefusedText{withStep("{ compute = \"1 ms\", releases_gil = 1 }"),
                    "3:46: releases_gil of a compute step is 1, true or false is wanted"},
        RefusedText{withStep("{ io = \"1 ms\", bytes = 5 }"),
                    fmt::format("3:34: bytes of an io step is 5, {}", kSize)},
        RefusedText{
            withStep("{ sleep = \"1 ms\", kernel = \"primes\" }"),
            "3:29: a sleep step has no key \"kernel\", allowed are sleep, blocking and name"},
        RefusedText{withStep("{ sleep = \"1 ms\", name = \"\" }"),
                    "3:36: name of a sleep step is empty, a text is wanted"},
        RefusedText{withStep("{ lock = \"a\", steps = [] }"),
                    "3:20: no lock is named \"a\", declare it: [[lock]] name = \"a\""},
        RefusedText{
            withStep("{ lock = \"stov\", steps = [] }", "[[lock]]\nname = \"stove\"\n"),
            "5:20: no lock is named \"stov\", did you mean \"stove\"? declared is \"stove\""},
        RefusedText{
            withStep("{ lock = \"a\" }", "[[lock]]\nname = \"a\"\n"),
            "5:11: a lock step has to say what is done while the lock is held, add steps = [ { "
            "compute = \"5 ms\" } ]"},
        RefusedText{withStep("{ lock = \"a\", steps = [ { compute = \"x\" } ] }",
                             "[[lock]]\nname = \"a\"\n"),
                    fmt::format("5:47: \"x\" does not begin with a number, {}", kDuration)},
        RefusedText{withStep("{ lock = 5, steps = [] }"),
                    "3:20: the name of a lock is a whole number, a text in quotes is wanted"},
        RefusedText{withStep("{ acquire = \"s\" }"),
                    "3:23: no semaphore is named \"s\", declare it: [[semaphore]] name = \"s\""},
        RefusedText{withStep("{ release = \"s\" }", "[[lock]]\nname = \"s\"\n"),
                    "5:23: no semaphore is named \"s\", declare it: [[semaphore]] name = \"s\""},
        RefusedText{withStep("{ barrier = \"b\" }"),
                    "3:23: no barrier is named \"b\", declare it: [[barrier]] name = \"b\""},
        RefusedText{withStep("{ put = \"q\" }"),
                    "3:19: no queue is named \"q\", declare it: [[queue]] name = \"q\""},
        RefusedText{withStep("{ get = \"x\" }",
                             "[[queue]]\nname = \"left\"\n[[queue]]\nname = \"right\"\n"),
                    "7:19: no queue is named \"x\", declared are \"left\" and \"right\""},
        RefusedText{withStep("{ spawn = \"u\", count = 2 }"),
                    "3:21: no task is named \"u\", did you mean \"t\"? declared is \"t\""},
        RefusedText{
            withStep("{ spawn = \"t\", count = -2 }"),
            "3:34: count of a spawn step is -2, a whole number from 0 to 1000000 is wanted"},
        RefusedText{
            withStep("{ publish = \"news\", key = \"a\" }"),
            "3:23: no exchange is named \"news\", declare it: [[exchange]] name = \"news\""},
        RefusedText{withStep("{ fail = \"never\" }"),
                    fmt::format("3:20: fail = \"never\", {}", kChance)},
        RefusedText{withStep("{ fail = 1.5 }"), fmt::format("3:20: fail = 1.5, {}", kChance)},
        RefusedText{withStep("{ fail = -1 }"), fmt::format("3:20: fail = -1, {}", kChance)},
        RefusedText{withStep("{ crash = nan }"), fmt::format("3:21: crash = nan, {}", kChance)},
        RefusedText{withStep("{ crash = true }"),
                    fmt::format("3:21: crash = true or false, {}", kChance)}));

INSTANTIATE_TEST_SUITE_P(
    Whole, ScenarioMistake,
    testing::Values(
        RefusedText{
            withStep("{ spawn = \"t\" }"),
            "3:11: tasks spawn each other without end (\"t\" spawns \"t\"), a task may not spawn "
            "itself, directly or not"},
        RefusedText{
            "[[task]]\nname = \"a\"\nsteps = [ { spawn = \"b\" } ]\n"
            "[[task]]\nname = \"b\"\nsteps = [ { spawn = \"a\" } ]\n",
            "6:11: tasks spawn each other without end (\"a\" spawns \"b\" spawns \"a\"), a task "
            "may not spawn itself, directly or not"},
        RefusedText{
            withKey("after = \"t\""),
            "4:9: \"t\" would never begin, it waits for itself (\"t\" needs \"t\"), name a task "
            "that does not depend on it"},
        RefusedText{
            "[[task]]\nname = \"a\"\nsteps = []\nafter = \"b\"\n"
            "[[task]]\nname = \"b\"\nsteps = []\nafter = \"a\"\n",
            "4:9: \"a\" would never begin, it waits for itself (\"a\" needs \"b\" needs \"a\"), "
            "name a task that does not depend on it"},
        // The child can only be there when its parent has begun, which waits for the child.
        RefusedText{
            "[[task]]\nname = \"a\"\nsteps = [ { spawn = \"b\" } ]\nafter = \"b\"\n"
            "[[task]]\nname = \"b\"\nsteps = []\n",
            "4:9: \"a\" would never begin, it waits for itself (\"a\" needs \"b\" needs \"a\"), "
            "name a task that does not depend on it"},
        RefusedText{
            "[[task]]\nname = \"a\"\nsteps = [ { spawn = \"b\" } ]\n"
            "[[task]]\nname = \"b\"\nsteps = []\nafter = \"c\"\n"
            "[[task]]\nname = \"c\"\nsteps = []\n",
            "7:9: \"b\" begins when it is spawned, leave after out or give it a count of its "
            "own"},
        RefusedText{
            "[[task]]\nname = \"a\"\nsteps = [ { spawn = \"b\" } ]\n"
            "[[task]]\nname = \"b\"\nsteps = []\nevery = \"1 ms\"\n",
            "7:9: \"b\" arrives when it is spawned, leave every and arrival out or give it a "
            "count of its own"},
        RefusedText{
            withStep("{ await = \"t\" }"),
            "3:11: \"t\" has not spawned any \"t\" before this step, put { spawn = \"t\" } before "
            "it"},
        RefusedText{
            "[[task]]\nname = \"a\"\nretries = 1\nsteps = [ { spawn = \"b\" } ]\n"
            "[[task]]\nname = \"b\"\nsteps = []\n",
            "4:11: \"a\" may be tried again and would spawn twice, leave retries or this step "
            "out"},
        // Of several mistakes, the first in the file.
        RefusedText{"seed = -1\n[[task]]\nname = 5\ncount = -3\n",
                    "1:8: seed of a scenario is -1, a whole number from 0 is wanted"}));

std::string syntaxErrorOf(std::string_view text) {
    const auto scenario = parseScenario(text, "f.toml");
    EXPECT_FALSE(scenario) << text;
    return scenario ? "" : scenario.error().message;
}

TEST(ScenarioSyntax, MistakesHaveTheirPlace) {
    using testing::StartsWith;
    EXPECT_THAT(syntaxErrorOf("a = = 1\n"), StartsWith("f.toml:1:5: this is not TOML, "));
    EXPECT_THAT(syntaxErrorOf("\n\nname = \"open\n"), StartsWith("f.toml:3:"));
    EXPECT_THAT(syntaxErrorOf("a = 1\na = 2\n"), StartsWith("f.toml:2:"));
    EXPECT_THAT(syntaxErrorOf("[[task]]\nsteps = [ { compute = \"1 ms\" \n"),
                StartsWith("f.toml:2:"));
    EXPECT_EQ(syntaxErrorOf(std::string_view("a = \"\xff\"", 7)),
              "f.toml is not a text file, a scenario is TOML in UTF-8");
}

TEST(ScenarioSyntax, TextWithoutAFileIsCalledScenario) {
    EXPECT_THAT(parseScenario("seed = -1\n", {}).error().message,
                testing::StartsWith("scenario:1:8: "));
}

TEST(ScenarioNesting, EndsAt64Levels) {
    const auto nested = [](int levels) {
        std::string text = "[[lock]]\nname = \"l\"\n[[task]]\nname = \"t\"\nsteps = [";
        for (int i = 1; i < levels; ++i) {
            text += "{ lock = \"l\", steps = [";
        }
        text += "{ compute = \"1 ms\" }";
        for (int i = 1; i < levels; ++i) {
            text += "] }";
        }
        return text + "]\n";
    };
    EXPECT_TRUE(parseScenario(nested(64), "f.toml"));
    EXPECT_THAT(syntaxErrorOf(nested(65)),
                testing::AllOf(testing::StartsWith("f.toml:5:"),
                               testing::EndsWith(": steps are nested too deep, at most 64 levels "
                                                 "are allowed")));
    EXPECT_THAT(syntaxErrorOf(nested(5000)), testing::StartsWith("f.toml:5:"));
}

TEST(ScenarioSize, EndsAt1000Templates) {
    std::string text;
    for (int i = 0; i <= 1000; ++i) {
        text += fmt::format("[[task]]\nname = \"{}\"\nsteps = []\n", i);
    }
    EXPECT_EQ(syntaxErrorOf(text),
              "f.toml:3001:1: too many [[task]], at most 1000 are allowed (use "
              "count for equal ones)");
}

TEST(ScenarioSize, ManyNamesAreFoundAndMissedQuickly) {
    std::string declarations;
    std::string steps;
    for (int i = 0; i < 20'000; ++i) {
        declarations += fmt::format("[[queue]]\nname = \"{}\"\n", i);
        steps += fmt::format("{{ put = \"{}\" }},\n", i);
    }
    const std::string head = "[[task]]\nname = \"t\"\nsteps = [\n";
    EXPECT_TRUE(parseScenario(declarations + head + steps + "]\n", "f.toml"));
    EXPECT_EQ(syntaxErrorOf(head + steps + "]\n"),
              "f.toml:4:9: no queue is named \"0\", declare it: [[queue]] name = \"0\"");
    EXPECT_EQ(syntaxErrorOf(declarations + head + "{ get = \"19999x\" }]\n"),
              "f.toml:40004:9: no queue is named \"19999x\", did you mean \"19999\"?");
}

} // namespace
} // namespace interleave::scenario
