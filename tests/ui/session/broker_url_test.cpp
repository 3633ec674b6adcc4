// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/broker_url.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

struct Taken {
    const char* typed;
    const char* left;
    const char* password;
};

TEST(BrokerUrl, ThePasswordIsTakenOutAsSoonAsItCanBeTold) {
    for (const Taken& each : {
             Taken{"amqp://ann:s3cret@host:5672/v", "amqp://ann@host:5672/v", "s3cret"},
             Taken{"amqp://ann:p%40ss@host/", "amqp://ann@host/", "p@ss"},
             Taken{"redis://:s3cret@host:6379/0", "redis://@host:6379/0", "s3cret"},
             Taken{"amqp://ann:@host", "amqp://ann@host", ""},
             Taken{"amqp://ann:s3cr", "amqp://ann:s3cr", ""}, // no host yet
             Taken{"amqp://host:5672/", "amqp://host:5672/", ""},
             Taken{"amqp://host:5672/a@b", "amqp://host:5672/a@b", ""},
             Taken{"ann:s3cret@host", "ann:s3cret@host", ""},
         }) {
        QString url = QString::fromLatin1(each.typed);
        EXPECT_EQ(takePassword(url), QString::fromLatin1(each.password)) << each.typed;
        EXPECT_EQ(url, QString::fromLatin1(each.left));
    }
}

TEST(BrokerUrl, WhatWasTakenOutComesBackAsItWas) {
    for (const char* password : {"s3cret", "p@ss:w/rd", "%41", "ä"}) {
        QString url = withPassword(QStringLiteral("amqp://ann@host/v"), password);
        EXPECT_EQ(takePassword(url), QString::fromUtf8(password));
        EXPECT_EQ(url, QStringLiteral("amqp://ann@host/v"));
    }
    EXPECT_EQ(withPassword(QStringLiteral("amqp://host/"), QStringLiteral("x")),
              QStringLiteral("amqp://host/"));
}

} // namespace
} // namespace interleave::ui
