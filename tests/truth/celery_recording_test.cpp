// SPDX-License-Identifier: GPL-3.0-or-later
// `record` on a Celery application that nobody changed: every task has one life line over producer,
// worker and pool, with the states that its program says it went through.
#include "tests/truth/private_services.h"
#include "tests/truth/task_life.h"

#include <gmock/gmock.h>
#include <sstream>
#include <unistd.h>

namespace interleave::truth {
namespace {

using testing::HasSubstr;

/// Of processors, for tasks that do nothing: hooks in Python at a dozen places of each.
constexpr double kMostCost = 1.3;

class CeleryRecording : public testing::TestWithParam<std::string> {};

TEST_P(CeleryRecording, EveryTaskHasOneLifeLine) {
    if (rabbitUrl().empty()) {
        GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
    }
    const RecordedDay day =
        recordDay({"SHOP_BROKER=" + rabbitUrl(), "SHOP_QUEUE=shop-" + GetParam()},
                  {"shop_day.py", GetParam()});
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    EXPECT_EQ(day.result.err, "");
    EXPECT_THAT(day.result.out, HasSubstr(" well at last\n"));
    EXPECT_THAT(day.result.out, HasSubstr("\nend\n"));
    const std::string once = "queued reserved running";
    EXPECT_EQ(day.life("add", "shop.add"), once);
    EXPECT_EQ(day.life("later", "shop.add"), once);
    EXPECT_EQ(day.life("first", "shop.add"), once);
    EXPECT_EQ(day.life("second", "shop.add"), once);
    EXPECT_EQ(day.life("broken", "shop.broken"), once);
    const std::string again = " retrying queued reserved running";
    EXPECT_EQ(day.life("flaky", "shop.flaky"), once + again + again);
    EXPECT_THAT(day.life("revoked", "shop.pause"), testing::MatchesRegex("queued( reserved)?"));
    std::size_t failed = 1;
    std::size_t done = 5;
    if (GetParam() == "prefork") {
        EXPECT_EQ(day.life("killed", "shop.killed"), once);
        EXPECT_EQ(day.life("again", "shop.killed_once"), once + " " + once);
        ++failed;
        ++done;
    }
    // The last part of the chain begins when the first has run.
    const auto beginOf = [&](const std::string& word) {
        for (const SpanRow& span : day.spans) {
            if (span.track == "shop.add " + day.ids.at(word) && span.state == "queued") {
                return span.beginNs;
            }
        }
        return std::int64_t{0};
    };
    EXPECT_GT(beginOf("second"), beginOf("first"));
    EXPECT_EQ(day.stats.at("tasks").at("failed"), failed);
    EXPECT_GE(day.stats.at("tasks").at("done"), done);
}

INSTANTIATE_TEST_SUITE_P(Pools, CeleryRecording, testing::Values("prefork", "threads", "solo"),
                         [](const auto& tested) { return tested.param; });

/// Seconds of wall clock, of processors: of 1 500 tasks, and of those alone.
std::pair<double, double> costOfTasks(bool isRecorded) {
    const std::string base = fmt::format("{}interleave-many-{}.ilv", testing::TempDir(), getpid());
    std::vector<std::string> words{"env",
                                   "SHOP_BROKER=" + rabbitUrl(),
                                   "SHOP_QUEUE=many",
                                   "/usr/bin/python3",
                                   fmt::format("{}/queues/many_tasks.py", PROGRAMS),
                                   "1500"};
    if (isRecorded) {
        words.insert(words.begin(), {PROGRAM, "record", "-q", "-o", base, "--"});
    }
    const ProgramResult result = runCommand(words);
    std::filesystem::remove(base);
    std::pair<double, double> cost{0, 0};
    std::istringstream(result.out) >> cost.first >> cost.second;
    EXPECT_GT(cost.second, 0) << result.err;
    return cost;
}

TEST(CeleryRecordingCost, SmallTasksTakeLittleLonger) {
    if (rabbitUrl().empty()) {
        GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
    }
    // Processor time: the wall clock of a shared machine says more of the others.
    expectWithinThreeTries([]() -> std::string {
        const auto [plainWall, plain] = costOfTasks(false);
        const auto [recordedWall, recorded] = costOfTasks(true);
        const double ratio = recorded / plain;
        const std::string text = fmt::format("1500 tasks: {:.2f} s of processors, recorded {:.2f} "
                                             "s: {:.2f}x; by the clock {:.2f}x",
                                             plain, recorded, ratio, recordedWall / plainWall);
        fmt::print("{}\n", text);
        return ratio > 0.5 && ratio < kMostCost ? "" : text;
    });
}

} // namespace
} // namespace interleave::truth
