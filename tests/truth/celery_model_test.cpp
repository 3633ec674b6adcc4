// SPDX-License-Identifier: GPL-3.0-or-later
// The model celery: beside the model task-queue on the same broker, and what scenarios say of a
// task's message: priorities, queues, limits, workers.
#include "tests/truth/library_run.h"
#include "tests/truth/private_services.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

namespace interleave::truth {
namespace {

using testing::Contains;
using testing::HasSubstr;

/// Of a retry whose time has come Celery's hooks tell a moment of `queued`, though its message has
/// been with the worker since it was sent; the native model tells none.
std::string withoutMoment(std::string life) {
    const std::string moment = "retrying queued reserved";
    for (std::size_t at = 0; (at = life.find(moment, at)) != std::string::npos;) {
        life.replace(at, moment.size(), "retrying reserved");
    }
    return life;
}

class CeleryOnRabbitmq : public testing::Test {
protected:
    void SetUp() override {
        if (rabbitUrl().empty()) {
            GTEST_SKIP() << "there is no RabbitMQ: apt-get install rabbitmq-server";
        }
    }
    static RecordedDay run(const std::string& text, const std::vector<std::string>& more = {}) {
        RecordedDay day = runUnder("celery", rabbitUrl(), text, more);
        EXPECT_EQ(day.result.exitCode, 0) << day.result.err;
        return day;
    }
};

TEST_F(CeleryOnRabbitmq, TasksGoThroughTheStatesOfTheModelTaskQueue) {
    const std::string text = R"(
name = "Side by side"
[run]
workers = 2
[[task]]
name = "dish"
count = 8
payload = "1 kB"
result = "100 B"
steps = [{ compute = "3 ms" }, { sleep = "30 ms" }]
[[task]]
name = "again"
retries = 2
retry_delay = "100 ms"
steps = [{ compute = "1 ms" }, { fail = "first-try" }]
[[task]]
name = "broken"
steps = [{ fail = "always" }]
[[task]]
name = "first"
then = "second"
count = 1
steps = [{ compute = "1 ms" }]
[[task]]
name = "second"
steps = [{ compute = "1 ms" }]
[[task]]
name = "bill"
after = "dish"
steps = [{ compute = "1 ms" }]
)";
    const RecordedDay real = run(text);
    const RecordedDay native = runUnder("task-queue", rabbitUrl(), text);
    ASSERT_EQ(native.result.exitCode, 0) << native.result.err;
    EXPECT_EQ(real.stats.at("tasks"), native.stats.at("tasks"));
    EXPECT_EQ(tasksOf(real), tasksOf(native));
    for (const std::string& task : tasksOf(native)) {
        EXPECT_EQ(withoutMoment(real.lifeOf(task)), withoutMoment(native.lifeOf(task))) << task;
    }
    const auto print = [](const char* model, const RecordedDay& day) {
        const auto& states = day.stats.at("states_s");
        const double makespan = day.stats.at("makespan_s");
        const double queued = states.value("queued", 0.0);
        const double reserved = states.value("reserved", 0.0);
        fmt::print("{:10} makespan {:.3f} s, queued {:.3f} s, reserved {:.3f} s\n", model, makespan,
                   queued, reserved);
        testing::Test::RecordProperty(fmt::format("{}_makespan_ms", model),
                                      static_cast<int>(makespan * 1e3));
        testing::Test::RecordProperty(fmt::format("{}_queue_time_ms", model),
                                      static_cast<int>((queued + reserved) * 1e3));
        EXPECT_GT(makespan, 0.12); // eight dishes of 30 ms, two at once
        EXPECT_GT(queued + reserved, 0);
    };
    print("celery", real);
    print("task-queue", native);
}

TEST_F(CeleryOnRabbitmq, ResultsAreDeliveredToTheClient) {
    const RecordedDay day = run(R"(
name = "Results"
[run]
workers = 2
[[task]]
name = "t"
count = 10
result = "100 B"
steps = [{ compute = "1 ms" }]
)");
    EXPECT_EQ(queueCounts(day).at("results"), "published 10, delivered 10, acked 10");
}

TEST_F(CeleryOnRabbitmq, WhatIsUrgentComesFirst) {
    const RecordedDay day = run(R"(
name = "Priorities"
[run]
workers = 1
[[task]]
name = "blocker"
count = 2
steps = [{ sleep = "300 ms" }]
[[task]]
name = "later"
count = 4
priority = 1
steps = [{ sleep = "5 ms" }]
[[task]]
name = "urgent"
count = 4
priority = 9
steps = [{ sleep = "5 ms" }]
)",
                                {"--set", "prefetch=1"});
    // One may have been reserved before anything urgent was there.
    int earlier = 0;
    for (int i = 1; i <= 4; ++i) {
        for (int k = 1; k <= 4; ++k) {
            earlier +=
                startOf(day, fmt::format("later {}", i)) < startOf(day, fmt::format("urgent {}", k))
                    ? 1
                    : 0;
        }
    }
    EXPECT_LE(earlier, 4);
    EXPECT_EQ(day.stats.at("tasks").at("done"), 10);
}

TEST_F(CeleryOnRabbitmq, EachWorkerTakesFromItsOwnQueues) {
    const RecordedDay day = run(R"(
name = "Two workers"
[[worker]]
name = "kitchen"
queues = ["hot"]
slots = 1
[[worker]]
name = "bar"
queues = ["cold"]
slots = 1
[[task]]
name = "soup"
count = 3
queue = "hot"
steps = [{ sleep = "5 ms" }]
[[task]]
name = "juice"
count = 3
queue = "cold"
steps = [{ sleep = "5 ms" }]
)");
    std::map<std::string, std::set<std::string>> workers;
    for (const SpanRow& span : day.spans) {
        if (span.trackKind == "task" && span.state == "sleeping") {
            workers[span.track.substr(0, span.track.find(' '))].insert(span.worker);
        }
    }
    EXPECT_EQ(workers["soup"], std::set<std::string>{"worker 1"});
    EXPECT_EQ(workers["juice"], std::set<std::string>{"worker 2"});
    EXPECT_EQ(queueCounts(day).at("hot"), "published 3, delivered 3, acked 3");
    EXPECT_EQ(queueCounts(day).at("cold"), "published 3, delivered 3, acked 3");
}

TEST_F(CeleryOnRabbitmq, WhatHasExpiredOrTakesTooLongIsEnded) {
    const RecordedDay day = run(R"(
name = "Limits"
[run]
workers = 1
[[task]]
name = "blocker"
steps = [{ sleep = "600 ms" }]
[[task]]
name = "stale"
expires = "100 ms"
steps = [{ sleep = "5 ms" }]
[[task]]
name = "warned"
soft_time_limit = "100 ms"
steps = [{ sleep = "5 s" }]
[[task]]
name = "killed"
time_limit = "200 ms"
steps = [{ sleep = "5 s" }]
)");
    EXPECT_EQ(startOf(day, "stale"), -1);
    EXPECT_EQ(day.stats.at("tasks").at("cancelled"), 1);
    EXPECT_EQ(day.stats.at("tasks").at("failed"), 2);
    EXPECT_LT(day.stats.at("makespan_s"), 5.0);
}

TEST_F(CeleryOnRabbitmq, ARateLimitSpacesTasksOut) {
    const RecordedDay day = run(R"(
name = "Rate"
[run]
workers = 2
[[task]]
name = "call"
count = 5
rate_limit = "10/s"
steps = [{ compute = "1 ms" }]
)");
    std::vector<std::int64_t> starts;
    for (int i = 1; i <= 5; ++i) {
        starts.push_back(startOf(day, fmt::format("call {}", i)));
    }
    EXPECT_GE(std::ranges::min(starts), 0);
    // kombu's bucket is filled up by the time since the worker's start when it is first looked at
    // after a task, so it lets two through at once: three gaps of 100 ms. A task that was let
    // through may begin late, so it is the whole that counts.
    EXPECT_GE(day.stats.at("makespan_s"), 0.3);
}

TEST(CeleryModel, RefusesBeforehandWhatItCannotExpress) {
    const auto refusal = [](const std::string& text, const std::vector<std::string>& more = {}) {
        const RecordedDay day = runUnder("celery", "amqp://guest@127.0.0.1:1/", text, more);
        EXPECT_EQ(day.result.exitCode, 2) << day.result.err;
        return day.result.err;
    };
    EXPECT_THAT(refusal(shipped("chunks")), HasSubstr("not in chunks"));
    EXPECT_THAT(refusal(shipped("late-ack")), HasSubstr("makes no faults on purpose"));
    EXPECT_THAT(refusal(shipped("chord"), {"--fault", "kill-worker@10ms"}),
                HasSubstr("--fault kill-worker@10ms: the model celery makes no faults on purpose"));
    EXPECT_THAT(refusal(shipped("fan-out")), HasSubstr("take the models pika or pubsub"));
    EXPECT_THAT(refusal(shipped("time-limits"), {"--set", "pool=threads"}),
                HasSubstr("take --set pool=prefork"));
}

} // namespace
} // namespace interleave::truth
