// SPDX-License-Identifier: GPL-3.0-or-later
// A task queue's promises, from what the program prints about real runs; what the broker has a part
// in, on the one in memory and on RabbitMQ.
#include "tests/truth/private_services.h"
#include "tests/truth/program_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>

namespace interleave::truth {
namespace {

constexpr const char* kModel = "task-queue";

class OnBroker : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (isRabbit() && rabbitUrl().empty()) {
            GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
        }
    }
    static MeasuredRun run(const std::string& scenario, std::vector<std::string> arguments = {}) {
        if (isRabbit()) {
            arguments.insert(arguments.end(), {"--broker", rabbitUrl()});
        }
        return measure(scenario, kModel, arguments);
    }

private:
    static bool isRabbit() { return std::string_view(GetParam()) == "rabbitmq"; }
};
#define ON_BOTH_BROKERS(Suite)                                                                     \
    INSTANTIATE_TEST_SUITE_P(Broker, Suite, testing::Values("memory", "rabbitmq"),                 \
                             [](const auto& each) { return std::string(each.param); })

class Prefetch : public OnBroker {};
class LateAck : public OnBroker {};
class EarlyAck : public OnBroker {};
class Chord : public OnBroker {};
class RetryStorm : public OnBroker {};
ON_BOTH_BROKERS(Prefetch);
ON_BOTH_BROKERS(LateAck);
ON_BOTH_BROKERS(EarlyAck);
ON_BOTH_BROKERS(Chord);
ON_BOTH_BROKERS(RetryStorm);

std::vector<SpanRow> ofTask(const MeasuredRun& run, const std::string& state) {
    return run.select(
        [&](const SpanRow& row) { return row.trackKind == "task" && row.state == state; });
}

bool hasDiagnostic(const MeasuredRun& run, const std::string& kind) {
    return std::ranges::any_of(run.stats.at("diagnostics"), [&](const auto& diagnostic) {
        return diagnostic.at("kind") == kind;
    });
}

/// How often each task began the step.
std::map<std::string, int> timesOf(const MeasuredRun& run, const std::string& step) {
    std::map<std::string, int> times;
    for (const SpanRow& row : ofTask(run, "waiting_io")) {
        times[row.task] += row.name == step ? 1 : 0;
    }
    return times;
}

/// Nanoseconds in which a worker does nothing while a task is reserved, by somebody else then.
std::int64_t idleBesideReserved(const MeasuredRun& run) {
    std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> busy;
    for (const SpanRow& row : ofTask(run, "waiting_io")) {
        busy[row.worker].emplace_back(row.beginNs, row.endNs);
    }
    std::int64_t lastReservedNs = 0;
    for (const SpanRow& row : ofTask(run, "reserved")) {
        lastReservedNs = std::max(lastReservedNs, row.endNs);
    }
    std::int64_t idle = 0;
    for (const auto& [worker, stretches] : busy) {
        std::int64_t lastEndNs = 0;
        for (const auto& [beginNs, endNs] : stretches) {
            lastEndNs = std::max(lastEndNs, endNs);
        }
        idle += std::max<std::int64_t>(0, lastReservedNs - lastEndNs);
    }
    return idle;
}

TEST_P(Prefetch, CountsTheWorkersThatTheScenarioDeclares) {
    const MeasuredRun declared = run("prefetch"); // four tables with a slot each, [run] workers = 1
    EXPECT_EQ(declared.stats.at("workers"), 4);
}

TEST_P(Prefetch, AWorkerIdlesWhileAnotherHoldsReservedTasks) {
    expectWithinThreeTries([]() -> std::string {
        const MeasuredRun four = run("prefetch", {"--set", "prefetch=4"});
        const MeasuredRun one = run("prefetch", {"--set", "prefetch=1"});
        const double idleFour = static_cast<double>(idleBesideReserved(four)) * 1e-9;
        const double idleOne = static_cast<double>(idleBesideReserved(one)) * 1e-9;
        const std::string text =
            fmt::format("makespan {:.3f} s and idle {:.3f} s with 4, {:.3f} s and {:.3f} s with 1",
                        four.makespan(), idleFour, one.makespan(), idleOne);
        fmt::print("{}\n", text);
        return one.makespan() < 0.9 * four.makespan() && idleFour > 0.1 && idleOne < idleFour / 2
                   ? ""
                   : text;
    });
}

TEST_P(LateAck, AKilledWorkersTaskComesBackAndRunsTwice) {
    const MeasuredRun killed = run("late-ack");
    EXPECT_EQ(killed.stats.at("tasks").at("done"), 6);
    int twice = 0;
    for (const auto& [task, times] : timesOf(killed, "transfer")) {
        EXPECT_LE(times, 2) << task;
        twice += times == 2 ? 1 : 0;
    }
    EXPECT_EQ(twice, 1);
    EXPECT_FALSE(hasDiagnostic(killed, "lost-early-ack"));
    EXPECT_FALSE(hasDiagnostic(killed, "message-account"));
}

TEST_P(EarlyAck, AKilledWorkersTaskIsLostOnce) {
    const MeasuredRun killed = run("early-ack");
    EXPECT_EQ(killed.stats.at("tasks").at("done"), 5);
    EXPECT_EQ(killed.stats.at("tasks").at("failed"), 1);
    for (const auto& [task, times] : timesOf(killed, "transfer")) {
        EXPECT_EQ(times, 1) << task;
    }
    EXPECT_TRUE(hasDiagnostic(killed, "lost-early-ack"));
    EXPECT_FALSE(hasDiagnostic(killed, "message-account"));
}

TEST_P(Chord, ItsCallbackBeginsAfterTheLastMemberOnce) {
    const MeasuredRun chord = run("chord");
    EXPECT_EQ(chord.stats.at("tasks").at("done"), 51);
    std::int64_t lastMemberNs = 0;
    std::int64_t callbackNs = 0;
    int callbacks = 0;
    for (const SpanRow& row : ofTask(chord, "running")) {
        if (row.task == "total") {
            callbackNs = callbacks++ == 0 ? row.beginNs : std::min(callbackNs, row.beginNs);
        } else {
            lastMemberNs = std::max(lastMemberNs, row.endNs);
        }
    }
    EXPECT_GE(callbackNs, lastMemberNs);
    EXPECT_EQ(ofTask(chord, "queued").size(), 51u) << "each was in a queue once";
}

TEST_P(RetryStorm, PausesGrowAsConfiguredAndJitterStaysBelow) {
    const MeasuredRun storm = run("retry-storm");
    std::map<std::string, int> tries;
    double patientTotal = 0;
    int patient = 0;
    for (const SpanRow& row : ofTask(storm, "retrying")) {
        const double pauseMs = static_cast<double>(row.durationNs()) * 1e-6;
        const int index = tries[row.task]++;
        if (row.task.starts_with("hasty")) {
            EXPECT_GE(pauseMs, 20) << row.task;
        } else {
            // From 0 to 20, 40, 80, 160, 160: drawn evenly; what a slot was waited for comes on
            // top.
            patientTotal += pauseMs / std::min(160, 20 << index);
            ++patient;
        }
    }
    ASSERT_GT(patient, 5);
    EXPECT_GT(patientTotal / patient, 0.2);
}

TEST(BrokerRestart, LosesNothing) {
    const MeasuredRun run = measure("broker-restart", kModel);
    EXPECT_EQ(run.stats.at("tasks").at("done"), 12);
    EXPECT_FALSE(hasDiagnostic(run, "message-account"));
}

TEST(TimeLimits, EndWhatIsTooLong) {
    const MeasuredRun run = measure("time-limits", kModel);
    EXPECT_EQ(run.stats.at("tasks").at("done"), 6);
    EXPECT_EQ(run.stats.at("tasks").at("failed"), 3);
    EXPECT_TRUE(hasDiagnostic(run, "time-limit"));
}

TEST(RateLimit, SpacesTheStartsOfEachWorker) {
    const MeasuredRun run = measure("rate-limit", kModel, {"--workers", "1"});
    std::vector<std::int64_t> starts;
    for (const SpanRow& row : ofTask(run, "waiting_io")) {
        starts.push_back(row.beginNs);
    }
    std::ranges::sort(starts);
    ASSERT_EQ(starts.size(), 12u);
    for (std::size_t i = 2; i < starts.size(); ++i) {
        // Two gaps together: one alone may be shortened by what the start before it was late.
        EXPECT_GE(starts[i] - starts[i - 2], 80'000'000) << i;
    }
}

TEST(TaskQueueOptions, AreRefusedWhereThereIsNoBroker) {
    const ProgramResult run = runProgram({"run", std::string(SCENARIOS) + "/chord.toml", "--model",
                                          "threads", "--broker", "memory"});
    EXPECT_EQ(run.exitCode, 2);
    EXPECT_NE(run.err.find("has no broker"), std::string::npos) << run.err;
    const ProgramResult fault = runProgram({"run", std::string(SCENARIOS) + "/chord.toml",
                                            "--model", kModel, "--fault", "set-fire@1s"});
    EXPECT_EQ(fault.exitCode, 2);
}

} // namespace
} // namespace interleave::truth
