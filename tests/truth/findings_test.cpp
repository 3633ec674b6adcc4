// SPDX-License-Identifier: GPL-3.0-or-later
// What `findings` says of real runs of the shipped scenarios: what must be said, and what must not.
#include "tests/truth/program_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace interleave::truth {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

class RunFile {
public:
    RunFile()
        : m_path(std::filesystem::temp_directory_path() /
                 fmt::format("interleave-findings-{}-{}.ilv", getpid(), ++s_count)) {}
    ~RunFile() {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }
    RunFile(const RunFile&) = delete;
    RunFile& operator=(const RunFile&) = delete;
    std::string path() const { return m_path.string(); }

private:
    static inline int s_count = 0;
    std::filesystem::path m_path;
};

struct Expectation {
    std::string name;
    std::string scenario;
    std::string model;
    Words arguments;
    Words must;
    Words mustNot;
};

std::string kindsText(const Json& findings) {
    std::string text;
    for (const Json& finding : findings) {
        text += " " + finding.at("kind").get<std::string>();
    }
    return text;
}

bool says(const Json& findings, const std::string& kind) {
    return std::ranges::any_of(findings,
                               [&](const Json& finding) { return finding.at("kind") == kind; });
}

/// Empty, or what is wrong.
std::string complaintOf(const Expectation& expected) {
    const RunFile file;
    Words command{"run",     std::string(SCENARIOS) + "/" + expected.scenario + ".toml",
                  "--model", expected.model,
                  "-o",      file.path()};
    command.insert(command.end(), expected.arguments.begin(), expected.arguments.end());
    const ProgramResult run = runProgram(command);
    if (run.exitCode != 0) {
        return fmt::format("run ended with {}: {}", run.exitCode, run.err);
    }
    const ProgramResult asked = runProgram({"findings", file.path(), "--json"});
    if (asked.exitCode != 0) {
        return fmt::format("findings ended with {}: {}", asked.exitCode, asked.err);
    }
    const Json findings = Json::parse(asked.out);
    for (const std::string& kind : expected.must) {
        if (!says(findings, kind)) {
            return fmt::format("no {} among:{}", kind, kindsText(findings));
        }
    }
    for (const std::string& kind : expected.mustNot) {
        if (says(findings, kind)) {
            return fmt::format("{} among:{}", kind, kindsText(findings));
        }
    }
    for (const Json& finding : findings) {
        if (finding.at("message").get<std::string>().empty() || !finding.at("value").is_number()) {
            return fmt::format("without a message or a number: {}", finding.dump());
        }
    }
    return {};
}

const Words kOfLoops{"loop-blocked", "loop-never-yields", "sequential-awaits"};
const Words kOfGil{"gil-serialised", "gil-convoy", "gil-long-hold", "cpu-bound-in-threads"};
const Words kOfBrokers{"ran-twice", "lost-early-ack", "prefetch-starvation", "slow-broker"};

Words without(std::initializer_list<Words> lists, const Words& more = {}) {
    Words all{more};
    for (const Words& list : lists) {
        all.insert(all.end(), list.begin(), list.end());
    }
    return all;
}

std::vector<Expectation> expectations() {
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
        {"NothingToMend", "prefetch", "event-loop", {}, {"near-ideal"}, {"too-few-workers"}},
    };
}

class FindingsOf : public testing::TestWithParam<Expectation> {};

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
