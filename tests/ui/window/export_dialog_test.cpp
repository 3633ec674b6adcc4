// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_dialog.h"

#include "engine/storage/atomic_file.h"
#include "engine/storage/recording_file.h"
#include "tests/support/demo_recording.h"
#include "tests/support/patience.h"
#include "tests/ui/window/window_settings.h"
#include "ui/window/preview_view.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace interleave::ui {
namespace {

class ExportDialogTest : public ::testing::Test {
protected:
    ExportSubject subject() const {
        ExportSubject subject;
        subject.shown = recording;
        subject.compared = {recording, recording};
        subject.comparedFiles = {QStringLiteral("a.ilv"), QString()};
        subject.visible = {1'000'000, 30'000'000};
        subject.selected = TimeRange{2'000'000, 5'000'000};
        subject.suggestedFile = QStringLiteral("demo-threads-2026-11-23");
        return subject;
    }
    /// The combo box that has this entry; chosen.
    static void choose(ExportDialog& dialog, const QString& entry) {
        for (auto* box : dialog.findChildren<QComboBox*>()) {
            if (const int index = box->findText(entry); index >= 0) {
                box->setCurrentIndex(index);
                return;
            }
        }
        FAIL() << "nowhere to choose " << entry.toStdString();
    }
    static bool waitForPicture(ExportDialog& dialog) {
        QSignalSpy spy(&dialog.preview(), &PreviewView::painted);
        return spy.wait(kPatienceMs);
    }

    WindowSettings settings;
    QTemporaryDir folder;
    std::shared_ptr<const recording::Recording> recording = support::demoRecording();
};

TEST_F(ExportDialogTest, ThePreviewFollowsEverySetting) {
    ExportDialog dialog(subject());
    dialog.show();
    ASSERT_TRUE(waitForPicture(dialog));
    QImage before = dialog.preview().image();
    EXPECT_FALSE(before.isNull());
    for (const char* entry : {"Dark", "What is visible", "The selected range", "Workers",
                              "CPU utilisation", "Slide, 16:9", "A4 landscape"}) {
        choose(dialog, QString::fromLatin1(entry));
        ASSERT_TRUE(waitForPicture(dialog)) << entry;
        EXPECT_NE(before, dialog.preview().image()) << entry;
        before = dialog.preview().image();
    }
    EXPECT_NEAR(before.width() * 210.0 / 297.0, before.height(), 2) << "of the shape of the paper";
}

TEST_F(ExportDialogTest, TheCommandLineMakesTheSameBytes) {
    ExportSubject wanted = subject();
    wanted.shownFile = folder.filePath(QStringLiteral("my run.ilv"));
    wanted.hidden.set(static_cast<std::size_t>(State::Sleeping));
    ASSERT_TRUE(storage::writeRecording(*recording, wanted.shownFile.toStdString()).has_value());
    ExportDialog dialog(wanted);
    choose(dialog, QStringLiteral("SVG, vectors"));
    choose(dialog, QStringLiteral("Dark"));
    choose(dialog, QStringLiteral("The selected range"));
    choose(dialog, QStringLiteral("Column of a page, 84 mm"));
    QProcess shell;
    shell.setWorkingDirectory(folder.path());
    shell.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"), QStringLiteral("interleave() { '" PROGRAM "' \"$@\"; }; ") +
                                           dialog.commandLine()});
    ASSERT_TRUE(shell.waitForFinished(kPatienceMs));
    EXPECT_EQ(shell.exitCode(), 0) << shell.readAllStandardError().toStdString();
    const QString byWindow = folder.filePath(QStringLiteral("window.svg"));
    dialog.exportTo(byWindow);
    EXPECT_EQ(dialog.result(), QDialog::Accepted);
    const auto first = storage::readFile(byWindow.toStdString());
    const auto second = storage::readFile(
        folder.filePath(QStringLiteral("demo-threads-2026-11-23-gantt.svg")).toStdString());
    ASSERT_TRUE(first.has_value());
    ASSERT_TRUE(second.has_value()) << second.error().message;
    EXPECT_TRUE(*first == *second);
}

TEST_F(ExportDialogTest, SaysInOneSentenceWhyAFileCannotBeWritten) {
    ExportDialog dialog(subject());
    dialog.show();
    EXPECT_EQ(dialog.errorSentence(), QString());
    const QString place = folder.filePath(QStringLiteral("no/such/folder/a.png"));
    dialog.exportTo(place);
    EXPECT_TRUE(dialog.isVisible()) << "the choice is not lost";
    EXPECT_TRUE(dialog.errorSentence().contains(place)) << dialog.errorSentence().toStdString();
    EXPECT_TRUE(dialog.errorSentence().endsWith(QLatin1Char('.')));
    dialog.exportTo(QStringLiteral("/proc/a.png"));
    EXPECT_TRUE(dialog.errorSentence().contains(QStringLiteral("/proc/a.png")));
    EXPECT_FALSE(QFileInfo::exists(place));
    dialog.exportTo(folder.filePath(QStringLiteral("good.png")));
    EXPECT_FALSE(dialog.isVisible());
}

TEST_F(ExportDialogTest, AFullDiskLeavesNothingBehind) {
    const QString full = QStringLiteral("/dev/full");
    if (!QFileInfo::exists(full)) {
        GTEST_SKIP() << "no /dev/full";
    }
    ExportDialog dialog(subject());
    dialog.exportTo(full); // a device is refused, and never replaced by a picture
    EXPECT_FALSE(dialog.errorSentence().isEmpty());
    struct stat status {};
    ASSERT_EQ(::stat("/dev/full", &status), 0);
    EXPECT_TRUE(S_ISCHR(status.st_mode));
}

TEST_F(ExportDialogTest, RemembersTheLastChoiceOfEachFormat) {
    {
        ExportDialog dialog(subject());
        choose(dialog, QStringLiteral("PNG, pixels"));
        choose(dialog, QStringLiteral("Dark"));
        choose(dialog, QStringLiteral("Full HD, 16:9"));
        dialog.exportTo(folder.filePath(QStringLiteral("a.png")));
    }
    {
        ExportDialog dialog(subject());
        EXPECT_EQ(dialog.request().theme, ThemeKind::Dark);
        EXPECT_EQ(dialog.request().size, QSizeF(1920, 1080));
        choose(dialog, QStringLiteral("PDF, vectors"));
        EXPECT_EQ(dialog.request().theme, ThemeKind::Print) << "for paper, if not said otherwise";
        choose(dialog, QStringLiteral("A4 landscape"));
        dialog.exportTo(folder.filePath(QStringLiteral("a.pdf")));
    }
    ExportDialog dialog(subject());
    EXPECT_EQ(dialog.request().format, ExportFormat::Pdf);
    EXPECT_EQ(dialog.request().size, sizeFromMm(297, 210));
    choose(dialog, QStringLiteral("PNG, pixels"));
    EXPECT_EQ(dialog.request().theme, ThemeKind::Dark);
    EXPECT_EQ(dialog.request().size, QSizeF(1920, 1080));
}

TEST_F(ExportDialogTest, ComparesThoseThatAreThere) {
    ExportDialog dialog(subject());
    choose(dialog, QStringLiteral("Compare"));
    EXPECT_EQ(dialog.recordings().size(), 2u);
    EXPECT_EQ(
        dialog.recordingFiles(),
        QStringList({QStringLiteral("a.ilv"), QStringLiteral("demo-threads-2026-11-23-2.ilv")}));
    EXPECT_FALSE(dialog.request().range.has_value());
    ASSERT_TRUE(waitForPicture(dialog));
}

} // namespace
} // namespace interleave::ui
