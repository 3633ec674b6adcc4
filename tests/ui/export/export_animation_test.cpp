// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_animation.h"

#include "engine/storage/atomic_file.h"
#include "engine/storage/recording_file.h"
#include "tests/support/busy_kitchen.h"

#include <QProcess>
#include <QTemporaryDir>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

using ::testing::HasSubstr;

std::size_t countOf(const std::string& bytes, std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = bytes.find(word); at != bytes.npos; at = bytes.find(word, at + 4)) {
        ++count;
    }
    return count;
}

class AnimationTest : public ::testing::Test {
protected:
    AnimationRequest request() const {
        AnimationRequest request;
        request.picture.view = ExportView::Kitchen;
        request.picture.size = QSizeF(320, 240);
        request.picture.range = TimeRange{20'000'000, 60'000'000};
        request.picture.output = folder.filePath(QStringLiteral("out.webp")).toStdString();
        request.speed = 0.1; // 0.4 s
        request.framesPerSecond = 10;
        return request;
    }
    std::string errorOf(const AnimationRequest& wanted) const {
        const auto written = exportAnimation({&recording, 1}, wanted);
        return written ? std::string() : written.error().message;
    }

    QTemporaryDir folder;
    std::shared_ptr<const recording::Recording> recording = support::busyKitchen({1, 4, 12, true});
};

TEST_F(AnimationTest, HasAPictureForEachPartOfTheRange) {
    ASSERT_EQ(errorOf(request()), "");
    const std::string bytes = *storage::readFile(request().picture.output);
    EXPECT_TRUE(bytes.starts_with("RIFF"));
    EXPECT_EQ(bytes.substr(8, 4), "WEBP");
    EXPECT_EQ(countOf(bytes, "ANIM"), 1U);
    EXPECT_EQ(countOf(bytes, "ANMF"), 4U);
    ASSERT_EQ(errorOf(request()), "");
    EXPECT_EQ(*storage::readFile(request().picture.output), bytes) << "each time the same";
}

TEST_F(AnimationTest, TakesTheWholeRunInAboutTenSecondsUnlessItIsTold) {
    AnimationRequest wanted = request();
    wanted.picture.range.reset();
    wanted.speed.reset();
    wanted.framesPerSecond = 1;
    ASSERT_EQ(errorOf(wanted), "");
    const std::size_t frames = countOf(*storage::readFile(wanted.picture.output), "ANMF");
    EXPECT_GE(frames, 8U);
    EXPECT_LE(frames, 12U);
}

TEST_F(AnimationTest, RefusesWhatCannotBeAFilmAndWritesNothing) {
    AnimationRequest wanted = request();
    wanted.picture.view = ExportView::Gantt;
    EXPECT_THAT(errorOf(wanted), HasSubstr("--view kitchen"));
    wanted = request();
    wanted.framesPerSecond = 0;
    EXPECT_THAT(errorOf(wanted), HasSubstr("1 to 60"));
    wanted = request();
    wanted.speed = 0.001;
    wanted.framesPerSecond = 60;
    EXPECT_THAT(errorOf(wanted), HasSubstr("at most 1800"));
    wanted = request();
    wanted.picture.range = TimeRange{900'000'000, 901'000'000};
    EXPECT_THAT(errorOf(wanted), HasSubstr("nothing to play"));
    EXPECT_FALSE(std::filesystem::exists(wanted.picture.output));
}

TEST(ReplaySpeedOption, IsAShareOrANumber) {
    EXPECT_DOUBLE_EQ(*replaySpeedFrom("1/50"), 0.02);
    EXPECT_DOUBLE_EQ(*replaySpeedFrom("0.5"), 0.5);
    EXPECT_DOUBLE_EQ(*replaySpeedFrom("10"), 10);
    for (const char* bad : {"", "1/0", "fast", "0", "11", "1/2000", "-1", "nan", "1/2x"}) {
        EXPECT_FALSE(replaySpeedFrom(bad)) << bad;
    }
}

TEST_F(AnimationTest, IsMadeFromTheCommandLine) {
    const QString file = folder.filePath(QStringLiteral("run.ilv"));
    ASSERT_TRUE(storage::writeRecording(*recording, file.toStdString()));
    const auto run = [&](const QStringList& arguments) {
        QProcess process;
        process.start(QStringLiteral(PROGRAM),
                      QStringList{QStringLiteral("export"), file} + arguments);
        EXPECT_TRUE(process.waitForFinished(60'000));
        return std::pair(process.exitCode(), process.readAllStandardError().toStdString());
    };
    const QString film = folder.filePath(QStringLiteral("film.webp"));
    EXPECT_EQ(run({"-o", film, "--view", "kitchen", "--from", "20 ms", "--to", "30 ms", "--speed",
                   "1/50", "--fps", "4", "--size", "300x200"})
                  .first,
              0);
    EXPECT_EQ(countOf(*storage::readFile(film.toStdString()), "ANMF"), 2U);
    const auto [code, error] = run({"-o", film, "--view", "kitchen", "--speed", "soon"});
    EXPECT_EQ(code, 2);
    EXPECT_THAT(error, HasSubstr("--speed: 'soon'"));
    const QString png = folder.filePath(QStringLiteral("still.png"));
    EXPECT_EQ(run({"-o", png, "--view", "kitchen", "--at", "20 ms"}).first, 0);
    EXPECT_TRUE(QFile::exists(png));
}

} // namespace
} // namespace interleave::ui
