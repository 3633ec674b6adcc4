// SPDX-License-Identifier: GPL-3.0-or-later
// `record` on programs with pika and RQ that nobody changed: each message and each job is one task,
// also when it comes again.
#include "tests/truth/private_services.h"
#include "tests/truth/task_life.h"

#include <gmock/gmock.h>
#include <unistd.h>

namespace interleave::truth {
namespace {

TEST(PikaRecording, MessagesThatComeAgainAreTheSameTask) {
    if (rabbitUrl().empty()) {
        GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
    }
    const RecordedDay day =
        recordDay({"SHOP_BROKER=" + rabbitUrl()}, {"pika_day.py", fmt::format("day-{}", getpid())});
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    EXPECT_EQ(day.result.out, "plain False\ngiven back False\ngiven back True\nrefused False\n"
                              "left False\nleft True\n");
    EXPECT_EQ(day.result.err, "");
    const std::string once = "reserved running";
    EXPECT_EQ(day.lifeOf("handle"), once);
    EXPECT_EQ(day.lifeOf("handle (2)"), once + " queued " + once);
    EXPECT_EQ(day.lifeOf("handle (3)"), once);
    EXPECT_EQ(day.lifeOf("handle (4)"), once + " suspended queued " + once);
    EXPECT_EQ(day.lifeOf("handle (5)"), "");
}

class RqRecording : public testing::TestWithParam<std::string> {};

TEST_P(RqRecording, EveryJobHasOneLifeLine) {
    if (redisUrl().empty()) {
        GTEST_SKIP() << "there is no Redis: apt-get install redis-server";
    }
    const RecordedDay day = recordDay({"SHOP_REDIS=" + redisUrl()},
                                      {"rq_day.py", fmt::format("day-{}", getpid()), GetParam()});
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    EXPECT_THAT(day.result.out, testing::HasSubstr("well at last\n"));
    const bool forks = GetParam() == "rq.Worker";
    const std::string once = forks ? "queued reserved starting running" : "queued reserved running";
    EXPECT_EQ(day.life("add", "shop_rq.add"), once);
    EXPECT_EQ(day.life("broken", "shop_rq.broken"), once);
    EXPECT_EQ(day.life("flaky", "shop_rq.flaky"), once + " retrying " + once);
    if (forks) {
        EXPECT_EQ(day.life("killed", "shop_rq.killed"), once);
    }
    EXPECT_EQ(day.stats.at("tasks").at("failed"), forks ? 2 : 1);
}

INSTANTIATE_TEST_SUITE_P(Workers, RqRecording, testing::Values("rq.Worker", "rq.SimpleWorker"),
                         [](const auto& tested) { return tested.param.substr(3); });

} // namespace
} // namespace interleave::truth
