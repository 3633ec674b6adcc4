// SPDX-License-Identifier: GPL-3.0-or-later
// How chains, retries and messages are expanded.
#include "engine/scenario/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

using testing::ElementsAre;

Result<Program> tryExpand(const std::string& text, std::uint64_t seed = 1) {
    auto scenario = parseScenario(text, "test.toml");
    EXPECT_TRUE(scenario) << scenario.error().message;
    return expand(std::make_shared<const Scenario>(std::move(*scenario)), seed);
}

Program expanded(const std::string& text, std::uint64_t seed = 1) {
    auto program = tryExpand(text, seed);
    EXPECT_TRUE(program) << program.error().message;
    return std::move(*program);
}

std::string task(const std::string& name, const std::string& keys, const std::string& steps = "") {
    return fmt::format("[[task]]\nname = \"{}\"\n{}\nsteps = [{}]\n", name, keys, steps);
}

std::string nameOf(const Program& program, TaskId id) {
    return id ? program.task(id).name : "-";
}

TEST(Chain, FollowsTaskByTask) {
    const Program program = expanded(task("load", "count = 2\nthen = \"scale\"") +
                                     task("store", "") + task("scale", "then = \"store\""));
    std::vector<std::string> links;
    for (const Task& each : program.tasks) {
        links.push_back(fmt::format("{}>{}{}", each.name, nameOf(program, each.then),
                                    each.isChained ? " chained" : ""));
    }
    EXPECT_THAT(links, ElementsAre("load 1>scale 1", "load 2>scale 2", "store 1>- chained",
                                   "store 2>- chained", "scale 1>store 1 chained",
                                   "scale 2>store 2 chained"));
}

TEST(Chain, MayBeEmpty) {
    EXPECT_TRUE(expanded(task("a", "count = 0\nthen = \"b\"") + task("b", "")).tasks.empty());
}

TEST(RetryDelays, DoubleUpToTheLongest) {
    const Program program =
        expanded(task("t", "retries = 6\nretry_delay = \"10 ms\"\nretry_backoff = true\n"
                           "retry_backoff_max = \"60 ms\""));
    EXPECT_THAT(program.tasks[0].retryDelays, ElementsAre(10'000'000, 20'000'000, 40'000'000,
                                                          60'000'000, 60'000'000, 60'000'000));
    EXPECT_EQ(delayBeforeRetry(program.tasks[0], 1), 20'000'000);
    EXPECT_EQ(delayBeforeRetry(program.tasks[0], 99), 60'000'000);
}

TEST(RetryDelays, AreEqualWithoutBackOff) {
    const Program program = expanded(task("t", "retries = 3\nretry_delay = \"10 ms\""));
    EXPECT_TRUE(program.tasks[0].retryDelays.empty());
    EXPECT_EQ(delayBeforeRetry(program.tasks[0], 2), 10'000'000);
}

TEST(RetryDelays, OfALongBackOffDoNotOverflow) {
    const Program program =
        expanded(task("t", "retries = 1000\nretry_delay = \"86400 s\"\nretry_backoff = true\n"
                           "retry_backoff_max = \"86400 s\""));
    EXPECT_EQ(program.tasks[0].retryDelays.back(), 86'400'000'000'000);
}

TEST(RetryDelays, WithJitterAreEvenlySpreadAndDrawnFromTheSeed) {
    const std::string text = task("t", "count = 400\nretries = 2\nretry_delay = \"10 ms\"\n"
                                       "retry_backoff = true\nretry_jitter = true");
    const Program program = expanded(text);
    double sum = 0;
    Nanoseconds least = INT64_MAX;
    Nanoseconds most = 0;
    for (const Task& each : program.tasks) {
        ASSERT_EQ(each.retryDelays.size(), 2u);
        EXPECT_LE(each.retryDelays[0], 10'000'000);
        EXPECT_LE(each.retryDelays[1], 20'000'000);
        sum += static_cast<double>(each.retryDelays[1]);
        least = std::min(least, each.retryDelays[1]);
        most = std::max(most, each.retryDelays[1]);
    }
    EXPECT_NEAR(sum / 400, 10e6, 1e6); // the standard error is 0.29e6
    EXPECT_LT(least, 500'000);
    EXPECT_GT(most, 19'500'000);
    EXPECT_EQ(expanded(text).tasks[7].retryDelays, program.tasks[7].retryDelays);
    EXPECT_NE(expanded(text, 2).tasks[7].retryDelays, program.tasks[7].retryDelays);
}

constexpr const char* kServices = R"(
[[lock]]
name = "l"
[[queue]]
name = "pipe"
[[exchange]]
name = "events"
kind = "topic"
[[exchange]]
name = "dead"
kind = "fanout"
[[message_queue]]
name = "orders"
bind = [ { exchange = "events", key = "order.*" } ]
dead_letter = "dead"
[[message_queue]]
name = "audit"
bind = [ { exchange = "events", key = "#" } ]
[[message_queue]]
name = "graves"
bind = [ { exchange = "dead" } ]
max_length = 7
[[task]]
name = "shop"
count = 2
steps = [ { publish = "events", keys = [ "order.new", "stock" ], count = 3, bytes = "2 B" } ]
[[task]]
name = "order"
on = "orders"
steps = [ { publish = "events", key = "paid" } ]
[[task]]
name = "undertaker"
on = "graves"
steps = []
)";

TEST(MessageProgram, ExchangesAndQueuesAreTheLastObjects) {
    const Program program = expanded(kServices);
    std::vector<std::string> objects;
    for (const Object& object : program.objects) {
        objects.push_back(
            fmt::format("{} {} {}", object.name, kindTextOf(program, object.id), object.capacity));
    }
    EXPECT_THAT(objects, ElementsAre("l lock 1", "pipe queue 1", "events topic-exchange 0",
                                     "dead fanout-exchange 0", "orders message-queue 0",
                                     "audit message-queue 0", "graves message-queue 7"));
    EXPECT_EQ(program.exchangeId(1), ObjectId{4});
    EXPECT_EQ(program.messageQueueId(0), ObjectId{5});
}

TEST(MessageProgram, EveryMessageHasItsCopiesAndTheirHandlers) {
    const Program program = expanded(kServices);
    std::vector<std::string> messages;
    for (const Task& each : program.tasks) {
        for (const Action& action : each.actions) {
            for (const PublishedMessage& message : action.messages) {
                std::string text =
                    fmt::format("{} #{} {}:", each.name, message.number, message.key);
                for (std::size_t i = 0; i < message.copies.size(); ++i) {
                    const auto& copy = message.copies[i];
                    text +=
                        fmt::format("{}{}>{}", i == message.routedCopies ? " | " : " ",
                                    program.object(copy.queue).name, nameOf(program, copy.handler));
                }
                messages.push_back(text);
            }
        }
    }
    // Numbers are those of the order in which messages are made: those of a handler after its own.
    EXPECT_THAT(messages,
                ElementsAre("shop 1 #1 order.new: orders>order 1 audit>- | graves>undertaker 1",
                            "shop 1 #3 stock: audit>-",
                            "shop 1 #4 order.new: orders>order 2 audit>- | graves>undertaker 2",
                            "order 1 #2 paid: audit>-", "order 2 #5 paid: audit>-",
                            "shop 2 #6 order.new: orders>order 3 audit>- | graves>undertaker 3",
                            "shop 2 #8 stock: audit>-",
                            "shop 2 #9 order.new: orders>order 4 audit>- | graves>undertaker 4",
                            "order 3 #7 paid: audit>-", "order 4 #10 paid: audit>-"));
}

TEST(MessageProgram, AHandlerBelongsToThePublisherAndIsNotSubmitted) {
    const Program program = expanded(kServices);
    const Task& shop = program.tasks[0];
    const Task& order = program.tasks[1];
    EXPECT_EQ(order.name, "order 1");
    EXPECT_EQ(order.parent, shop.id);
    EXPECT_EQ(order.handles, program.messageQueueId(0));
    EXPECT_FALSE(shop.handles);
    EXPECT_EQ(shop.actions[0].kind, Action::Kind::Publish);
    EXPECT_EQ(shop.actions[0].bytes, 2u);
    EXPECT_EQ(shop.actions[0].messages[0].exchange, program.exchangeId(0));
}

TEST(MessageProgram, TheDefaultExchangeIsNone) {
    const Program program = expanded("[[message_queue]]\nname = \"q\"\n" +
                                     task("t", "", "{ publish = \"\", key = \"q\" }"));
    EXPECT_FALSE(program.tasks[0].actions[0].messages[0].exchange);
    EXPECT_EQ(program.tasks[0].actions[0].messages[0].routedCopies, 1u);
}

TEST(MessageProgram, TasksKnowTheirQueue) {
    const Program program = expanded(task("a", "queue = \"fast\"") + task("b", ""));
    EXPECT_EQ(program.object(program.tasks[0].queue).name, "fast");
    EXPECT_FALSE(program.tasks[1].queue);
}

TEST(MessageProgram, TooLargeOnesAreRefusedBeforeTheyAreMade) {
    const std::string queues = "[[message_queue]]\nname = \"q\"\n";
    const auto messageOf = [](const std::string& text) {
        const auto program = tryExpand(text);
        EXPECT_FALSE(program);
        return program ? std::string() : program.error().message;
    };
    EXPECT_EQ(messageOf(queues + task("t", "",
                                      "{ publish = \"\", key = \"q\", count = 600000 },"
                                      "{ publish = \"\", key = \"q\", count = 600000 }")),
              "test:3:1: with \"t\" the scenario has more than 1000000 messages, which is the most "
              "allowed: lower count");
    EXPECT_THAT(
        messageOf(queues +
                  task("t", "count = 2", "{ publish = \"\", key = \"q\", count = 500000 }") +
                  task("h", "on = \"q\"")),
        testing::HasSubstr("with \"t\" the scenario has more than 1000000 tasks"));
    std::string copies = "[[exchange]]\nname = \"e\"\nkind = \"fanout\"\n";
    for (int i = 0; i < 30; ++i) {
        copies +=
            fmt::format("[[message_queue]]\nname = \"{}\"\nbind = [{{ exchange = \"e\" }}]\n", i);
    }
    EXPECT_THAT(messageOf(copies + task("t", "", "{ publish = \"e\", count = 500000 }")),
                testing::HasSubstr("more than 10000000 steps"));
    EXPECT_THAT(messageOf(task("t", "count = 20000\nretries = 1000\nretry_delay = \"1 ms\"\n"
                                    "retry_jitter = true")),
                testing::HasSubstr("more than 10000000 steps"));
}

} // namespace
} // namespace interleave::scenario
