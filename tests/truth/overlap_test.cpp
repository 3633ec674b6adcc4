// SPDX-License-Identifier: GPL-3.0-or-later
// I/O-bound work: waits that overlap.
#include "tests/truth/program_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

namespace interleave::truth {
namespace {

class OverlappingModel : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(OverlappingModel, DownloadsTenTimesFasterThanOneAfterTheOther) {
    expectWithinThreeTries([] {
        const auto& [model, workers] = GetParam();
        const double alone = measure("download-sites", "sequential").makespan();
        const double overlapped =
            measure("download-sites", model, {"--workers", workers}).makespan();
        return alone / overlapped >= 10 ? "" : fmt::format("{:.1f} times", alone / overlapped);
    });
}

INSTANTIATE_TEST_SUITE_P(Models, OverlappingModel,
                         testing::Values(std::pair("event-loop", "1"), std::pair("threads", "40"),
                                         std::pair("gil-threads", "40")),
                         [](const auto& instance) {
                             std::string name = instance.param.first;
                             std::erase(name, '-');
                             return name;
                         });

TEST(EventLoop, UsesOneThreadForAllTasks) {
    const MeasuredRun run = measure("download-sites", "event-loop");
    std::set<std::string> workers;
    std::set<std::string> tasks;
    for (const SpanRow& span : run.spans) {
        if (span.trackKind == "task" && span.state == "running") {
            workers.insert(span.worker);
            tasks.insert(span.task);
        }
    }
    EXPECT_EQ(workers.size(), 1u);
    EXPECT_EQ(tasks.size(), 80u);
}

TEST(EventLoop, HasManyWaitsOpenAtOnce) {
    const MeasuredRun run = measure("download-sites", "event-loop");
    std::vector<std::pair<std::int64_t, int>> edges;
    for (const SpanRow& span : run.spans) {
        if (span.trackKind == "task" && span.state == "waiting_io") {
            edges.emplace_back(span.beginNs, 1);
            edges.emplace_back(span.endNs, -1);
        }
    }
    std::ranges::sort(edges);
    int open = 0;
    int most = 0;
    for (const auto& [time, change] : edges) {
        open += change;
        most = std::max(most, open);
    }
    EXPECT_GE(most, 40);
}

TEST(EventLoop, ABlockingCallStarvesTheOtherTasks) {
    const MeasuredRun run = measure("blocking-call", "event-loop");
    std::int64_t longest = 0;
    for (const SpanRow& span : run.spans) {
        if (span.trackKind == "task" && span.state == "ready") {
            longest = std::max(longest, span.durationNs());
        }
    }
    EXPECT_GE(longest, 20'000'000) << "nobody had to wait for the blocking call";
}

} // namespace
} // namespace interleave::truth
