// SPDX-License-Identifier: GPL-3.0-or-later
// CPU-bound work: who really runs at the same instant.
#include "tests/truth/program_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace interleave::truth {
namespace {

/// Two running spans of different tasks that overlap, if there are any.
std::string overlapOfRunningTasks(const MeasuredRun& run) {
    auto running = run.select(
        [](const SpanRow& span) { return span.trackKind == "task" && span.state == "running"; });
    std::ranges::sort(running, {}, &SpanRow::beginNs);
    for (std::size_t i = 1; i < running.size(); ++i) {
        if (running[i].beginNs < running[i - 1].endNs && running[i].task != running[i - 1].task) {
            return fmt::format("{} and {} run at once at {} ns", running[i - 1].task,
                               running[i].task, running[i].beginNs);
        }
    }
    return running.empty() ? "nothing ran" : "";
}

TEST(SumOfSquares, NeverHasTwoTasksRunningUnderTheInterpreterLock) {
    const MeasuredRun run = measure("sum-of-squares", "gil-threads");
    EXPECT_EQ(overlapOfRunningTasks(run), "");
    EXPECT_EQ(run.stats.at("parallelism_max"), 1);
}

TEST(SumOfSquares, TakesAsLongUnderTheInterpreterLockAsOneAfterTheOther) {
    expectWithinThreeTries([] {
        const double alone = measure("sum-of-squares", "sequential").makespan();
        const double locked = measure("sum-of-squares", "gil-threads").makespan();
        const double again = measure("sum-of-squares", "sequential").makespan();
        const double ratio = locked / ((alone + again) / 2);
        return ratio > 0.9 && ratio < 1.1 ? ""
                                          : fmt::format("gil-threads / sequential = {:.3f}", ratio);
    });
}

class ParallelModel : public testing::TestWithParam<const char*> {};

TEST_P(ParallelModel, ReachesAParallelismOf1Point8OnTwoCores) {
    expectWithinThreeTries([] {
        const MeasuredRun run = measure("sum-of-squares", GetParam(), {"--workers", "2"});
        if (run.stats.at("cores").get<int>() < 2) {
            return std::string();
        }
        const double mean = run.stats.at("parallelism_mean");
        return mean >= 1.8 ? "" : fmt::format("parallelism_mean = {:.3f}", mean);
    });
}

INSTANTIATE_TEST_SUITE_P(Models, ParallelModel,
                         testing::Values("threads", "processes", "work-stealing"),
                         [](const auto& instance) {
                             std::string name = instance.param;
                             std::erase(name, '-');
                             return name;
                         });

} // namespace
} // namespace interleave::truth
