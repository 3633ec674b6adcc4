// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/broker_field.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class Broker : public testing::Test {
protected:
    Broker() { field.show(); }

    BrokerField field;
    QLineEdit& address = *field.findChild<QLineEdit*>(QStringLiteral("broker"));
    QLineEdit& password = *field.findChild<QLineEdit*>(QStringLiteral("brokerPassword"));
};

TEST_F(Broker, IsOurOwnUnlessAnotherIsNamed) {
    EXPECT_EQ(field.address(), QStringLiteral("memory"));
    EXPECT_TRUE(field.isValid());
    EXPECT_FALSE(password.isVisible());
    QSignalSpy changed(&field, &BrokerField::changed);
    QTest::keyClicks(&address, QStringLiteral("amqp://localhost"));
    EXPECT_TRUE(field.isValid());
    EXPECT_TRUE(password.isVisible());
    EXPECT_GT(changed.count(), 0);
}

TEST_F(Broker, HidesAPasswordThatIsTypedOrPasted) {
    QTest::keyClicks(&address, QStringLiteral("amqp://ann:s3cret@host:5672/v"));
    EXPECT_EQ(address.text(), QStringLiteral("amqp://ann@host:5672/v"));
    EXPECT_EQ(field.password(), QStringLiteral("s3cret"));
    EXPECT_EQ(password.echoMode(), QLineEdit::Password);
    EXPECT_FALSE(password.displayText().contains(QStringLiteral("s3cret")));
    address.setText(QStringLiteral("amqp://bob:p%40ss@other/"));
    EXPECT_EQ(field.address(), QStringLiteral("amqp://bob@other/"));
    EXPECT_EQ(field.password(), QStringLiteral("p@ss"));
    // A port is no password.
    address.setText(QStringLiteral("amqp://ann@host:5672/"));
    EXPECT_EQ(field.address(), QStringLiteral("amqp://ann@host:5672/"));
}

TEST_F(Broker, SaysWhatAnAddressLooksLike) {
    for (const char* wrong : {"rabbit", "amqp://", "http://host/", "amqp//host"}) {
        address.setText(QString::fromLatin1(wrong));
        EXPECT_FALSE(field.isValid()) << wrong;
        EXPECT_TRUE(field.errorText().contains(QStringLiteral("amqp://guest@localhost:5672/")));
    }
    address.clear();
    EXPECT_TRUE(field.isValid());
}

TEST_F(Broker, IsAskedForWhereTheModelNeedsARealOne) {
    field.setNeed(QStringLiteral("amqp"));
    EXPECT_FALSE(field.isValid());
    EXPECT_TRUE(field.errorText().contains(QStringLiteral("packaging/broker start")));
    address.setText(QStringLiteral("amqp://ann:s3cret@host/"));
    EXPECT_TRUE(field.isValid());
    // Of Redis there is another one; each is there again when it is needed.
    field.setNeed(QStringLiteral("redis"));
    EXPECT_TRUE(address.text().isEmpty());
    EXPECT_TRUE(password.text().isEmpty());
    EXPECT_TRUE(field.errorText().contains(QStringLiteral("redis://localhost:6379/0")));
    address.setText(QStringLiteral("amqp://host/"));
    EXPECT_FALSE(field.isValid());
    address.setText(QStringLiteral("redis://host:6379/1"));
    EXPECT_TRUE(field.isValid());
    EXPECT_EQ(field.brokerFor(QStringLiteral("amqp")).password, QStringLiteral("s3cret"));
    field.setNeed({});
    EXPECT_EQ(field.address(), QStringLiteral("amqp://ann@host/"));
    EXPECT_EQ(field.password(), QStringLiteral("s3cret"));
    EXPECT_EQ(field.brokerFor(QStringLiteral("redis")).address,
              QStringLiteral("redis://host:6379/1"));
}

} // namespace
} // namespace interleave::ui
