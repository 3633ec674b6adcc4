// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/broker_url.h"

#include "engine/broker/broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::broker {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(BrokerUrl, HasDefaultsForAllButTheHost) {
    const auto url = parseBrokerUrl("amqp://host");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "host");
    EXPECT_EQ(url->port, 5672);
    EXPECT_EQ(url->user, "guest");
    EXPECT_EQ(url->password, "guest");
    EXPECT_EQ(url->vhost, "/");
    EXPECT_EQ(url->text(), "amqp://host:5672/");
}

TEST(BrokerUrl, IsReadPartByPart) {
    const auto url = parseBrokerUrl("amqp://us%40er:p%3Aa:ss@[::1]:6000/a%2Fb");
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->port, 6000);
    EXPECT_EQ(url->user, "us@er");
    EXPECT_EQ(url->password, "p:a:ss");
    EXPECT_EQ(url->vhost, "a/b");
    EXPECT_EQ(url->text(), "amqp://[::1]:6000/a/b");
}

TEST(BrokerUrl, NamesAHeartbeat) {
    const auto url = parseBrokerUrl("amqp://u:p@host/v?heartbeat=20");
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->heartbeatSeconds, 20);
    EXPECT_EQ(url->vhost, "v");
    EXPECT_EQ(parseBrokerUrl("amqp://u:p@host/v")->heartbeatSeconds, 0);
}

TEST(BrokerUrl, ThatIsWrongIsAnErrorWithoutItsPassword) {
    for (const auto& [url, what] : {
             std::pair{"amqp://u:s3cret@", "no host"},
             std::pair{"amqp://u:s3cret@host:0", "port"},
             std::pair{"amqp://u:s3cret@host:65536", "port"},
             std::pair{"amqp://u:s3cret@host:x/", "port"},
             std::pair{"amqp://u:s3cret@[::1", "bracket"},
             std::pair{"amqp://u:s3cret%zz@host", "password"},
             std::pair{"amqp://u:s3cret@host/%2", "virtual host"},
             std::pair{"amqp://u:s3cret@host/v?frame_max=1", "options"},
             std::pair{"amqp://u:s3cret@host/v#heartbeat=1", "options"},
             std::pair{"amqp://u:s3cret@host/v?heartbeat=", "heartbeat"},
             std::pair{"amqp://u:s3cret@host/v?heartbeat=601", "heartbeat"},
             std::pair{"amqp://u:s3cret@host/v?heartbeat=2x", "heartbeat"},
             std::pair{"amqps://u:s3cret@host", "TLS"},
             std::pair{"redis://u:s3cret@host", "There is no broker"},
             std::pair{"u:s3cret@host", "There is no broker"},
         }) {
        const auto parsed = parseBrokerUrl(url);
        ASSERT_FALSE(parsed) << url;
        EXPECT_EQ(parsed.error().kind, ErrorKind::BadInput);
        EXPECT_THAT(parsed.error().message, HasSubstr(what));
        EXPECT_THAT(parsed.error().message, Not(HasSubstr("s3cret")));
        EXPECT_THAT(parsed.error().message, testing::EndsWith("."));
    }
}

TEST(BrokerUrl, IsShownWithoutItsPassword) {
    EXPECT_EQ(withoutPassword("amqp://u:p@host:1/v"), "amqp://u@host:1/v");
    EXPECT_EQ(withoutPassword("amqp://u:p/w@x@host/v"), "amqp://u@host/v");
    EXPECT_EQ(withoutPassword("amqp://host:1/v"), "amqp://host:1/v");
    EXPECT_EQ(withoutPassword("memory:@name"), "memory:@name");
    EXPECT_EQ(withoutPassword("memory"), "memory");
}

} // namespace
} // namespace interleave::broker
