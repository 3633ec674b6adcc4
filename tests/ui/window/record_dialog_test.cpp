// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/record_dialog.h"

#include "tests/ui/window/window_settings.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class RecordDialogTest : public ::testing::Test {
protected:
    static QLineEdit& command(const RecordDialog& dialog) {
        return *dialog.findChild<QLineEdit*>(QStringLiteral("command"));
    }
    static bool canRecord(const RecordDialog& dialog) {
        for (const QPushButton* button : dialog.findChildren<QPushButton*>()) {
            if (button->isDefault()) {
                return button->isEnabled();
            }
        }
        return false;
    }

    WindowSettings m_settings;
};

TEST_F(RecordDialogTest, ShowsTheCommandLineThatRecordsTheSame) {
    RecordDialog dialog;
    command(dialog).setText(QStringLiteral("sh -c 'echo \"two words\"'"));
    EXPECT_EQ(dialog.commandLine(),
              QStringLiteral("interleave record -- sh -c 'echo \"two words\"'"));
    EXPECT_EQ(dialog.setup().command, (QStringList{QStringLiteral("sh"), QStringLiteral("-c"),
                                                   QStringLiteral("echo \"two words\"")}));
    for (QCheckBox* box : dialog.findChildren<QCheckBox*>()) {
        box->toggle();
    }
    EXPECT_EQ(dialog.commandLine(),
              QStringLiteral("interleave record --duration 10 --limit 500 "
                             "--no-gil --locks -- sh -c 'echo \"two words\"'"));
}

TEST_F(RecordDialogTest, SaysWhatIsWrongWithACommandBeforeItIsStarted) {
    RecordDialog dialog;
    EXPECT_FALSE(canRecord(dialog)) << "nothing is written yet";
    command(dialog).setText(QStringLiteral("no-such-command x"));
    EXPECT_TRUE(dialog.problem().startsWith(QStringLiteral("no-such-command: ")));
    EXPECT_FALSE(canRecord(dialog));
    command(dialog).setText(QStringLiteral("sh -c 'open"));
    EXPECT_TRUE(dialog.problem().contains(QStringLiteral("closing")));
    command(dialog).setText(QStringLiteral("sh -c true"));
    EXPECT_EQ(dialog.problem(), QString());
    EXPECT_TRUE(canRecord(dialog));
    EXPECT_EQ(dialog.findChild<QLabel*>(QStringLiteral("problem"))->text(), QString());
}

TEST_F(RecordDialogTest, RemembersWhatWasRecordedLast) {
    {
        RecordDialog dialog;
        command(dialog).setText(QStringLiteral("sh -c true"));
        dialog.accept();
        EXPECT_EQ(dialog.result(), static_cast<int>(QDialog::Accepted));
    }
    EXPECT_EQ(command(RecordDialog()).text(), QStringLiteral("sh -c true"));
}

} // namespace
} // namespace interleave::ui
