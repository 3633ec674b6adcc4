// SPDX-License-Identifier: GPL-3.0-or-later
// Who decides a switch: the task (event loop) or the operating system (threads).
#include "tests/truth/program_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace interleave::truth {
namespace {

const std::set<std::string> kAwaiting{"waiting_io",   "sleeping", "suspended",
                                      "waiting_lock", "blocked",  "queued"};

/// The spans of each task in order.
std::map<std::string, std::vector<SpanRow>> byTask(const MeasuredRun& run) {
    std::map<std::string, std::vector<SpanRow>> tasks;
    for (const SpanRow& span : run.spans) {
        if (span.trackKind == "task") {
            tasks[span.track].push_back(span);
        }
    }
    for (auto& [name, spans] : tasks) {
        std::ranges::sort(spans, {}, &SpanRow::beginNs);
    }
    return tasks;
}

class EventLoopSwitching : public testing::TestWithParam<const char*> {};

TEST_P(EventLoopSwitching, HappensOnlyAtAnAwait) {
    const MeasuredRun run = measure(GetParam(), "event-loop");
    const auto tasks = byTask(run);
    ASSERT_GT(tasks.size(), 1u);
    std::size_t switches = 0;
    std::vector<SpanRow> running;
    for (const auto& [name, spans] : tasks) {
        for (const SpanRow& span : spans) {
            if (span.state == "running") {
                running.push_back(span);
            }
        }
    }
    std::ranges::sort(running, {}, &SpanRow::beginNs);
    for (std::size_t i = 1; i < running.size(); ++i) {
        if (running[i].task == running[i - 1].task) {
            continue;
        }
        ++switches;
        // What the task that left the loop did next: it awaits something, or it has ended.
        const auto& spans = tasks.at(running[i - 1].track);
        const auto next = std::ranges::find_if(
            spans, [&](const SpanRow& span) { return span.beginNs >= running[i - 1].endNs; });
        EXPECT_TRUE(next == spans.end() || kAwaiting.contains(next->state))
            << running[i - 1].task << " lost the loop at " << running[i - 1].endNs << " ns while "
            << next->state;
    }
    EXPECT_GE(switches, tasks.size() - 1);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EventLoopSwitching,
                         testing::Values("ten-dishes", "download-sites", "mixed"),
                         [](const auto& instance) {
                             std::string name = instance.param;
                             std::erase(name, '-');
                             return name;
                         });

TEST(ThreadSwitching, IsPartlyInvoluntaryWithEightWorkersOnTwoCores) {
    expectWithinThreeTries([] {
        const MeasuredRun run = measure("sum-of-squares", "threads", {"--workers", "8"});
        if (run.stats.at("cores").get<int>() > 4) {
            return std::string();
        }
        const auto& switches = run.stats.at("switches");
        const double involuntary = switches.at("involuntary");
        const double all = involuntary + switches.at("voluntary").get<double>();
        return involuntary >= 8 && involuntary / all >= 0.1
                   ? ""
                   : fmt::format("{} of {} switches are involuntary", involuntary, all);
    });
}

TEST(ThreadSwitching, ShowsThePreEmptedTasksAsReady) {
    const MeasuredRun run = measure("sum-of-squares", "threads", {"--workers", "8"});
    const auto ready = run.select(
        [](const SpanRow& span) { return span.trackKind == "task" && span.state == "ready"; });
    EXPECT_FALSE(ready.empty());
}

} // namespace
} // namespace interleave::truth
