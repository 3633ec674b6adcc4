// SPDX-License-Identifier: GPL-3.0-or-later
// How messages die in queues, and where they go then.
#include "tests/engine/broker/broker_site.h"

namespace interleave::broker {
namespace {

using testing::ElementsAre;
using testing::Pair;
using enum routing::ExchangeKind;

class DeadLetters : public BrokerContract {
protected:
    /// A queue whose dead letters go to the queue `grave`, by the default exchange.
    std::string makeMortal(Connection& connection, const std::string& grave,
                           const std::function<void(QueueSpec&)>& fill = {}) {
        return makeQueue(connection, "mortal", [&](QueueSpec& spec) {
            spec.deadLetterExchange = "";
            spec.deadLetterKey = grave;
            if (fill) {
                fill(spec);
            }
        });
    }
};

TEST_P(DeadLetters, OfRejectedMessagesKeepBodyAndProperties) {
    const auto connection = connect();
    const std::string grave = makeQueue(*connection, "grave");
    const std::string queue = makeMortal(*connection, grave);
    Properties properties;
    properties.messageId = "7";
    properties.headers = {{"colour", std::string("red")}};
    ASSERT_TRUE(publish(*connection, queue, "body", properties));
    ASSERT_TRUE(comesToHave(*connection, queue, 1));
    const auto delivery = connection->get(queue, false);
    ASSERT_TRUE(delivery && *delivery);
    EXPECT_TRUE(connection->reject((*delivery)->tag, false));

    ASSERT_TRUE(comesToHave(*connection, grave, 1));
    const auto dead = connection->get(grave, true);
    ASSERT_TRUE(dead && *dead);
    EXPECT_EQ(textOf((*dead)->body), "body");
    EXPECT_EQ((*dead)->properties.messageId, "7");
    EXPECT_EQ((*dead)->properties.headers, properties.headers);
    EXPECT_EQ((*dead)->key, grave);
    EXPECT_FALSE((*dead)->isRedelivered);
    EXPECT_THAT((*dead)->deaths, ElementsAre(Pair(queue, "rejected")));
}

TEST_P(DeadLetters, KeepTheirKeyWhereTheQueueGivesNone) {
    const auto connection = connect();
    const std::string exchange = makeExchange(*connection, "dead", Topic);
    const std::string grave = makeQueue(*connection, "grave");
    ASSERT_TRUE(connection->bind(exchange, grave, {.key = "a.*"}));
    const std::string live = makeExchange(*connection, "live", Topic);
    const std::string queue =
        makeQueue(*connection, "q", [&](QueueSpec& spec) { spec.deadLetterExchange = exchange; });
    ASSERT_TRUE(connection->bind(live, queue, {.key = "#"}));
    ASSERT_TRUE(publishTo(*connection, live, "a.b", "1"));
    ASSERT_TRUE(comesToHave(*connection, queue, 1));
    const auto delivery = connection->get(queue, false);
    ASSERT_TRUE(delivery && *delivery);
    EXPECT_TRUE(connection->reject((*delivery)->tag, false));

    ASSERT_TRUE(comesToHave(*connection, grave, 1));
    const auto dead = connection->get(grave, true);
    ASSERT_TRUE(dead && *dead);
    EXPECT_EQ((*dead)->key, "a.b");
    EXPECT_EQ((*dead)->exchange, exchange);
}

TEST_P(DeadLetters, OfMessagesThatLiveTooLongInAQueue) {
    const auto connection = connect();
    const std::string grave = makeQueue(*connection, "grave");
    const std::string queue =
        makeMortal(*connection, grave, [](QueueSpec& spec) { spec.messageTtlNs = 20 * kMs; });
    ASSERT_TRUE(connection->consume(grave, {}));
    ASSERT_TRUE(publish(*connection, queue, "1"));

    const auto dead = await<Delivery>(*connection);
    ASSERT_TRUE(dead);
    EXPECT_THAT(dead->deaths, ElementsAre(Pair(queue, "expired")));
    EXPECT_EQ(connection->inspect(queue)->ready, 0u);
}

TEST_P(DeadLetters, OfMessagesWithALifeOfTheirOwnExpireAtTheHeadOnly) {
    const auto connection = connect();
    const std::string grave = makeQueue(*connection, "grave");
    const std::string queue = makeMortal(*connection, grave);
    Properties mortal;
    mortal.expirationNs = 10 * kMs;
    ASSERT_TRUE(publish(*connection, queue, "immortal"));
    ASSERT_TRUE(publish(*connection, queue, "mortal", mortal));
    ASSERT_TRUE(comesToHave(*connection, queue, 2));
    EXPECT_TRUE(isSilent(*connection)); // longer than the second one lives
    EXPECT_EQ(connection->inspect(queue)->ready, 2u);

    ASSERT_TRUE(connection->consume(grave, {}));
    const auto head = connection->get(queue, true);
    ASSERT_TRUE(head && *head);
    const auto dead = await<Delivery>(*connection);
    ASSERT_TRUE(dead);
    EXPECT_EQ(textOf(dead->body), "mortal");
    EXPECT_FALSE(dead->properties.expirationNs) << "it would die again at once";
}

TEST_P(DeadLetters, WithoutTimeToLiveGoToAConsumerThatWaits) {
    const auto connection = connect();
    const std::string queue =
        makeQueue(*connection, "q", [](QueueSpec& spec) { spec.messageTtlNs = 0; });
    ASSERT_TRUE(publish(*connection, queue, "nobody waits"));
    ASSERT_TRUE(comesToHave(*connection, queue, 0));
    ASSERT_TRUE(connection->consume(queue, {}));
    ASSERT_TRUE(publish(*connection, queue, "somebody waits"));
    EXPECT_THAT(take(*connection, 1), ElementsAre("somebody waits"));
}

TEST_P(DeadLetters, OfAQueueThatIsFullAreItsOldest) {
    const auto connection = connect();
    const std::string grave = makeQueue(*connection, "grave");
    const std::string queue =
        makeMortal(*connection, grave, [](QueueSpec& spec) { spec.maxLength = 2; });
    for (const char* body : {"1", "2", "3"}) {
        ASSERT_TRUE(publish(*connection, queue, body));
    }

    ASSERT_TRUE(comesToHave(*connection, grave, 1));
    const auto dead = connection->get(grave, true);
    ASSERT_TRUE(dead && *dead);
    EXPECT_EQ(textOf((*dead)->body), "1");
    EXPECT_THAT((*dead)->deaths, ElementsAre(Pair(queue, "maxlen")));
    EXPECT_THAT(drain(*connection, queue), ElementsAre("2", "3"));
}

TEST_P(DeadLetters, ComeBackByASecondQueueAsDelayedRetries) {
    const auto connection = connect();
    const std::string work = queueNamed("work");
    const std::string waiting = makeQueue(*connection, "waiting", [&](QueueSpec& spec) {
        spec.messageTtlNs = 10 * kMs;
        spec.deadLetterExchange = "";
        spec.deadLetterKey = work;
    });
    QueueSpec spec;
    spec.name = work;
    spec.deadLetterExchange = "";
    spec.deadLetterKey = waiting;
    ASSERT_TRUE(connection->declare(spec));
    ASSERT_TRUE(publish(*connection, work, "1"));
    ASSERT_TRUE(connection->consume(work, {}));
    for (int i = 0; i < 3; ++i) {
        const auto delivery = await<Delivery>(*connection);
        ASSERT_TRUE(delivery) << i;
        if (i > 0) {
            EXPECT_THAT(delivery->deaths,
                        ElementsAre(Pair(waiting, "expired"), Pair(work, "rejected")));
        }
        EXPECT_TRUE(connection->reject(delivery->tag, false));
    }
}

TEST_P(DeadLetters, ThatGoRoundByThemselvesAreDropped) {
    const auto connection = connect();
    const std::string name = queueNamed("ring");
    QueueSpec spec;
    spec.name = name;
    spec.messageTtlNs = 5 * kMs;
    spec.deadLetterExchange = "";
    spec.deadLetterKey = name;
    ASSERT_TRUE(connection->declare(spec));
    ASSERT_TRUE(publish(*connection, name, "1"));
    EXPECT_TRUE(comesToHave(*connection, name, 0));
    EXPECT_TRUE(isSilent(*connection));
    EXPECT_EQ(connection->inspect(name)->ready, 0u);
}

INSTANTIATE_CONTRACT(DeadLetters);

} // namespace
} // namespace interleave::broker
