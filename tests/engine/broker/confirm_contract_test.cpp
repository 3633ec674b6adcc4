// SPDX-License-Identifier: GPL-3.0-or-later
// What publishers are told: confirms, refusals, what came back.
#include "tests/engine/broker/broker_site.h"

#include <map>

namespace interleave::broker {
namespace {

using testing::ElementsAre;

class Confirms : public BrokerContract {
protected:
    /// Confirms of `count` publishes: their numbers, and whether they were accepted.
    static std::map<std::uint64_t, bool> awaitConfirms(Connection& connection, std::size_t count) {
        std::map<std::uint64_t, bool> said;
        while (said.size() < count) {
            const auto confirmed = await<Confirmed>(connection);
            if (!confirmed) {
                break;
            }
            std::uint64_t first = confirmed->sequence;
            while (confirmed->isMultiple && first > 1 && !said.contains(first - 1)) {
                --first;
            }
            for (std::uint64_t i = first; i <= confirmed->sequence; ++i) {
                EXPECT_TRUE(said.emplace(i, confirmed->isAccepted).second) << "twice: " << i;
            }
        }
        return said;
    }
};

TEST_P(Confirms, ComeOnceForEachPublish) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(publish(*connection, queue, "before")); // has no number
    ASSERT_TRUE(connection->enableConfirms());
    for (std::uint64_t i = 1; i <= 500; ++i) {
        const auto sequence = connection->publish({"", queue, {}, {}});
        ASSERT_TRUE(sequence);
        EXPECT_EQ(*sequence, i);
    }

    const auto said = awaitConfirms(*connection, 500);
    ASSERT_EQ(said.size(), 500u);
    EXPECT_EQ(said.begin()->first, 1u);
    EXPECT_EQ(said.rbegin()->first, 500u);
    for (const auto& [sequence, isAccepted] : said) {
        EXPECT_TRUE(isAccepted) << sequence;
    }
    EXPECT_EQ(connection->inspect(queue)->ready, 501u);
}

TEST_P(Confirms, SayNoWhereAFullQueueRefuses) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q", [](QueueSpec& spec) {
        spec.maxLength = 2;
        spec.overflow = Overflow::RejectPublish;
    });
    ASSERT_TRUE(connection->enableConfirms());
    for (const char* body : {"1", "2", "3"}) {
        ASSERT_TRUE(publish(*connection, queue, body));
    }

    EXPECT_THAT(
        awaitConfirms(*connection, 3),
        ElementsAre(testing::Pair(1, true), testing::Pair(2, true), testing::Pair(3, false)));
    EXPECT_THAT(drain(*connection, queue), ElementsAre("1", "2"));
}

TEST_P(Confirms, FollowTheReturnOfWhatNobodyWants) {
    const auto connection = connect();
    const std::string exchange = makeExchange(*connection, "lonely", routing::ExchangeKind::Direct);
    ASSERT_TRUE(connection->enableConfirms());
    Properties properties;
    properties.messageId = "7";
    ASSERT_TRUE(publishTo(*connection, exchange, "key", "body", properties, true));

    const auto first = connection->next(kPatience);
    ASSERT_TRUE(first && *first);
    const Returned* returned = std::get_if<Returned>(&**first);
    ASSERT_NE(returned, nullptr);
    EXPECT_EQ(returned->exchange, exchange);
    EXPECT_EQ(returned->key, "key");
    EXPECT_EQ(returned->reason, "NO_ROUTE");
    EXPECT_EQ(returned->properties.messageId, "7");
    EXPECT_EQ(textOf(returned->body), "body");
    const auto confirmed = await<Confirmed>(*connection);
    ASSERT_TRUE(confirmed);
    EXPECT_TRUE(confirmed->isAccepted);
}

TEST_P(Confirms, ComeForWhatIsDroppedBecauseNobodyWantsIt) {
    const auto connection = connect();
    ASSERT_TRUE(connection->enableConfirms());
    ASSERT_TRUE(publishTo(*connection, "", queueNamed("nobody"), "body"));
    const auto confirmed = await<Confirmed>(*connection);
    ASSERT_TRUE(confirmed);
    EXPECT_TRUE(confirmed->isAccepted);
    EXPECT_TRUE(isSilent(*connection));
}

TEST_P(Confirms, GoOnAfterARefusal) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(connection->enableConfirms());
    ASSERT_TRUE(publish(*connection, queue, "1"));
    EXPECT_EQ(awaitConfirms(*connection, 1).size(), 1u);
    const auto refused = publishTo(*connection, exchangeNamed("nowhere"), "", "2");
    EXPECT_THAT(awaitRefusal(*connection, refused), testing::HasSubstr("NOT_FOUND"));

    const auto sequence = connection->publish({"", queue, {}, {}});
    ASSERT_TRUE(sequence);
    EXPECT_EQ(*sequence, 3u);
    const auto confirmed = await<Confirmed>(*connection);
    ASSERT_TRUE(confirmed);
    EXPECT_EQ(confirmed->sequence, 3u);
}

INSTANTIATE_CONTRACT(Confirms);

} // namespace
} // namespace interleave::broker
