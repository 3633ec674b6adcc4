// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets which message, and what acknowledging, rejecting and leaving do to it.
#include "tests/engine/broker/broker_site.h"

#include <unistd.h>

namespace interleave::broker {
namespace {

using testing::ElementsAre;
class Consumers : public BrokerContract {};

TEST_P(Consumers, GetWhatWasPublishedWithAllOfItsProperties) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    Properties sent;
    sent.messageId = "id 1";
    sent.correlationId = "correlation";
    sent.replyTo = "back";
    sent.type = "task";
    sent.contentType = "application/json";
    sent.headers = {{"count", std::int64_t{-3}}, {"flag", true}, {"word", std::string("é")}};
    sent.priority = 3;
    sent.isPersistent = true;
    sent.expirationNs = 60'000'000'000;
    ASSERT_TRUE(publish(*connection, queue, "body", sent));
    ASSERT_TRUE(connection->consume(queue, {.tag = "mine"}));

    const auto delivery = await<Delivery>(*connection);

    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->consumer, "mine");
    EXPECT_EQ(delivery->exchange, "");
    EXPECT_EQ(delivery->key, queue);
    EXPECT_FALSE(delivery->isRedelivered);
    EXPECT_EQ(textOf(delivery->body), "body");
    EXPECT_EQ(delivery->properties.messageId, sent.messageId);
    EXPECT_EQ(delivery->properties.correlationId, sent.correlationId);
    EXPECT_EQ(delivery->properties.replyTo, sent.replyTo);
    EXPECT_EQ(delivery->properties.type, sent.type);
    EXPECT_EQ(delivery->properties.contentType, sent.contentType);
    EXPECT_EQ(delivery->properties.headers, sent.headers);
    EXPECT_EQ(delivery->properties.priority, sent.priority);
    EXPECT_TRUE(delivery->properties.isPersistent);
    EXPECT_EQ(delivery->properties.expirationNs, sent.expirationNs);
    EXPECT_TRUE(delivery->deaths.empty());
}

TEST_P(Consumers, TakeTurns) {
    const auto first = connect();
    const auto second = connect();
    const std::string queue = makeQueue(*first, "q");
    ASSERT_TRUE(first->consume(queue, {}));
    ASSERT_TRUE(second->consume(queue, {}));
    for (const char* body : {"1", "2", "3", "4", "5", "6"}) {
        ASSERT_TRUE(publish(*first, queue, body));
    }

    EXPECT_THAT(take(*first, 3), ElementsAre("1", "3", "5"));
    EXPECT_THAT(take(*second, 3), ElementsAre("2", "4", "6"));
}

TEST_P(Consumers, HoldNoMoreThanTheirPrefetch) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    for (const char* body : {"1", "2", "3", "4"}) {
        ASSERT_TRUE(publish(*connection, queue, body));
    }
    ASSERT_TRUE(connection->setPrefetch(2));
    ASSERT_TRUE(connection->consume(queue, {}));

    const auto first = await<Delivery>(*connection);
    const auto second = await<Delivery>(*connection);
    ASSERT_TRUE(first && second);
    EXPECT_TRUE(isSilent(*connection));
    EXPECT_TRUE(connection->ack(second->tag));
    EXPECT_EQ(textOf(await<Delivery>(*connection)->body), "3");
    EXPECT_TRUE(isSilent(*connection));
}

TEST_P(Consumers, WithCreditGetWhatABusyOneCannotTake) {
    const auto busy = connect();
    const auto idle = connect();
    const std::string queue = makeQueue(*busy, "q");
    ASSERT_TRUE(busy->setPrefetch(1));
    ASSERT_TRUE(idle->setPrefetch(1));
    ASSERT_TRUE(busy->consume(queue, {}));
    ASSERT_TRUE(idle->consume(queue, {}));
    for (const char* body : {"1", "2", "3", "4"}) {
        ASSERT_TRUE(publish(*busy, queue, body));
    }

    ASSERT_TRUE(await<Delivery>(*busy)); // and keeps it
    EXPECT_THAT(take(*idle, 3), ElementsAre("2", "3", "4"));
}

TEST_P(Consumers, AcknowledgeAllUpToATag) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    for (const char* body : {"1", "2", "3"}) {
        ASSERT_TRUE(publish(*connection, queue, body));
    }
    ASSERT_TRUE(connection->consume(queue, {}));
    ASSERT_TRUE(await<Delivery>(*connection));
    const auto second = await<Delivery>(*connection);
    ASSERT_TRUE(second);
    ASSERT_TRUE(await<Delivery>(*connection));

    EXPECT_TRUE(connection->ack(second->tag, true));
    connection->close();

    const auto other = connect();
    ASSERT_TRUE(comesToHave(*other, queue, 1));
    EXPECT_THAT(drain(*other, queue), ElementsAre("3"));
}

TEST_P(Consumers, GetARequeuedMessageAgainInItsOldPlaceAndMarked) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    for (const char* body : {"1", "2", "3"}) {
        ASSERT_TRUE(publish(*connection, queue, body));
    }
    const auto first = connection->get(queue, false);
    const auto second = connection->get(queue, false);
    ASSERT_TRUE(first && *first && second && *second);
    EXPECT_TRUE(connection->reject((*second)->tag, true));
    EXPECT_TRUE(connection->reject((*first)->tag, true));
    ASSERT_TRUE(comesToHave(*connection, queue, 3));

    ASSERT_TRUE(connection->consume(queue, {}));
    for (const auto& [body, isRedelivered] :
         {std::pair{"1", true}, std::pair{"2", true}, std::pair{"3", false}}) {
        const auto delivery = await<Delivery>(*connection);
        ASSERT_TRUE(delivery);
        EXPECT_EQ(textOf(delivery->body), body);
        EXPECT_EQ(delivery->isRedelivered, isRedelivered) << body;
    }
}

TEST_P(Consumers, RejectedMessagesAreGoneWithoutADeadLetterExchange) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(publish(*connection, queue, "1"));
    ASSERT_TRUE(publish(*connection, queue, "2"));
    ASSERT_TRUE(connection->consume(queue, {}));
    ASSERT_TRUE(await<Delivery>(*connection));
    const auto second = await<Delivery>(*connection);
    ASSERT_TRUE(second);
    EXPECT_TRUE(connection->reject(second->tag, false, true));
    connection->close();

    const auto other = connect();
    EXPECT_THAT(drain(*other, queue), ElementsAre());
}

TEST_P(Consumers, WithAutoAckNeverGiveBack) {
    const auto connection = connect();
    const auto other = connect();
    const std::string queue = makeQueue(*other, "q");
    ASSERT_TRUE(publish(*other, queue, "1"));
    ASSERT_TRUE(connection->setPrefetch(1)); // means nothing with auto-ack
    ASSERT_TRUE(connection->consume(queue, {.isAutoAck = true}));
    ASSERT_TRUE(await<Delivery>(*connection));
    ASSERT_TRUE(publish(*other, queue, "2"));
    ASSERT_TRUE(await<Delivery>(*connection));
    connection->cut();

    EXPECT_THAT(drain(*other, queue), ElementsAre());
}

TEST_P(Consumers, ThatAreCutOffGiveBackWhatTheyHeld) {
    const auto connection = connect();
    const auto other = connect();
    const std::string queue = makeQueue(*other, "q");
    ASSERT_TRUE(publish(*other, queue, "1"));
    ASSERT_TRUE(publish(*other, queue, "2"));
    ASSERT_TRUE(connection->consume(queue, {}));
    const auto first = await<Delivery>(*connection);
    ASSERT_TRUE(first);
    EXPECT_TRUE(connection->ack(first->tag));
    EXPECT_TRUE(connection->inspect(queue)); // the acknowledgement has arrived
    connection->cut();

    EXPECT_TRUE(connection->isLost());
    EXPECT_FALSE(connection->ack(2));
    EXPECT_FALSE(connection->next(0));
    ASSERT_TRUE(comesToHave(*other, queue, 1));
    const auto again = other->get(queue, true);
    ASSERT_TRUE(again && *again);
    EXPECT_EQ(textOf((*again)->body), "2");
    EXPECT_TRUE((*again)->isRedelivered);
}

TEST_P(Consumers, CancelledGetNothingMoreButMayAcknowledge) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(publish(*connection, queue, "1"));
    const auto tag = connection->consume(queue, {});
    ASSERT_TRUE(tag);
    const auto delivery = await<Delivery>(*connection);
    ASSERT_TRUE(delivery);
    EXPECT_TRUE(connection->cancel(*tag));
    ASSERT_TRUE(publish(*connection, queue, "2"));
    EXPECT_TRUE(isSilent(*connection));
    EXPECT_TRUE(connection->ack(delivery->tag));
    EXPECT_TRUE(comesToHave(*connection, queue, 1));
    EXPECT_EQ(connection->inspect(queue)->consumers, 0u);
}

TEST_P(Consumers, AreToldThatTheirQueueIsGone) {
    const auto connection = connect();
    const auto other = connect();
    const std::string queue = makeQueue(*other, "q");
    ASSERT_TRUE(connection->consume(queue, {.tag = "mine"}));
    EXPECT_TRUE(other->removeQueue(queue));

    const auto cancelled = await<ConsumerCancelled>(*connection);
    ASSERT_TRUE(cancelled);
    EXPECT_EQ(cancelled->consumer, "mine");
}

TEST_P(Consumers, OfHighPriorityMessagesFirst) {
    const auto connection = connect();
    const std::string queue =
        makeQueue(*connection, "q", [](QueueSpec& spec) { spec.maxPriority = 5; });
    for (const auto& [body, priority] : {std::pair{"low", 0}, std::pair{"high", 5},
                                         std::pair{"middle", 2}, std::pair{"higher", 9}}) {
        Properties properties;
        properties.priority = static_cast<std::uint8_t>(priority);
        ASSERT_TRUE(publish(*connection, queue, body, properties));
    }
    ASSERT_TRUE(comesToHave(*connection, queue, 4));

    // Above the queue's highest priority counts as the highest.
    EXPECT_THAT(drain(*connection, queue), ElementsAre("high", "higher", "middle", "low"));
}

TEST_P(Consumers, AreWokenByAMessageAndByTheirCaller) {
    const auto consumer = connect();
    const auto publisher = connect();
    const std::string queue = makeQueue(*publisher, "q");
    ASSERT_TRUE(consumer->consume(queue, {}));
    EXPECT_TRUE(isSilent(*consumer));
    ASSERT_TRUE(publish(*publisher, queue, "1"));
    EXPECT_THAT(take(*consumer, 1), ElementsAre("1"));

    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    ASSERT_EQ(::write(pipe[1], "x", 1), 1);
    const auto woken = consumer->next(kPatience, pipe[0]);
    ASSERT_TRUE(woken);
    EXPECT_FALSE(*woken);
    ::close(pipe[0]);
    ::close(pipe[1]);
}

INSTANTIATE_CONTRACT(Consumers);

} // namespace
} // namespace interleave::broker
