// SPDX-License-Identifier: GPL-3.0-or-later
// The emulated interpreter lock shows what CPython's shows: hand-over at the switch interval, and
// the convoy effect.
#include "tests/truth/program_run.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace interleave::truth {
namespace {

std::vector<SpanRow> holdsOf(const MeasuredRun& run) {
    auto holds = run.select(
        [](const SpanRow& span) { return span.trackKind == "lock" && span.track == "GIL"; });
    std::ranges::sort(holds, {}, &SpanRow::beginNs);
    return holds;
}

TEST(Gil, IsNeverHeldByTwoTasks) {
    const auto holds = holdsOf(measure("mixed", "gil-threads"));
    ASSERT_GT(holds.size(), 10u);
    for (std::size_t i = 1; i < holds.size(); ++i) {
        EXPECT_LE(holds[i - 1].endNs, holds[i].beginNs) << "hold " << i;
    }
}

TEST(Gil, NoTaskRunsWithoutIt) {
    const MeasuredRun run = measure("sum-of-squares", "gil-threads");
    const auto holds = holdsOf(run);
    for (const SpanRow& span : run.spans) {
        if (span.trackKind != "task" || span.state != "running") {
            continue;
        }
        const bool isCovered = std::ranges::any_of(holds, [&](const SpanRow& hold) {
            return hold.task == span.task && hold.beginNs <= span.beginNs + 20'000 &&
                   hold.endNs >= span.endNs - 20'000;
        });
        EXPECT_TRUE(isCovered) << span.task << " ran at " << span.beginNs << " ns without the GIL";
    }
}

class SwitchInterval : public testing::TestWithParam<int> {};

TEST_P(SwitchInterval, IsTheMedianHoldOfTwoCpuBoundThreads) {
    expectWithinThreeTries([] {
        const double intervalMs = GetParam();
        const MeasuredRun run =
            measure("two-burners", "gil-threads",
                    {"--workers", "2", "--set", fmt::format("switch_interval={} ms", GetParam())});
        std::vector<double> lengths;
        const auto holds = holdsOf(run);
        for (std::size_t i = 0; i + 1 < holds.size(); ++i) {
            // A hold that the other one ended by asking for the lock.
            if (holds[i + 1].cause == "forced" && holds[i + 1].task != holds[i].task) {
                lengths.push_back(static_cast<double>(holds[i].durationNs()) * 1e-6);
            }
        }
        const double middle = median(lengths);
        if (lengths.size() < 40) {
            return fmt::format("only {} forced hand-overs", lengths.size());
        }
        return std::abs(middle - intervalMs) <= 0.2 * intervalMs
                   ? ""
                   : fmt::format("median hold {:.3f} ms over {} hand-overs", middle,
                                 lengths.size());
    });
}

INSTANTIATE_TEST_SUITE_P(Milliseconds, SwitchInterval, testing::Values(5, 1));

TEST(Gil, MakesAnIoTaskWaitAboutOneIntervalEachTimeItComesBack) {
    expectWithinThreeTries([] {
        const MeasuredRun run = measure("convoy", "gil-threads");
        std::vector<double> waits;
        std::vector<SpanRow> spans = run.select([](const SpanRow& span) {
            return span.trackKind == "task" && span.track == "chatter";
        });
        std::ranges::sort(spans, {}, &SpanRow::beginNs);
        bool afterIo = false;
        for (const SpanRow& span : spans) {
            if (span.state == "waiting_gil" && afterIo) {
                waits.push_back(static_cast<double>(span.durationNs()) * 1e-6);
            }
            afterIo = span.state == "waiting_io" || (afterIo && span.state == "ready");
        }
        const double middle = median(waits);
        if (waits.size() < 10) {
            return fmt::format("only {} waits after I/O", waits.size());
        }
        return middle >= 4.0 && middle <= 6.5
                   ? ""
                   : fmt::format("median wait after I/O {:.3f} ms over {}", middle, waits.size());
    });
}

} // namespace
} // namespace interleave::truth
