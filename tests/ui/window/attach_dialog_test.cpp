// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/attach_dialog.h"

#include "tests/ui/window/window_settings.h"

#include <QLineEdit>
#include <QSettings>

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class AttachDialogTest : public ::testing::Test {
protected:
    static QLineEdit& field(const AttachDialog& dialog, const char* name) {
        return *dialog.findChild<QLineEdit*>(QLatin1String(name));
    }

    WindowSettings m_settings;
};

TEST_F(AttachDialogTest, PasswordOfAPastedUrlIsTakenOutOfSight) {
    AttachDialog dialog;
    field(dialog, "url").setText(QStringLiteral("amqp://me:s3cret@broker:5673/shop"));
    EXPECT_EQ(field(dialog, "url").text(), QStringLiteral("amqp://me@broker:5673/shop"));
    EXPECT_EQ(field(dialog, "password").echoMode(), QLineEdit::Password);
    EXPECT_EQ(dialog.setup().broker, QStringLiteral("amqp://me:s3cret@broker:5673/shop"));
    EXPECT_EQ(dialog.commandLine(),
              QStringLiteral("interleave attach celery --broker amqp://me@broker:5673/shop"));
}

TEST_F(AttachDialogTest, UrlIsRememberedWithoutThePassword) {
    {
        AttachDialog dialog;
        field(dialog, "url").setText(QStringLiteral("amqp://me:s3cret@broker//"));
        dialog.accept();
        ASSERT_EQ(dialog.result(), QDialog::Accepted);
    }
    const QSettings settings;
    for (const QString& key : settings.allKeys()) {
        EXPECT_FALSE(settings.value(key).toString().contains(QStringLiteral("s3cret")))
            << key.toStdString();
    }
    const AttachDialog again;
    EXPECT_EQ(field(again, "url").text(), QStringLiteral("amqp://me@broker//"));
    EXPECT_TRUE(field(again, "password").text().isEmpty());
}

TEST_F(AttachDialogTest, PasswordWithSignsOfItsOwnReachesTheBrokerWhole) {
    AttachDialog dialog;
    field(dialog, "url").setText(QStringLiteral("amqp://me@broker/shop"));
    field(dialog, "password").setText(QStringLiteral("a@b/c:d"));
    EXPECT_EQ(dialog.setup().broker, QStringLiteral("amqp://me:a%40b%2Fc%3Ad@broker/shop"));
}

TEST_F(AttachDialogTest, SaysWhatIsWrongWithAUrl) {
    AttachDialog dialog;
    for (const char* const text : {"", "localhost", "http://localhost", "amqp://"}) {
        field(dialog, "url").setText(QLatin1String(text));
        EXPECT_FALSE(dialog.problem().isEmpty()) << text;
        dialog.accept();
        EXPECT_NE(dialog.result(), QDialog::Accepted);
    }
}

} // namespace
} // namespace interleave::ui
