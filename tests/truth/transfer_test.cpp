// SPDX-License-Identifier: GPL-3.0-or-later
// What processes pay for: arguments that have to be sent, and memory of their own.
#include "tests/truth/program_run.h"

#include <gtest/gtest.h>
#include <set>

namespace interleave::truth {
namespace {

double seconds(const MeasuredRun& run, const std::string& state) {
    return run.stats.at("states_s").value(state, 0.0);
}

TEST(BigPayload, IsTransferredToProcessesAndCostsThreadsNothing) {
    const MeasuredRun processes = measure("big-payload", "processes");
    const MeasuredRun threads = measure("big-payload", "threads");
    EXPECT_EQ(seconds(threads, "transfer"), 0.0);
    // 64 MB a task through a pipe: at 10 GB/s, which no pipe reaches, more than 6 ms each.
    const double tasks = processes.stats.at("tasks").at("total");
    EXPECT_GT(seconds(processes, "transfer"), 0.006 * tasks);
}

class Start : public testing::TestWithParam<const char*> {};

TEST_P(Start, IsVisibleForEveryProcess) {
    const MeasuredRun run =
        measure("sum-of-squares", "processes",
                {"--workers", "2", "--set", std::string("start=") + GetParam()});
    EXPECT_GT(seconds(run, "starting"), 0.0);
    std::set<int> pids;
    for (const auto& process : run.stats.at("processes")) {
        EXPECT_GT(process.at("peak_rss_bytes").get<std::int64_t>(), 0) << process;
        pids.insert(process.at("pid").get<int>());
    }
    EXPECT_GE(pids.size(), 3u) << "the runner and two workers";
}

INSTANTIATE_TEST_SUITE_P(Ways, Start, testing::Values("fork", "spawn"));

} // namespace
} // namespace interleave::truth
