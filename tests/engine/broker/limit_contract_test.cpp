// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest and the largest.
#include "engine/broker/refusal.h"
#include "tests/engine/broker/broker_site.h"

#include <cstring>

namespace interleave::broker {
namespace {

class Limits : public BrokerContract {};

TEST_P(Limits, ABodyMayBeEmpty) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(publish(*connection, queue, ""));
    ASSERT_TRUE(connection->consume(queue, {}));
    const auto delivery = await<Delivery>(*connection);
    ASSERT_TRUE(delivery);
    EXPECT_TRUE(delivery->body.empty());
}

TEST_P(Limits, ABodyMayHave128MegabytesAndNoMore) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    std::vector<std::byte> body(kMaxBodyBytes);
    for (std::size_t i = 0; i < body.size(); i += 4099) {
        body[i] = static_cast<std::byte>(i >> 12);
    }
    ASSERT_TRUE(connection->consume(queue, {}));
    ASSERT_TRUE(connection->publish({"", queue, {}, body}));
    const auto delivery = await<Delivery>(*connection);
    ASSERT_TRUE(delivery);
    EXPECT_TRUE(delivery->body == body); // too large to print

    body.push_back({});
    const auto published = connection->publish({"", queue, {}, body});
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().message,
              "A message of 134217729 bytes is too long; brokers take 134217728 at most.");
    EXPECT_TRUE(connection->inspect(queue));
}

TEST_P(Limits, TenThousandMessagesKeepTheirOrder) {
    const auto connection = connect();
    const std::string queue = makeQueue(*connection, "q");
    ASSERT_TRUE(connection->setPrefetch(100));
    ASSERT_TRUE(connection->consume(queue, {}));
    constexpr std::uint32_t kCount = 10'000;
    for (std::uint32_t i = 0; i < kCount; ++i) {
        ASSERT_TRUE(connection->publish({"", queue, {}, std::as_bytes(std::span(&i, 1))}));
    }
    for (std::uint32_t i = 0; i < kCount; ++i) {
        const auto delivery = await<Delivery>(*connection);
        ASSERT_TRUE(delivery) << i;
        std::uint32_t number = 0;
        ASSERT_EQ(delivery->body.size(), sizeof number);
        std::memcpy(&number, delivery->body.data(), sizeof number);
        ASSERT_EQ(number, i);
        ASSERT_TRUE(connection->ack(delivery->tag));
    }
}

INSTANTIATE_CONTRACT(Limits);

} // namespace
} // namespace interleave::broker
