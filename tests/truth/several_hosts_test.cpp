// SPDX-License-Identifier: GPL-3.0-or-later
// A run whose workers are on other hosts, from what the program prints.
#include "tests/support/child_process.h"
#include "tests/support/private_broker.h"
#include "tests/truth/host_network.h"
#include "tests/truth/private_services.h"
#include "tests/truth/program_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <thread>
#include <unistd.h>

namespace interleave::truth {
namespace {

using support::ChildProcess;

constexpr int kTasks = 160;
constexpr std::chrono::seconds kCut{8};

class Folder {
public:
    Folder()
        : path(std::filesystem::temp_directory_path() /
               fmt::format("interleave-hosts-{}", getpid())) {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path path;
};

std::string scenarioIn(const std::filesystem::path& folder, int tasks) {
    const auto file = folder / "hosts.toml";
    std::ofstream(file) << fmt::format("name = \"Several hosts\"\n[[task]]\nname = \"job\"\n"
                                       "count = {}\n"
                                       "steps = [ {{ compute = \"5 ms\" }}, {{ sleep = \"200 ms\" "
                                       "}} ]\n",
                                       tasks);
    return file.string();
}

nlohmann::json statsOf(const std::filesystem::path& recording) {
    const ProgramResult stats = runProgram({"stats", recording.string(), "--json"});
    return stats.exitCode == 0 ? nlohmann::json::parse(stats.out) : nlohmann::json();
}

/// Waits until so many tasks of a run that goes on are done; false: it takes too long.
bool waitForDone(const std::filesystem::path& session, int count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (std::chrono::steady_clock::now() < end) {
        const nlohmann::json stats = statsOf(session);
        if (!stats.is_null() && stats.at("tasks").at("done") >= count) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

std::vector<std::string> messagesOf(const nlohmann::json& stats, const std::string& kind) {
    std::vector<std::string> messages;
    for (const auto& diagnostic : stats.at("diagnostics")) {
        if (diagnostic.at("kind") == kind) {
            messages.push_back(diagnostic.at("message"));
        }
    }
    return messages;
}

/// "... is X ms, plus or minus Y ms ..."
void expectClockWithinItsError(const std::string& sentence) {
    double offset = 0;
    double error = 0;
    const std::size_t at = sentence.find(" is ");
    ASSERT_NE(at, std::string::npos) << sentence;
    ASSERT_EQ(
        std::sscanf(sentence.c_str() + at, " is %lf ms, plus or minus %lf ms", &offset, &error), 2)
        << sentence;
    fmt::print("{}\n", sentence);
    EXPECT_LE(std::abs(offset), error) << "the namespaces have one clock: it is none";
    EXPECT_LT(error, 100) << sentence;
}

/// The longest time in which no worker of a host did anything between its first and last span.
double longestGap(const std::vector<SpanRow>& spans, const std::string& host) {
    std::vector<std::pair<std::int64_t, std::int64_t>> busy;
    for (const SpanRow& row : spans) {
        if (row.trackKind == "worker" && row.track.starts_with(host + "/worker")) {
            busy.emplace_back(row.beginNs, row.endNs);
        }
    }
    std::ranges::sort(busy);
    std::int64_t longest = 0;
    std::int64_t end = busy.empty() ? 0 : busy.front().second;
    for (const auto& [from, to] : busy) {
        longest = std::max(longest, from - end);
        end = std::max(end, to);
    }
    return static_cast<double>(longest) * 1e-9;
}

/// Values of a counter in a Chrome trace, in order.
std::vector<double> valuesOf(const nlohmann::json& trace, const std::string& counter) {
    std::vector<double> values;
    for (const auto& event : trace.at("traceEvents")) {
        if (event.value("ph", "") == "C" &&
            event.value("name", "").find(counter) != std::string::npos) {
            values.push_back(event.at("args").begin().value());
        }
    }
    return values;
}

class SeveralHosts : public testing::Test {
protected:
    void SetUp() override {
        if (!support::PrivateBroker::isInstalled()) {
            GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
        }
        if (const std::string objection = HostNetwork::objection(); !objection.empty()) {
            GTEST_SKIP() << objection;
        }
        m_network = HostNetwork::make({"alpha", "beta"});
        ASSERT_NE(m_network, nullptr);
        ::setenv("INTERLEAVE_BROKER_ADDRESS", m_network->address().c_str(), 1);
        m_broker = support::PrivateBroker::own();
        ::unsetenv("INTERLEAVE_BROKER_ADDRESS");
        ASSERT_NE(m_broker, nullptr);
    }

    std::unique_ptr<ChildProcess> startWorker(const std::string& host) {
        std::string url = m_broker->url();
        const std::string local = "127.0.0.1";
        url.replace(url.find(local), local.size(), m_network->address());
        std::vector<std::string> words = m_network->prefixOf(host);
        words.insert(words.end(), {PROGRAM, "worker", "--broker", url + "?heartbeat=2", "--name",
                                   host, "--workers", "2", "--once"});
        return std::make_unique<ChildProcess>(words, ChildProcess::Variables{}, outputOf(host));
    }

    std::string outputOf(const std::string& who) const { return (m_folder.path / who).string(); }
    /// What a program has written by now.
    std::string said(const std::string& who) const {
        std::ifstream file(outputOf(who));
        return {std::istreambuf_iterator<char>(file), {}};
    }

    Folder m_folder;
    std::unique_ptr<HostNetwork> m_network;
    std::unique_ptr<support::PrivateBroker> m_broker;
};

TEST_F(SeveralHosts, OneThatIsCutOffComesBackAndNothingIsLost) {
    const auto alpha = startWorker("alpha");
    const auto beta = startWorker("beta");
    const auto session = m_folder.path / "session";
    const auto recording = m_folder.path / "run.ilv";
    ChildProcess run({PROGRAM, "run", scenarioIn(m_folder.path, kTasks), "--model", "task-queue",
                      "--broker", m_broker->url(), "--set", "hosts=2", "--set", "acks=late",
                      "--set", "prefetch=1", "--session", session.string(), "-o",
                      recording.string()},
                     {}, outputOf("run"));
    ASSERT_TRUE(waitForDone(session, 8));
    m_network->cut("alpha");
    std::this_thread::sleep_for(kCut); // it is what is done to it
    m_network->mend("alpha");
    ASSERT_EQ(run.wait(), 0) << said("run");
    EXPECT_EQ(alpha->wait(), 0) << said("alpha");
    EXPECT_EQ(beta->wait(), 0) << said("beta");

    const nlohmann::json stats = statsOf(recording);
    EXPECT_EQ(stats.at("tasks").at("done"), kTasks);
    for (const char* const kind : {"message-account", "host-lost", "lost-early-ack",
                                   "dropped-events", "foreign-note", "unreadable-segment"}) {
        EXPECT_TRUE(messagesOf(stats, kind).empty()) << messagesOf(stats, kind).front();
    }
    const auto cuts = messagesOf(stats, "host-cut-off");
    ASSERT_EQ(cuts.size(), 1u);
    EXPECT_TRUE(cuts.front().starts_with("alpha")) << cuts.front();
    const auto clocks = messagesOf(stats, "clock-offset");
    EXPECT_EQ(clocks.size(), 2u);
    std::ranges::for_each(clocks, expectClockWithinItsError);

    const auto spans = spansOf(runProgram({"spans", recording.string(), "--csv"}).out);
    std::map<std::string, int> times;
    for (const SpanRow& row : spans) {
        times[row.task] += row.trackKind == "task" && row.state == "sleeping" ? 1 : 0;
    }
    const auto again =
        std::ranges::count_if(times, [](const auto& task) { return task.second > 1; });
    std::int64_t redelivered = 0;
    for (const auto& queue : stats.at("queues")) {
        redelivered += queue.at("redelivered").get<std::int64_t>();
    }
    fmt::print("{} tasks were executed again, {} messages redelivered; {:.2f} s of silence on "
               "alpha, {:.2f} s on beta\n",
               again, redelivered, longestGap(spans, "alpha"), longestGap(spans, "beta"));
    EXPECT_GE(redelivered, 1) << "it had something in hand";
    EXPECT_LE(again, redelivered);
    EXPECT_GT(longestGap(spans, "alpha"), 4);
    EXPECT_LT(longestGap(spans, "beta"), 4);

    const auto traceFile = (m_folder.path / "run.json").string();
    ASSERT_EQ(runProgram({"export", recording.string(), "-o", traceFile}).exitCode, 0);
    const auto trace = nlohmann::json::parse(std::ifstream(traceFile));
    const auto connected = valuesOf(trace, "alpha connected");
    EXPECT_EQ(std::ranges::count(connected, 0.0), 1) << "the picture shows the gap";
    EXPECT_EQ(std::ranges::count(valuesOf(trace, "beta connected"), 0.0), 0);
}

TEST_F(SeveralHosts, AWorkerThatIsAskedToGoFinishesWhatItBegan) {
    const auto alpha = startWorker("alpha");
    const auto beta = startWorker("beta");
    const auto session = m_folder.path / "session";
    const auto recording = m_folder.path / "run.ilv";
    ChildProcess run({PROGRAM, "run", scenarioIn(m_folder.path, 40), "--model", "task-queue",
                      "--broker", m_broker->url(), "--set", "hosts=2", "--session",
                      session.string(), "-o", recording.string()},
                     {}, outputOf("run"));
    ASSERT_TRUE(waitForDone(session, 4));
    alpha->signal(SIGINT);
    EXPECT_EQ(alpha->wait(), 0) << said("alpha");
    ASSERT_EQ(run.wait(), 0) << said("run");
    const nlohmann::json stats = statsOf(recording);
    EXPECT_EQ(stats.at("tasks").at("done"), 40) << "early acknowledgement, and nothing was lost";
    EXPECT_TRUE(messagesOf(stats, "host-lost").empty());
    EXPECT_TRUE(messagesOf(stats, "message-account").empty());
}

TEST_F(SeveralHosts, OneThatIsKilledIsGivenUpAndEachOfItsTasksIsAccountedFor) {
    constexpr int kJobs = 60;
    for (const std::string acks : {"late", "early"}) {
        const auto alpha = startWorker("alpha");
        const auto beta = startWorker("beta");
        const auto session = m_folder.path / ("session-" + acks);
        const auto recording = m_folder.path / (acks + ".ilv");
        ChildProcess run({PROGRAM, "run", scenarioIn(m_folder.path, kJobs), "--model", "task-queue",
                          "--broker", m_broker->url(), "--set", "hosts=2", "--set", "acks=" + acks,
                          "--set", "prefetch=1", "--set", "host_silence=3 s", "--session",
                          session.string(), "-o", recording.string()},
                         {}, outputOf("run"));
        ASSERT_TRUE(waitForDone(session, 8)) << said("run");
        alpha->signal(SIGKILL);
        ASSERT_EQ(run.wait(), 0) << acks << ": " << said("run");
        EXPECT_EQ(beta->wait(), 0) << said("beta");

        const nlohmann::json stats = statsOf(recording);
        const auto lost = messagesOf(stats, "host-lost");
        ASSERT_EQ(lost.size(), 1u) << acks;
        EXPECT_NE(lost.front().find("alpha"), std::string::npos) << lost.front();
        EXPECT_TRUE(messagesOf(stats, "message-account").empty());
        const int done = stats.at("tasks").at("done");
        const int failed = stats.at("tasks").at("failed");
        EXPECT_EQ(done + failed, kJobs) << acks;
        const bool isEarly = acks == "early";
        EXPECT_EQ(messagesOf(stats, "lost-early-ack").size(), isEarly ? 1u : 0u);
        EXPECT_EQ(failed > 0, isEarly) << failed << " of " << kJobs;
    }
}

TEST_F(SeveralHosts, ARestartOfTheBrokerIsSurvivedByAll) {
    constexpr int kJobs = 60;
    const auto alpha = startWorker("alpha");
    const auto beta = startWorker("beta");
    const auto session = m_folder.path / "session";
    const auto recording = m_folder.path / "run.ilv";
    ChildProcess run({PROGRAM, "run", scenarioIn(m_folder.path, kJobs), "--model", "task-queue",
                      "--broker", m_broker->url(), "--set", "hosts=2", "--set", "acks=late",
                      "--session", session.string(), "-o", recording.string()},
                     {}, outputOf("run"));
    ASSERT_TRUE(waitForDone(session, 8)) << said("run");
    m_broker->stop();
    ASSERT_TRUE(m_broker->start());
    ASSERT_EQ(run.wait(), 0) << said("run");
    EXPECT_EQ(alpha->wait(), 0) << said("alpha");
    EXPECT_EQ(beta->wait(), 0) << said("beta");
    const nlohmann::json stats = statsOf(recording);
    EXPECT_EQ(stats.at("tasks").at("done"), kJobs);
    for (const char* const kind : {"host-lost", "message-account", "dropped-events"}) {
        EXPECT_TRUE(messagesOf(stats, kind).empty()) << messagesOf(stats, kind).front();
    }
}

TEST_F(SeveralHosts, ARunWaitsForAWorkerThatComesLate) {
    const auto alpha = startWorker("alpha");
    const auto recordingOf = [&](int number) {
        return (m_folder.path / fmt::format("{}.ilv", number)).string();
    };
    // Alone there is one worker, and two are asked for: the run waits until the second one joins.
    ChildProcess run({PROGRAM, "run", scenarioIn(m_folder.path, 8), "--model", "task-queue",
                      "--broker", m_broker->url(), "--set", "hosts=2", "-o", recordingOf(1)},
                     {}, outputOf("run"));
    std::this_thread::sleep_for(std::chrono::seconds(1)); // it comes late
    const auto beta = startWorker("beta");
    ASSERT_EQ(run.wait(), 0) << said("run");
    EXPECT_EQ(statsOf(recordingOf(1)).at("tasks").at("done"), 8);
    EXPECT_EQ(alpha->wait(), 0) << said("alpha");
    EXPECT_EQ(beta->wait(), 0) << said("beta");
}

TEST(RemoteWorker, SaysWhatIsWrongWithItsBroker) {
    const auto errorOf = [](const std::string& url, int exitCode) {
        const ProgramResult run = runProgram({"worker", "--broker", url});
        EXPECT_EQ(run.exitCode, exitCode) << url << ": " << run.err;
        EXPECT_EQ(run.err.find("s3cret"), std::string::npos) << run.err;
        return run.err;
    };
    EXPECT_NE(errorOf("memory", 2).find("needs a broker"), std::string::npos);
    EXPECT_NE(errorOf("amqp://u:s3cret@", 2).find("names no host"), std::string::npos);
    EXPECT_NE(errorOf("amqp://u:s3cret@127.0.0.1:1", 3).find("No broker answers"),
              std::string::npos);
    if (rabbitUrl().empty()) {
        GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
    }
    std::string url = rabbitUrl();
    const std::size_t at = url.find('@');
    url.replace(url.rfind(':', at) + 1, at - url.rfind(':', at) - 1, "s3cret");
    EXPECT_NE(errorOf(url, 2).find("password"), std::string::npos);
}

TEST(RemoteWorker, ARunThatNobodyJoinsSaysSo) {
    Folder folder;
    const std::string scenario = scenarioIn(folder.path, 3);
    const ProgramResult memory =
        runProgram({"run", scenario, "--model", "task-queue", "--set", "hosts=1"});
    EXPECT_EQ(memory.exitCode, 3);
    EXPECT_NE(memory.err.find("--broker amqp://"), std::string::npos) << memory.err;
    if (rabbitUrl().empty()) {
        GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
    }
    const ProgramResult alone =
        runProgram({"run", scenario, "--model", "task-queue", "--broker", rabbitUrl(), "--set",
                    "hosts=1", "--set", "host_wait=300 ms"});
    EXPECT_EQ(alone.exitCode, 3);
    EXPECT_NE(alone.err.find("0 of 1 workers joined"), std::string::npos) << alone.err;
}

TEST(RemoteWorker, WhatNeedsSharedMemoryIsRefused) {
    const ProgramResult run = runProgram({"run", std::string(SCENARIOS) + "/one-lock.toml",
                                          "--model", "task-queue", "--set", "hosts=1"});
    EXPECT_EQ(run.exitCode, 2);
    EXPECT_NE(run.err.find("share no memory"), std::string::npos) << run.err;
}

} // namespace
} // namespace interleave::truth
