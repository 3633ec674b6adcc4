// SPDX-License-Identifier: GPL-3.0-or-later
// What stays and what goes: with its connection, with its last consumer, with the broker.
#include "tests/engine/broker/broker_site.h"

#include <algorithm>

namespace interleave::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Lives : public BrokerContract {};

TEST_P(Lives, OfExclusiveQueuesEndWithTheirConnection) {
    const auto other = connect();
    const auto owner = connect();
    const std::string queue =
        makeQueue(*owner, "q", [](QueueSpec& spec) { spec.isExclusive = true; });
    owner->cut();
    EXPECT_THAT(std::string(other->inspect(queue) ? "is there" : "gone"), "gone");
}

TEST_P(Lives, OfAutoDeleteQueuesEndWithTheirLastConsumer) {
    const auto connection = connect();
    const std::string queue =
        makeQueue(*connection, "q", [](QueueSpec& spec) { spec.isAutoDelete = true; });
    EXPECT_TRUE(connection->inspect(queue)) << "it has had no consumer yet";
    ASSERT_TRUE(connection->consume(queue, {.tag = "a"}));
    ASSERT_TRUE(connection->consume(queue, {.tag = "b"}));
    EXPECT_TRUE(connection->cancel("a"));
    EXPECT_TRUE(connection->inspect(queue));
    EXPECT_TRUE(connection->cancel("b"));
    EXPECT_FALSE(connection->inspect(queue));
}

TEST_P(Lives, OfAutoDeleteExchangesEndWithTheirLastBinding) {
    const auto connection = connect();
    ExchangeSpec spec;
    spec.name = exchangeNamed("x");
    spec.kind = routing::ExchangeKind::Topic;
    spec.isAutoDelete = true;
    ASSERT_TRUE(connection->declare(spec));
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(connection->bind(spec.name, queue, {.key = "a"}));
    EXPECT_TRUE(connection->unbind(spec.name, queue, {.key = "a"}));
    EXPECT_FALSE(connection->bind(spec.name, queue, {.key = "a"}));
}

TEST_P(Lives, QueuesWithoutANameGetOne) {
    const auto connection = connect();
    QueueSpec spec;
    spec.isExclusive = true;
    const auto first = connection->declare(spec);
    const auto second = connection->declare(spec);
    ASSERT_TRUE(first && second);
    EXPECT_THAT(first->name, testing::StartsWith("amq."));
    EXPECT_NE(first->name, second->name);
    ASSERT_TRUE(publish(*connection, first->name, "1"));
    ASSERT_TRUE(comesToHave(*connection, first->name, 1));
    EXPECT_THAT(drain(*connection, first->name), ElementsAre("1"));
}

TEST_P(Lives, RemovingAndPurgingSayHowManyWereThere) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(publish(*connection, queue, "1"));
    ASSERT_TRUE(publish(*connection, queue, "2"));
    ASSERT_TRUE(comesToHave(*connection, queue, 2));
    EXPECT_EQ(*connection->purge(queue), 2u);
    ASSERT_TRUE(publish(*connection, queue, "3"));
    ASSERT_TRUE(comesToHave(*connection, queue, 1));
    EXPECT_EQ(*connection->removeQueue(queue), 1u);
    EXPECT_FALSE(connection->inspect(queue));
}

TEST_P(Lives, AClosedConnectionSaysSo) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    connection->close();
    EXPECT_TRUE(connection->isLost());
    const auto event = connection->next(0);
    ASSERT_FALSE(event);
    EXPECT_THAT(event.error().message, HasSubstr("closed"));
    EXPECT_FALSE(connection->inspect(queue));
    EXPECT_FALSE(connection->flush());
    connection->close(); // again: nothing
    connection->cut();
}

TEST_P(Lives, PublishesBeforeTheCloseArrive) {
    const auto other = connect();
    const std::string queue = makeQueue(*other, "q");
    const auto connection = connect();
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(connection->publish({"", queue, {}, {}}));
    }
    connection->close();
    EXPECT_TRUE(comesToHave(*other, queue, 10));
}

class Restarts : public BrokerContract {
protected:
    Restarts()
        : BrokerContract(true) {}
};

TEST_P(Restarts, LeaveOnlyWhatIsDurable) {
    auto connection = connect();
    const auto durably = [](QueueSpec& spec) { spec.isDurable = true; };
    const std::string durable = makeQueue(*connection, "durable", durably);
    const std::string transient = makeQueue(*connection, "transient");
    ExchangeSpec exchange;
    exchange.name = exchangeNamed("durable-x");
    exchange.kind = routing::ExchangeKind::Topic;
    exchange.isDurable = true;
    ASSERT_TRUE(connection->declare(exchange));
    ASSERT_TRUE(connection->bind(exchange.name, durable, {.key = "a.#"}));
    const std::string passing =
        makeExchange(*connection, "passing-x", routing::ExchangeKind::Fanout);
    Properties persistent;
    persistent.isPersistent = true;
    ASSERT_TRUE(connection->enableConfirms());
    for (const char* body : {"held", "never seen"}) {
        ASSERT_TRUE(publish(*connection, durable, body, persistent));
    }
    ASSERT_TRUE(publish(*connection, durable, "transient"));
    ASSERT_TRUE(publish(*connection, transient, "elsewhere", persistent));
    for (std::uint64_t last = 0; last < 4;) {
        last = std::max(last, await<Confirmed>(*connection).value_or(Confirmed{4}).sequence);
    }
    ASSERT_TRUE(comesToHave(*connection, durable, 3));
    const auto held = connection->get(durable, false);
    ASSERT_TRUE(held && *held);

    site().stop();
    while (const auto event = connection->next(kPatience)) {
        ASSERT_TRUE(*event) << "its death goes unnoticed"; // confirms may still be unread
    }
    EXPECT_TRUE(connection->isLost());
    EXPECT_FALSE(connection->inspect(durable));
    EXPECT_FALSE(site().broker().connect("test"));
    site().start();

    connection = connect();
    ASSERT_TRUE(connection);
    EXPECT_FALSE(connection->inspect(transient));
    ASSERT_TRUE(comesToHave(*connection, durable, 2));
    const auto again = connection->get(durable, true);
    ASSERT_TRUE(again && *again);
    EXPECT_EQ(textOf((*again)->body), "held");
    EXPECT_TRUE((*again)->isRedelivered);
    EXPECT_THAT(drain(*connection, durable), ElementsAre("never seen"));
    ASSERT_TRUE(publishTo(*connection, exchange.name, "a.b", "bound"));
    EXPECT_TRUE(comesToHave(*connection, durable, 1)) << "its binding has survived, too";
    EXPECT_FALSE(connection->bind(passing, durable, {}));
}

INSTANTIATE_CONTRACT(Lives);
INSTANTIATE_CONTRACT(Restarts);

} // namespace
} // namespace interleave::broker
