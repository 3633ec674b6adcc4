// SPDX-License-Identifier: GPL-3.0-or-later
// What brokers refuse: one sentence each, and the connection goes on.
#include "tests/engine/broker/broker_site.h"

namespace interleave::broker {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Refusals : public BrokerContract {
protected:
    template <class T>
    static void expectRefused(const Result<T>& result, const std::string& code,
                              const std::string& name) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::BadInput);
        EXPECT_THAT(result.error().message,
                    AllOf(testing::StartsWith("The broker refused to "), HasSubstr(code),
                          HasSubstr(name), testing::EndsWith(".")));
    }
};

TEST_P(Refusals, OfAQueueThatExistsWithOtherArguments) {
    const auto connection = connect();
    const std::string queue =
        makeQueue(*connection, "q", [](QueueSpec& spec) { spec.messageTtlNs = 60'000'000'000; });
    QueueSpec other;
    other.name = queue;
    for (const auto& change : std::vector<std::function<void(QueueSpec&)>>{
             [](QueueSpec& spec) { spec.messageTtlNs = 61'000'000'000; },
             [](QueueSpec& spec) { spec.messageTtlNs.reset(); },
             [](QueueSpec& spec) { spec.isDurable = true; },
             [](QueueSpec& spec) { spec.isAutoDelete = true; },
             [](QueueSpec& spec) { spec.maxLength = 5; },
             [](QueueSpec& spec) { spec.overflow = Overflow::RejectPublish; },
             [](QueueSpec& spec) { spec.deadLetterExchange = "x"; },
             [](QueueSpec& spec) { spec.maxPriority = 3; },
         }) {
        other.messageTtlNs = 60'000'000'000;
        QueueSpec changed = other;
        change(changed);
        expectRefused(connection->declare(changed), "PRECONDITION_FAILED", queue);
    }
    EXPECT_TRUE(connection->declare(other)); // the same again, on the same connection
}

TEST_P(Refusals, OfAnExchangeThatExistsWithOtherArguments) {
    const auto connection = connect();
    const std::string name = makeExchange(*connection, "x", routing::ExchangeKind::Direct);
    ExchangeSpec other;
    other.name = name;
    other.kind = routing::ExchangeKind::Topic;
    expectRefused(connection->declare(other), "PRECONDITION_FAILED", name);
    other.kind = routing::ExchangeKind::Direct;
    other.isDurable = true;
    expectRefused(connection->declare(other), "PRECONDITION_FAILED", name);
    other.isDurable = false;
    EXPECT_TRUE(connection->declare(other));
}

TEST_P(Refusals, OfWhatIsNotThere) {
    const auto connection = connect();
    const std::string queue = queueNamed("q");
    const std::string exchange = exchangeNamed("x");
    expectRefused(connection->inspect(queue), "NOT_FOUND", queue);
    expectRefused(connection->consume(queue, {}), "NOT_FOUND", queue);
    expectRefused(connection->get(queue, true), "NOT_FOUND", queue);
    expectRefused(connection->purge(queue), "NOT_FOUND", queue);
    expectRefused(connection->bind("amq.direct", queue, {}), "NOT_FOUND", queue);
    const std::string there = makeQueue(*connection, "there");
    expectRefused(connection->bind(exchange, there, {}), "NOT_FOUND", exchange);
    // Gone is gone.
    EXPECT_TRUE(connection->removeQueue(queue));
    EXPECT_TRUE(connection->removeExchange(exchange));
}

TEST_P(Refusals, OfAPublishToAnExchangeThatIsNotThere) {
    const auto connection = connect();
    const std::string exchange = exchangeNamed("x");
    const auto refused = publishTo(*connection, exchange, "key", "body");
    EXPECT_THAT(awaitRefusal(*connection, refused),
                AllOf(HasSubstr("NOT_FOUND"), HasSubstr(exchange)));
    EXPECT_FALSE(connection->isLost());
    EXPECT_TRUE(isSilent(*connection));
}

TEST_P(Refusals, OfTheBrokersOwnNames) {
    const auto connection = connect();
    QueueSpec queue;
    queue.name = "amq.mine";
    expectRefused(connection->declare(queue), "ACCESS_REFUSED", "amq.mine");
    ExchangeSpec exchange;
    exchange.name = "amq.mine";
    expectRefused(connection->declare(exchange), "ACCESS_REFUSED", "amq.mine");
}

TEST_P(Refusals, OfAnotherConnectionsExclusiveQueue) {
    const auto owner = connect();
    const auto other = connect();
    const std::string queue =
        makeQueue(*owner, "q", [](QueueSpec& spec) { spec.isExclusive = true; });
    expectRefused(other->consume(queue, {}), "RESOURCE_LOCKED", queue);
    expectRefused(other->inspect(queue), "RESOURCE_LOCKED", queue);
    EXPECT_TRUE(owner->inspect(queue));
    owner->close();
    expectRefused(other->inspect(queue), "NOT_FOUND", queue);
}

TEST_P(Refusals, OfASecondConsumerBesideAnExclusiveOne) {
    const auto first = connect();
    const auto second = connect();
    const std::string queue = makeQueue(*first, "q");
    ASSERT_TRUE(first->consume(queue, {.isExclusive = true}));
    expectRefused(second->consume(queue, {}), "ACCESS_REFUSED", queue);
}

TEST_P(Refusals, OfAnUnknownDeliveryTagEndConsumersAndGiveBack) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(publish(*connection, queue, "1"));
    ASSERT_TRUE(connection->consume(queue, {}));
    const auto delivery = await<Delivery>(*connection);
    ASSERT_TRUE(delivery);
    const auto acked = connection->ack(delivery->tag + 7);
    EXPECT_THAT(awaitRefusal(*connection, acked),
                AllOf(HasSubstr("PRECONDITION_FAILED"), HasSubstr("delivery tag")));

    ASSERT_TRUE(comesToHave(*connection, queue, 1));
    // Late is not wrong: it went back with the channel.
    EXPECT_TRUE(connection->ack(delivery->tag));
    EXPECT_EQ(connection->inspect(queue)->consumers, 0u);
    EXPECT_THAT(drain(*connection, queue), ElementsAre("1"));
}

TEST_P(Refusals, OfNamesThatAreTooLong) {
    const auto connection = connect();
    QueueSpec queue;
    queue.name = std::string(256, 'n');
    const auto declared = connection->declare(queue);
    ASSERT_FALSE(declared);
    EXPECT_THAT(declared.error().message, AllOf(HasSubstr("256"), HasSubstr("255")));
    EXPECT_LT(declared.error().message.size(), 200u);
    ExchangeSpec exchange;
    exchange.name = queue.name;
    EXPECT_FALSE(connection->declare(exchange));
    EXPECT_FALSE(connection->publish({"", queue.name, {}, {}}));
    Properties properties;
    properties.correlationId = queue.name;
    EXPECT_FALSE(connection->publish({"", "q", properties, {}}));
    EXPECT_FALSE(connection->inspect(queue.name));
    EXPECT_FALSE(connection->consume(queue.name, {}));

    queue.name.pop_back();
    EXPECT_TRUE(connection->declare(queue)) << "255 bytes are allowed";
    EXPECT_TRUE(connection->removeQueue(queue.name));
}

INSTANTIATE_CONTRACT(Refusals);

} // namespace
} // namespace interleave::broker
