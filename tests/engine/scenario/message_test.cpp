// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of exchanges, queues, workers and deliveries, and where its messages can go.
#include "engine/scenario/message_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scenario brokerScenario(const std::string& text) {
    auto scenario = parseScenario(text, "test.toml");
    EXPECT_TRUE(scenario) << scenario.error().message;
    return scenario ? *scenario : Scenario();
}

constexpr const char* kEverything = R"(
[[exchange]]
name = "in"
kind = "topic"
durable = true
alternate = "rest"
[[exchange]]
name = "rest"
kind = "fanout"
[[exchange]]
name = "kinds"
kind = "headers"
[[message_queue]]
name = "orders"
bind = [ { exchange = "in", key = "order.*" },
         { exchange = "kinds", headers = { size = 3, big = true, type = "a" }, match = "any" } ]
durable = true
ttl = "5 s"
max_length = 10
overflow = "reject-publish"
dead_letter = "rest"
dead_letter_key = "dead"
max_priority = 9
[[message_queue]]
name = "bin"
bind = [ { exchange = "rest" } ]
dead_letter = ""
dead_letter_key = "orders"
[[worker]]
name = "w"
queues = [ "fast", "slow", "fast" ]
slots = 3
prefetch = 2
[[worker]]
name = "v"
[[task]]
name = "job"
queue = "slow"
priority = 7
expires = "9 s"
countdown = "1 s"
rate_limit = "30/m"
soft_time_limit = "2 s"
time_limit = "3 s"
acks = "late"
reject_on_worker_lost = false
chunk = 4
ignore_result = true
retries = 5
retry_delay = "1 s"
retry_backoff = true
retry_backoff_max = "8 s"
retry_jitter = true
then = "next"
steps = []
[[task]]
name = "next"
queue = "fast"
acks = "early"
steps = []
[[task]]
name = "source"
steps = [
  { publish = "in", keys = [ "order.new", "order.old" ], count = 5, bytes = "1 kB", priority = 9, headers = { z = 1, a = "x" }, expires = "2 ms", mandatory = true, persistent = true, reply = true },
  { publish = "", key = "bin" },
]
[[task]]
name = "handler"
on = "orders"
consumers = 3
result = "1 kB"
steps = []
)";

TEST(Messages, ExchangesAndQueuesAreRead) {
    const Scenario scenario = brokerScenario(kEverything);
    ASSERT_EQ(scenario.exchanges.size(), 3u);
    EXPECT_EQ(scenario.exchanges[0].name, "in");
    EXPECT_EQ(scenario.exchanges[0].kind, routing::ExchangeKind::Topic);
    EXPECT_TRUE(scenario.exchanges[0].isDurable);
    EXPECT_EQ(scenario.exchanges[0].alternate, 1u);
    EXPECT_EQ(scenario.exchanges[1].kind, routing::ExchangeKind::Fanout);
    EXPECT_FALSE(scenario.exchanges[1].alternate);
    const MessageQueueDeclaration& orders = scenario.messageQueues.at(0);
    ASSERT_EQ(orders.bindings.size(), 2u);
    EXPECT_EQ(orders.bindings[0].exchange, 0u);
    EXPECT_EQ(orders.bindings[0].binding.key, "order.*");
    EXPECT_EQ(orders.bindings[1].exchange, 2u);
    EXPECT_EQ(orders.bindings[1].binding.match, routing::HeaderMatch::Any);
    EXPECT_EQ(orders.bindings[1].binding.headers,
              (routing::Headers{{"big", true}, {"size", std::int64_t{3}}, {"type", "a"}}));
    EXPECT_TRUE(orders.isDurable);
    EXPECT_EQ(orders.ttlNs, 5'000'000'000);
    EXPECT_EQ(orders.maxLength, 10u);
    EXPECT_EQ(orders.overflow, QueueOverflow::RejectPublish);
    EXPECT_EQ(orders.deadLetterExchange, 1u);
    EXPECT_EQ(orders.deadLetterKey, "dead");
    EXPECT_EQ(orders.maxPriority, 9);
    EXPECT_FALSE(scenario.messageQueues.at(1).deadLetterExchange);
    EXPECT_EQ(scenario.messageQueues.at(1).deadLetterKey, "orders");
}

TEST(Messages, QueuesThatOnlyTasksNameAreMade) {
    const Scenario scenario = brokerScenario(kEverything);
    ASSERT_EQ(scenario.messageQueues.size(), 4u);
    EXPECT_EQ(scenario.messageQueues[2].name, "slow");
    EXPECT_EQ(scenario.messageQueues[2].maxPriority, 7) << "of its tasks";
    EXPECT_EQ(scenario.messageQueues[3].name, "fast");
    EXPECT_EQ(scenario.messageQueues[3].maxPriority, 0);
    ASSERT_EQ(scenario.taskWorkers.size(), 2u);
    EXPECT_THAT(scenario.taskWorkers[0].queues, ElementsAre(3, 2));
    EXPECT_EQ(scenario.taskWorkers[0].slotCount, 3u);
    EXPECT_EQ(scenario.taskWorkers[0].prefetch, 2u);
    EXPECT_THAT(scenario.taskWorkers[1].queues, IsEmpty());
    EXPECT_FALSE(scenario.taskWorkers[1].slotCount);
}

TEST(Messages, DeliveryOptionsAreRead) {
    const Scenario scenario = brokerScenario(kEverything);
    const TaskTemplate& job = scenario.tasks.at(0);
    const DeliveryOptions& delivery = job.delivery;
    EXPECT_EQ(delivery.queue, 2u);
    EXPECT_EQ(delivery.priority, 7);
    EXPECT_EQ(delivery.expiresNs, 9'000'000'000);
    EXPECT_EQ(delivery.countdownNs, 1'000'000'000);
    EXPECT_DOUBLE_EQ(delivery.ratePerSecond, 0.5);
    EXPECT_EQ(delivery.softLimitNs, 2'000'000'000);
    EXPECT_EQ(delivery.hardLimitNs, 3'000'000'000);
    EXPECT_EQ(delivery.isAckedLate, true);
    EXPECT_EQ(delivery.isRejectedOnWorkerLost, false);
    EXPECT_EQ(delivery.chunk, 4u);
    EXPECT_TRUE(delivery.ignoresResult);
    EXPECT_TRUE(delivery.backsOff);
    EXPECT_EQ(delivery.longestBackOffNs, 8'000'000'000);
    EXPECT_TRUE(delivery.hasJitter);
    EXPECT_EQ(job.then, 1u);
    EXPECT_EQ(scenario.tasks[1].delivery.isAckedLate, false);
    EXPECT_FALSE(scenario.tasks[2].delivery.isAckedLate);
    EXPECT_EQ(scenario.tasks[3].handles, 0u);
    EXPECT_EQ(scenario.tasks[3].consumers, 3u);
    EXPECT_EQ(scenario.tasks[3].count, 0u);
}

TEST(Messages, PublishStepsAreRead) {
    const Scenario scenario = brokerScenario(kEverything);
    const Steps& steps = scenario.tasks.at(2).steps;
    const auto& first = std::get<PublishStep>(steps.at(0).what);
    EXPECT_EQ(first.exchange, 0u);
    EXPECT_THAT(first.keys, ElementsAre("order.new", "order.old"));
    EXPECT_EQ(first.headers, (routing::Headers{{"a", "x"}, {"z", std::int64_t{1}}}));
    EXPECT_EQ(first.bytes, 1000u);
    EXPECT_EQ(first.count, 5u);
    EXPECT_EQ(first.priority, 9);
    EXPECT_EQ(first.expiresNs, 2'000'000);
    EXPECT_TRUE(first.isMandatory);
    EXPECT_TRUE(first.isPersistent);
    EXPECT_TRUE(first.wantsReply);
    EXPECT_EQ(steps[0].name, "publish 5 in");
    const auto& second = std::get<PublishStep>(steps.at(1).what);
    EXPECT_FALSE(second.exchange);
    EXPECT_THAT(second.keys, ElementsAre("bin"));
    EXPECT_EQ(second.count, 1u);
    EXPECT_FALSE(second.wantsReply);
    EXPECT_EQ(steps[1].name, "publish bin");
}

TEST(Messages, OneIsSentForEachKeyIfNoCountIsGiven) {
    const Scenario scenario =
        brokerScenario("[[exchange]]\nname = \"e\"\n[[task]]\nname = \"t\"\n"
                       "steps = [{ publish = \"e\", keys = [ \"a\", \"b\", \"c\" ] }]\n");
    EXPECT_EQ(std::get<PublishStep>(scenario.tasks.at(0).steps.at(0).what).count, 3u);
}

/// The names of the queues that the messages of the first step of the first task reach; those after
/// "|" only as dead letters.
std::string reachOf(const std::string& text) {
    const Scenario scenario = brokerScenario(text);
    MessageRoutes routes(scenario);
    const auto& publish = std::get<PublishStep>(scenario.tasks.at(0).steps.at(0).what);
    std::string names;
    for (std::size_t key = 0; key < publish.keys.size(); ++key) {
        const MessageRoutes::Reach& reach = routes.of(publish, key);
        names += names.empty() ? "" : "; ";
        for (std::size_t i = 0; i < reach.queues.size(); ++i) {
            names += i == reach.routed ? "|" : "";
            names += scenario.messageQueues[reach.queues[i]].name;
        }
    }
    return names;
}

std::string queue(const std::string& name, const std::string& keys = "") {
    return "[[message_queue]]\nname = \"" + name + "\"\n" + keys + "\n";
}

std::string publisher(const std::string& step) {
    return "[[task]]\nname = \"p\"\nsteps = [{ " + step + " }]\n";
}

TEST(MessageRoutes, AQueueThatIsBoundTwiceGetsOneCopy) {
    EXPECT_EQ(reachOf("[[exchange]]\nname = \"e\"\nkind = \"topic\"\n" +
                      queue("a", "bind = [{ exchange = \"e\", key = \"#\" }, "
                                 "{ exchange = \"e\", key = \"x.*\" }]") +
                      queue("b", "bind = [{ exchange = \"e\", key = \"x.y\" }]") +
                      publisher("publish = \"e\", keys = [\"x.y\", \"x.z\", \"y\"]")),
              "ab; a; a");
}

TEST(MessageRoutes, AnAlternateExchangeGetsWhatNoQueueWants) {
    const std::string exchanges =
        "[[exchange]]\nname = \"e\"\nalternate = \"f\"\n[[exchange]]\nname = \"f\"\n"
        "alternate = \"g\"\n[[exchange]]\nname = \"g\"\nkind = \"fanout\"\nalternate = \"e\"\n";
    EXPECT_EQ(reachOf(exchanges + queue("a", "bind = [{ exchange = \"e\", key = \"k\" }]") +
                      queue("z", "bind = [{ exchange = \"g\" }]") +
                      publisher("publish = \"e\", keys = [\"k\", \"other\"]")),
              "a; z");
    EXPECT_EQ(reachOf(exchanges + publisher("publish = \"e\", key = \"k\"")), "")
        << "round in a circle";
}

TEST(MessageRoutes, ADeadLetterGoesOnWithItsKeyOrAnother) {
    const std::string exchange = "[[exchange]]\nname = \"dead\"\nkind = \"topic\"\n";
    const std::string graves = queue("own", "bind = [{ exchange = \"dead\", key = \"q\" }]") +
                               queue("new", "bind = [{ exchange = \"dead\", key = \"n\" }]");
    EXPECT_EQ(reachOf(exchange + queue("q", "ttl = \"1 s\"\ndead_letter = \"dead\"") + graves +
                      publisher("publish = \"\", key = \"q\"")),
              "q|own");
    EXPECT_EQ(reachOf(exchange +
                      queue("q", "ttl = \"1 s\"\ndead_letter = \"dead\"\ndead_letter_key = \"n\"") +
                      graves + publisher("publish = \"\", key = \"q\"")),
              "q|new");
}

TEST(MessageRoutes, OnlyWhatCanDieBecomesADeadLetter) {
    const auto reach = [](const std::string& keys, const std::string& more,
                          const std::string& publish = "") {
        return reachOf(queue("q", "dead_letter_key = \"d\"\n" + keys) + queue("d") +
                       publisher("publish = \"\", key = \"q\"" + publish) + more);
    };
    EXPECT_EQ(reach("", ""), "q") << "nobody rejects it, nothing expires";
    EXPECT_EQ(reach("ttl = \"1 s\"", ""), "q|d");
    EXPECT_EQ(reach("max_length = 1", ""), "q|d");
    EXPECT_EQ(reach("max_length = 1\noverflow = \"reject-publish\"", ""), "q");
    EXPECT_EQ(reach("", "", ", expires = \"1 s\""), "q|d");
    EXPECT_EQ(reach("", "[[task]]\nname = \"h\"\nsteps = []\non = \"q\"\n"), "q|d");
}

TEST(MessageRoutes, AMessageThatComesBackCountsOnce) {
    EXPECT_EQ(reachOf(queue("work", "dead_letter_key = \"wait\"") +
                      queue("wait", "ttl = \"1 s\"\ndead_letter_key = \"work\"") +
                      publisher("publish = \"\", key = \"work\"") +
                      "[[task]]\nname = \"h\"\nsteps = []\non = \"work\"\n"),
              "work|wait");
}

} // namespace
} // namespace interleave::scenario
