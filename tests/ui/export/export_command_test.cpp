// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_command.h"

#include "engine/storage/atomic_file.h"
#include "engine/storage/recording_file.h"
#include "tests/support/demo_recording.h"
#include "ui/export/export_view.h"

#include <QImage>
#include <QProcess>
#include <QTemporaryDir>

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

ExportRequest everythingUnusual(const QString& output) {
    ExportRequest request;
    request.view = ExportView::Gantt;
    request.range = TimeRange{1'234'567, 41'000'001};
    request.size = sizeFromMm(84, 60);
    request.scale = 300 / 96.0;
    request.theme = ThemeKind::Dark;
    request.grouping = Grouping::Worker;
    request.hidden.set(static_cast<std::size_t>(State::Sleeping));
    request.hasLegend = false;
    request.output = output.toStdString();
    return request;
}

TEST(ExportCommand, QuotesWhatAShellWouldTakeApart) {
    EXPECT_EQ(shellQuoted("run-1.ilv"), "run-1.ilv");
    EXPECT_EQ(shellQuoted("two words"), "'two words'");
    EXPECT_EQ(shellQuoted("it's"), "'it'\\''s'");
    EXPECT_EQ(shellQuoted("$HOME;`x`"), "'$HOME;`x`'");
    EXPECT_EQ(shellQuoted(""), "''");
}

TEST(ExportCommand, SaysOnlyWhatIsUnusual) {
    ExportRequest request;
    request.output = "a.png";
    EXPECT_EQ(exportCommandLine({"run.ilv"}, request),
              "interleave export run.ilv -o a.png --view=gantt");
    EXPECT_EQ(exportCommandLine({"-x.ilv"}, request),
              "interleave export ./-x.ilv -o a.png --view=gantt");
}

class ExportCommandRun : public ::testing::Test {
protected:
    /// Through a real shell, as a user would paste it.
    void run(const QString& commandLine) {
        QProcess shell;
        shell.setWorkingDirectory(folder.path());
        shell.start(QStringLiteral("/bin/sh"),
                    {QStringLiteral("-c"), QStringLiteral("interleave() { \"") +
                                               QStringLiteral(PROGRAM) +
                                               QStringLiteral("\" \"$@\"; }; ") + commandLine});
        ASSERT_TRUE(shell.waitForFinished(60'000));
        EXPECT_EQ(shell.exitCode(), 0) << shell.readAllStandardError().toStdString();
    }
    std::string bytesOf(const QString& name) const {
        return storage::readFile(folder.filePath(name).toStdString()).value_or("");
    }
    QString save(const QString& name) {
        const QString file = folder.filePath(name);
        EXPECT_TRUE(storage::writeRecording(*recording, file.toStdString()).has_value());
        return file;
    }

    QTemporaryDir folder;
    std::shared_ptr<const recording::Recording> recording = support::demoRecording();
};

TEST_F(ExportCommandRun, MakesTheSameBytes) {
    const QString file = save(QStringLiteral("ten dishes' run.ilv"));
    for (const ExportFormat format : {ExportFormat::Png, ExportFormat::Svg, ExportFormat::Pdf}) {
        const QString output = QStringLiteral("it's $HOME.") + nameOf(format);
        ExportRequest request = everythingUnusual(output);
        request.format = format;
        run(exportCommandLine({file}, request));
        const auto bytes = exportBytes({&recording, 1}, request);
        ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
        EXPECT_GT(bytes->size(), 1000);
        EXPECT_TRUE(bytesOf(output) == bytes->toStdString()) << output.toStdString();
    }
}

TEST_F(ExportCommandRun, ComparesSeveralRecordings) {
    const QStringList files{save(QStringLiteral("a.ilv")), save(QStringLiteral("b.ilv"))};
    ExportRequest request;
    request.view = ExportView::Compare;
    request.format = ExportFormat::Svg;
    request.output = "compare.svg";
    request.theme = ThemeKind::Print;
    run(exportCommandLine(files, request));
    const std::vector<std::shared_ptr<const recording::Recording>> both{recording, recording};
    EXPECT_TRUE(bytesOf(QStringLiteral("compare.svg")) ==
                exportBytes(both, request).value().toStdString());
}

TEST_F(ExportCommandRun, MakesASheetOfAComparison) {
    save(QStringLiteral("a.ilv"));
    save(QStringLiteral("b.ilv"));
    run(QStringLiteral("interleave compare a.ilv b.ilv -o sheet.svg && "
                       "interleave compare a.ilv b.ilv -o sheet.png"));
    const std::string sheet = bytesOf(QStringLiteral("sheet.svg"));
    for (const char* text : {"speed-up", "efficiency", "always busy", "critical path"}) {
        EXPECT_NE(sheet.find(text), std::string::npos) << text;
    }
    const QImage image(folder.filePath(QStringLiteral("sheet.png")));
    EXPECT_GE(image.width(), 1900); // as fine as a projector
}

} // namespace
} // namespace interleave::ui
