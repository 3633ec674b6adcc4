// SPDX-License-Identifier: GPL-3.0-or-later
// What `findings` says of real runs of the shipped scenarios: what must be said, and what must not.
#include "tests/truth/finding_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace interleave::truth {
namespace {

using Json = nlohmann::json;

std::vector<FindingsCase> expectations() {
    return {
        {"ComputingUnderTheGil",
         "sum-of-squares",
         "gil-threads",
         {},
         {"gil-serialised", "cpu-bound-in-threads"},
         without({kOfLoops, kOfBrokers}, {"deadlock", "too-few-workers", "gil-long-hold"})},
        {"ComputingWithoutIt",
         "sum-of-squares",
         "threads",
         {},
         {"oversubscribed"},
         without({kOfLoops, kOfGil, kOfBrokers}, {"deadlock", "too-few-workers"})},
        {"Convoy",
         "convoy",
         "gil-threads",
         {},
         {"gil-convoy"},
         without({kOfLoops, kOfBrokers}, {"cpu-bound-in-threads", "deadlock"})},
        {"NoConvoyWithoutGil", "convoy", "threads", {}, {}, without({kOfLoops, kOfGil})},
        {"OneLock",
         "one-lock",
         "threads",
         {},
         {"lock-serialised", "long-critical-section"},
         without({kOfLoops, kOfGil, kOfBrokers}, {"deadlock", "lock-convoy"})},
        {"OneLockAlone",
         "one-lock",
         "sequential",
         {},
         {},
         {"lock-serialised", "long-critical-section", "lock-convoy", "oversubscribed"}},
        {"Deadlock",
         "two-locks-deadlock",
         "threads",
         {},
         {"deadlock"},
         without({kOfLoops, kOfGil}, {"near-ideal"})},
        {"NoDeadlockAlone", "two-locks-deadlock", "sequential", {}, {}, {"deadlock"}},
        {"Uneven",
         "uneven",
         "threads",
         {},
         {"uneven-finish"},
         without({kOfLoops, kOfGil, kOfBrokers}, {"near-ideal", "too-few-workers"})},
        {"TooFewWorkers",
         "download-sites",
         "threads",
         {"--workers", "5"},
         {"too-few-workers"},
         without({kOfLoops, kOfGil, kOfBrokers}, {"uneven-finish", "oversubscribed"})},
        {"EnoughForWaiting",
         "download-sites",
         "event-loop",
         {},
         {},
         without({kOfGil, kOfBrokers}, {"too-few-workers", "loop-blocked", "sequential-awaits"})},
        {"ProcessesForIo",
         "download-sites",
         "processes",
         {},
         {"processes-for-io"},
         without({kOfLoops, kOfGil, kOfBrokers}, {"transfer-dominates"})},
        {"TinyTasksInAQueue",
         "tiny-tasks",
         "task-queue",
         {},
         {"tasks-too-small"},
         without({kOfLoops, kOfGil}, {"ran-twice", "lost-early-ack", "too-few-workers"})},
        {"TinyTasksInOneProcess",
         "tiny-tasks",
         "sequential",
         {},
         {},
         {"tasks-too-small", "transfer-dominates", "startup-dominates"}},
        {"BigPayload", "big-payload", "processes", {}, {"transfer-dominates"}, kOfLoops},
        {"SharedPayload", "big-payload", "threads", {}, {}, {"transfer-dominates"}},
        {"BlockingCall",
         "blocking-call",
         "event-loop",
         {},
         {"loop-blocked"},
         without({kOfGil, kOfBrokers}, {"too-few-workers", "near-ideal"})},
        {"BlockingCallInThreads", "blocking-call", "threads", {}, {}, kOfLoops},
        {"NeverYields", "mixed", "event-loop", {}, {"loop-never-yields"}, {"loop-blocked"}},
        {"Prefetch",
         "prefetch",
         "task-queue",
         {},
         {"prefetch-starvation"},
         {"ran-twice", "lost-early-ack", "too-few-workers"}},
        {"PrefetchOfOne",
         "prefetch",
         "task-queue",
         {"--set", "prefetch=1"},
         {},
         {"ran-twice", "lost-early-ack"}},
        {"QueueGrows", "beat", "threads", {}, {"queue-unstable"}, without({kOfLoops, kOfGil})},
        {"QueueHolds", "beat", "threads", {"--workers", "6"}, {}, {"queue-unstable", "deadlock"}},
        {"Retries", "retry-storm", "event-loop", {}, {"retry-storm"}, {"deadlock", "ran-twice"}},
        {"RunsTwice", "late-ack", "task-queue", {}, {"ran-twice"}, {"lost-early-ack"}},
        {"LostTask",
         "early-ack",
         "task-queue",
         {},
         {"lost-early-ack"},
         {"ran-twice", "near-ideal"}},
        {"LongHold",
         "long_hold.py",
         "",
         {},
         {"gil-long-hold"},
         without({kOfLoops, kOfBrokers}, {"deadlock"})},
        {"NoLongHoldWhereItCanBeAskedFor",
         "long_hold.py",
         "",
         {"interruptible"},
         {},
         without({kOfLoops, kOfBrokers}, {"gil-long-hold", "deadlock"})},
        {"NoLockConvoyAlone", "own/lock-convoy", "sequential", {}, {}, {"lock-convoy"}},
        {"NoPriorityInversionWithAsManyWorkersAsCores",
         "own/priority-inversion",
         "threads",
         {"--workers", "2"},
         {},
         {"priority-inversion", "oversubscribed"}},
        {"AwaitsInTurn",
         "own/awaits-in-turn",
         "event-loop",
         {},
         {"sequential-awaits"},
         without({kOfGil, kOfBrokers}, {"loop-blocked", "loop-never-yields"})},
        {"AwaitsTogether", "own/awaits-together", "event-loop", {}, {}, {"sequential-awaits"}},
        {"AwaitsInTurnOfAProgram", "awaits.py", "", {}, {"sequential-awaits"}, kOfBrokers},
        {"AwaitsTogetherOfAProgram", "awaits.py", "", {"together"}, {}, {"sequential-awaits"}},
        {"SlowBroker",
         "broker-restart",
         "task-queue",
         {},
         {"slow-broker"},
         without({kOfLoops, kOfGil}, {"near-ideal"})},
        {"QuickBroker", "chord", "task-queue", {}, {}, {"slow-broker"}},
        {"StartUp",
         "own/short-work",
         "processes",
         {"--set", "start=spawn"},
         {"startup-dominates"},
         without({kOfLoops, kOfGil, kOfBrokers}, {"near-ideal"})},
        {"NoStartUpInThreads", "own/short-work", "threads", {}, {}, {"startup-dominates"}},
        {"NothingToMend", "prefetch", "event-loop", {}, {"near-ideal"}, {"too-few-workers"}},
    };
}

class FindingsOf : public testing::TestWithParam<FindingsCase> {};

TEST_P(FindingsOf, RealRunsAreWhatTheyAreKnownFor) {
    expectWithinThreeTries([] { return complaintOf(GetParam()); });
}

INSTANTIATE_TEST_SUITE_P(Scenarios, FindingsOf, testing::ValuesIn(expectations()),
                         [](const auto& tested) { return tested.param.name; });

TEST(Waterfall, AddsUpToMakespanTimesWorkersOfRealRuns) {
    const std::vector<std::pair<std::string, std::string>> runs{
        {"ten-dishes", "threads"},    {"ten-dishes", "gil-threads"}, {"ten-dishes", "processes"},
        {"ten-dishes", "event-loop"}, {"nested", "work-stealing"},   {"chord", "task-queue"},
        {"late-ack", "task-queue"},   {"one-lock", "sequential"}};
    for (const auto& [scenario, model] : runs) {
        const RunFile file;
        ASSERT_EQ(runProgram({"run", std::string(SCENARIOS) + "/" + scenario + ".toml", "--model",
                              model, "-o", file.path()})
                      .exitCode,
                  0);
        const Json row = Json::parse(runProgram({"compare", file.path(), "--json"}).out).at(0);
        const Json& waterfall = row.at("waterfall");
        std::int64_t sum = 0;
        for (const auto& [part, ns] : waterfall.at("parts_ns").items()) {
            EXPECT_GE(ns.get<std::int64_t>(), 0) << scenario << " " << part;
            sum += ns.get<std::int64_t>();
        }
        const auto makespan = waterfall.at("makespan_ns").get<std::int64_t>();
        EXPECT_EQ(sum, makespan * waterfall.at("places").get<std::int64_t>())
            << scenario << " under " << model;
        EXPECT_NEAR(static_cast<double>(makespan) * 1e-9, row.at("makespan_s").get<double>(), 1e-9);
        EXPECT_GT(waterfall.at("parts_ns").at("work").get<std::int64_t>(), 0);
    }
}

TEST(TryTheCure, RunsItWithWhatTheFindingSaysChangedAndSaysWhatCameOfIt) {
    expectWithinThreeTries([]() -> std::string {
        const RunFile before;
        const RunFile after;
        runProgram({"run", scenarioFile("download-sites"), "--model", "threads", "--workers", "5",
                    "-o", before.path()});
        const Json findings = Json::parse(runProgram({"findings", before.path(), "--json"}).out);
        std::size_t at = 0;
        while (at < findings.size() && findings[at].at("kind") != "too-few-workers") {
            ++at;
        }
        if (at == findings.size()) {
            return "no too-few-workers among:" + kindsText(findings);
        }
        const std::string workers = findings[at].at("try").at("workers");
        const ProgramResult tried = runProgram(
            {"findings", before.path(), "--try", std::to_string(at + 1), "-o", after.path()});
        const Json stats = Json::parse(runProgram({"stats", after.path(), "--json"}).out);
        EXPECT_EQ(tried.exitCode, 0) << tried.err;
        EXPECT_EQ(std::to_string(stats.at("workers").get<int>()), workers);
        EXPECT_EQ(stats.at("model"), "threads");
        EXPECT_NE(tried.out.find("workers 5 → " + workers), std::string::npos) << tried.out;
        EXPECT_NE(tried.out.find("Makespan "), std::string::npos) << tried.out;
        return tried.out.find("times as fast") != std::string::npos ? "" : tried.out;
    });
}

TEST(TryTheCure, WhatCanNotBeTriedIsSaidInASentence) {
    const RunFile file;
    runProgram(
        {"run", scenarioFile("own/awaits-in-turn"), "--model", "event-loop", "-o", file.path()});
    const Words ask{"findings", file.path(), "--try"};
    const auto tried = [&](const std::string& number, const Words& more = {}) {
        Words words = ask;
        words.push_back(number);
        words.insert(words.end(), more.begin(), more.end());
        return runProgram(words);
    };
    EXPECT_EQ(tried("99").exitCode, 2);
    EXPECT_NE(tried("99").err.find("in this recording"), std::string::npos) << tried("99").err;
    const ProgramResult noCure = tried("1");
    EXPECT_EQ(noCure.exitCode, 2);
    EXPECT_NE(noCure.err.find("no parameter of the run cures sequential-awaits"), std::string::npos)
        << noCure.err;

    const RunFile inversion;
    runProgram({"run", scenarioFile("own/short-work"), "--model", "processes", "--set",
                "start=spawn", "-o", inversion.path()});
    const Json findings = Json::parse(runProgram({"findings", inversion.path(), "--json"}).out);
    ASSERT_TRUE(says(findings, "startup-dominates")) << kindsText(findings);
    std::string number;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        number = findings[i].at("kind") == "startup-dominates" ? std::to_string(i + 1) : number;
    }
    const ProgramResult unknown = runProgram({"findings", inversion.path(), "--try", number});
    EXPECT_EQ(unknown.exitCode, 2);
    EXPECT_NE(unknown.err.find("--scenario"), std::string::npos) << unknown.err;
    const ProgramResult other = runProgram(
        {"findings", inversion.path(), "--try", number, "--scenario", scenarioFile("one-lock")});
    EXPECT_EQ(other.exitCode, 2);
    EXPECT_NE(other.err.find("the recording is of \"Short work\""), std::string::npos) << other.err;
    const ProgramResult given = runProgram({"findings", inversion.path(), "--try", number,
                                            "--scenario", scenarioFile("own/short-work")});
    EXPECT_EQ(given.exitCode, 0) << given.err;
    EXPECT_NE(given.out.find("start spawn → fork"), std::string::npos) << given.out;
}

TEST(Recommend, ProvesItByRunningTheFirstTwo) {
    const RunFile file;
    runProgram(
        {"run", scenarioFile("own/awaits-together"), "--model", "threads", "-o", file.path()});
    const ProgramResult unknown = runProgram({"recommend", file.path(), "--prove"});
    EXPECT_EQ(unknown.exitCode, 2) << "its scenario does not come with the program";
    const Json advised = Json::parse(runProgram({"recommend", file.path(), "--json"}).out);
    const ProgramResult proved = runProgram({"recommend", file.path(), "--prove", "--json",
                                             "--scenario", scenarioFile("own/awaits-together")});
    ASSERT_EQ(proved.exitCode, 0) << proved.err;
    const Json rows = Json::parse(proved.out);
    ASSERT_EQ(rows.size(), 6u) << "two models, three times each";
    EXPECT_EQ(rows.front().at("model"), advised.at("candidates").at(0).at("model"));
    EXPECT_EQ(rows.back().at("model"), advised.at("candidates").at(1).at("model"));
    const ProgramResult told = runProgram(
        {"recommend", file.path(), "--prove", "--scenario", scenarioFile("own/awaits-together")});
    EXPECT_NE(told.out.find("Measured: "), std::string::npos) << told.out;
}

TEST(Recommend, NamesTheModelThatWaitsBestAndTheCommandThatProvesIt) {
    const RunFile file;
    ASSERT_EQ(runProgram({"run", std::string(SCENARIOS) + "/download-sites.toml", "--model",
                          "threads", "-o", file.path()})
                  .exitCode,
              0);
    const ProgramResult asked = runProgram({"recommend", file.path(), "--json"});
    ASSERT_EQ(asked.exitCode, 0) << asked.err;
    const Json json = Json::parse(asked.out);
    EXPECT_EQ(json.at("model"), "event-loop");
    EXPECT_EQ(json.at("prove").get<std::string>().find("interleave run download-sites --model "),
              0u);
    EXPECT_EQ(runProgram({"recommend", "/nowhere.ilv"}).exitCode, 2);
    EXPECT_EQ(runProgram({"findings", "/nowhere.ilv"}).exitCode, 2);
}

} // namespace
} // namespace interleave::truth
