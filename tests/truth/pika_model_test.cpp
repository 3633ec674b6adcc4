// SPDX-License-Identifier: GPL-3.0-or-later
// The model pika against the model pubsub on the same broker: as many messages go through each
// queue, and every task goes through the same states in the same order.
#include "tests/truth/library_run.h"
#include "tests/truth/private_services.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <sstream>

namespace interleave::truth {
namespace {

using testing::HasSubstr;

/// The states of a task's life where what it does itself is one: a coroutine gives its thread away
/// while it waits, a thread does not.
std::string lifeOf(const RecordedDay& day, const std::string& task) {
    static const std::map<std::string, std::string> kOwnWaits{{"waiting_io", "running"},
                                                              {"sleeping", "running"},
                                                              {"blocked", "running"},
                                                              {"ready", "running"}};
    std::istringstream states(day.lifeOf(task));
    std::string life;
    std::string last;
    for (std::string state; states >> state;) {
        const auto wait = kOwnWaits.find(state);
        const std::string& shown = wait == kOwnWaits.end() ? state : wait->second;
        if (shown != last) {
            life += (life.empty() ? "" : " ") + shown;
            last = shown;
        }
    }
    return life;
}

class PikaModel : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        if (rabbitUrl().empty()) {
            GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
        }
    }
    static RecordedDay run(const std::string& text, std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--set", "connection=" + GetParam()});
        return runUnder("pika", rabbitUrl(), text, more);
    }
    static void expectAsPubsub(const std::string& scenario,
                               const std::vector<std::string>& more = {}) {
        const RecordedDay real = run(shipped(scenario), more);
        ASSERT_EQ(real.result.exitCode, 0) << scenario << ": " << real.result.err;
        const RecordedDay native = runUnder("pubsub", rabbitUrl(), shipped(scenario), more);
        ASSERT_EQ(native.result.exitCode, 0) << scenario << ": " << native.result.err;
        EXPECT_EQ(real.stats.at("tasks"), native.stats.at("tasks")) << scenario;
        EXPECT_EQ(queueCounts(real), queueCounts(native)) << scenario;
        EXPECT_EQ(tasksOf(real), tasksOf(native)) << scenario;
        for (const std::string& task : tasksOf(native)) {
            EXPECT_EQ(lifeOf(real, task), lifeOf(native, task)) << scenario << ": " << task;
        }
    }
};

TEST_P(PikaModel, EveryQueueThatSubscribedGetsACopy) {
    expectAsPubsub("fan-out");
}

TEST_P(PikaModel, ExchangesRouteByWordsAndByHeaders) {
    expectAsPubsub("topics");
    expectAsPubsub("headers");
}

TEST_P(PikaModel, WhatNobodyWantsIsDroppedReturnedOrTakenByTheAlternate) {
    expectAsPubsub("unroutable");
}

TEST_P(PikaModel, WhatIsRefusedComesRoundByTheDeadLetters) {
    expectAsPubsub("dead-letters");
}

TEST_P(PikaModel, AnAnswerComesBackToWhoAsked) {
    expectAsPubsub("remote-call");
}

TEST_P(PikaModel, HandlersPublishForOthers) {
    expectAsPubsub("choreography");
}

TEST_P(PikaModel, WhatFailsGoesBackAndThenIsRefusedForGood) {
    const RecordedDay day = run(R"(
        name = "Again"
        [run]
        workers = 1
        [[message_queue]]
        name = "q"
        [[task]]
        name = "boss"
        steps = [{ publish = "", key = "q", count = 2 }]
        [[task]]
        name = "job"
        on = "q"
        retries = 1
        retry_delay = "20 ms"
        steps = [{ compute = "1 ms" }, { fail = "always" }]
    )");
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    for (const char* task : {"job 1", "job 2"}) {
        EXPECT_EQ(lifeOf(day, task), "queued reserved running retrying queued reserved running");
    }
    EXPECT_EQ(day.stats.at("tasks").at("failed"), 2);
    EXPECT_EQ(queueCounts(day).at("q"), "published 2, delivered 4, acked 0");
}

TEST_P(PikaModel, AFullQueueHoldsItsPublisherUp) {
    const RecordedDay day = run(R"(
        name = "Full"
        [run]
        workers = 1
        [[message_queue]]
        name = "values"
        max_length = 2
        overflow = "reject-publish"
        [[task]]
        name = "sensor"
        steps = [{ publish = "", key = "values", count = 12 }]
        [[task]]
        name = "store"
        on = "values"
        consumers = 1
        steps = [{ sleep = "20 ms" }]
    )");
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    EXPECT_EQ(day.stats.at("tasks").at("done"), 13);
    EXPECT_TRUE(std::ranges::any_of(day.spans, [](const SpanRow& span) {
        return span.track == "sensor" && span.state == "blocked" &&
               span.cause.find("values") != std::string::npos;
    }));
}

TEST_P(PikaModel, WhoseMessageNeverComesIsCancelled) {
    const RecordedDay day = run(R"(
        name = "Short"
        [run]
        workers = 1
        [[message_queue]]
        name = "q"
        max_length = 1
        [[task]]
        name = "boss"
        steps = [{ publish = "", key = "q", count = 30, bytes = "1 kB" }]
        [[task]]
        name = "job"
        on = "q"
        consumers = 1
        steps = [{ sleep = "300 ms" }]
    )",
                                {"--set", "confirms=none"});
    ASSERT_EQ(day.result.exitCode, 0) << day.result.err;
    const auto& tasks = day.stats.at("tasks");
    EXPECT_GE(tasks.at("done"), 2); // the boss and the last message at least
    EXPECT_GT(tasks.at("cancelled"), 0);
    EXPECT_EQ(tasks.at("done").get<int>() + tasks.at("cancelled").get<int>(), 31);
}

INSTANTIATE_TEST_SUITE_P(Connections, PikaModel, testing::Values("blocking", "asyncio"),
                         [](const auto& tested) { return tested.param; });

TEST(PikaModelTroubles, RefusesBeforehandWhatItCannotExpress) {
    const auto refusal = [](const std::string& text, const std::vector<std::string>& more = {}) {
        const RecordedDay day = runUnder("pika", "amqp://guest@127.0.0.1:1/", text, more);
        EXPECT_EQ(day.result.exitCode, 2) << day.result.err;
        return day.result.err;
    };
    EXPECT_THAT(refusal(shipped("one-lock")), HasSubstr("share no locks"));
    EXPECT_THAT(refusal(shipped("nested")), HasSubstr("spawns no others"));
    EXPECT_THAT(refusal(shipped("late-ack")), HasSubstr("makes no faults on purpose"));
    EXPECT_THAT(refusal(shipped("time-limits")), HasSubstr("time_limit"));
    EXPECT_THAT(refusal(shipped("fan-out"), {"--set", "confirms=async"}),
                HasSubstr("--set connection=asyncio"));
    EXPECT_THAT(refusal(shipped("fan-out"), {"--fault", "cut-connection@10ms"}),
                HasSubstr("makes no faults on purpose"));
}

TEST(PikaModelTroubles, SaysThatNoBrokerAnswersAndNoPassword) {
    const RecordedDay day =
        runUnder("pika", "amqp://somebody:hushhush@127.0.0.1:1/", shipped("fan-out"));
    EXPECT_EQ(day.result.exitCode, 3);
    EXPECT_THAT(day.result.err, HasSubstr("No broker answers"));
    EXPECT_THAT(day.result.err, testing::Not(HasSubstr("hushhush")));
}

} // namespace
} // namespace interleave::truth
