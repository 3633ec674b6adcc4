// SPDX-License-Identifier: GPL-3.0-or-later
// Opening other programs' traces: told by content, with a first picture, progress and Cancel.
#include "ui/window/file_opener.h"

#include "engine/scenario/scenario.h"
#include "tests/benchmarks/chrome_trace_generator.h"
#include "tests/support/patience.h"
#include "ui/window/opening_bar.h"

#include <QFile>
#include <QProgressBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

#include <string_view>

namespace interleave::ui {
namespace {

class Opening : public ::testing::Test {
protected:
    QString write(const char* name, std::string_view text) {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        EXPECT_EQ(file.write(text.data(), static_cast<qint64>(text.size())),
                  static_cast<qint64>(text.size()));
        return path;
    }
    /// Long enough for a first picture.
    QString writeLong() {
        chrome_trace::TraceGenerator generator;
        return write("long.json", generator.next(800'000, true));
    }
    bool waitUntilIdle() {
        return QTest::qWaitFor([&] { return !opener.isBusy(); }, kPatienceMs);
    }

    FileOpener opener;
    QSignalSpy recordings{&opener, &FileOpener::recordingOpened};
    QSignalSpy pictures{&opener, &FileOpener::pictureOpened};
    QSignalSpy withdrawn{&opener, &FileOpener::pictureWithdrawn};
    QSignalSpy failures{&opener, &FileOpener::failed};

private:
    QTemporaryDir m_folder;
};

TEST_F(Opening, ATraceIsToldByItsContent) {
    const std::string_view trace = R"([{"name":"a","ph":"X","ts":1,"dur":2,"pid":1,"tid":1}])";
    for (const char* name : {"trace.json", "trace.txt", "trace", "trace.ilv"}) {
        recordings.clear();
        opener.open(write(name, trace));
        ASSERT_TRUE(waitUntilIdle());
        ASSERT_EQ(recordings.size(), 1) << name;
        const auto recording = recordings[0][1].value<RecordingPtr>();
        EXPECT_EQ(recording->tracks.at(0).spans.size(), 1u);
    }
    EXPECT_TRUE(failures.isEmpty());
}

TEST_F(Opening, AScenarioThatBeginsWithABracketIsNoTrace) {
    opener.open(write("some.toml", "[run]\nworkers = \"many\"\n"));
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures[0][0].toString().contains(QLatin1String("some.toml:")));
}

TEST_F(Opening, AFileThatIsNoTraceIsASentence) {
    opener.open(write("other.json", "{\"a\":1}"));
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures[0][0].toString().contains(QLatin1String("traceEvents")));
}

TEST_F(Opening, ALongTraceHasAPictureBeforeItsEnd) {
    const QString file = writeLong();
    opener.open(file);
    EXPECT_TRUE(opener.progress().has_value());
    EXPECT_EQ(opener.progress()->file, file);
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(pictures.size(), 1);
    ASSERT_EQ(recordings.size(), 1);
    EXPECT_EQ(pictures[0][0], recordings[0][0]);
    const auto picture = pictures[0][1].value<RecordingPtr>();
    const auto whole = recordings[0][1].value<RecordingPtr>();
    EXPECT_TRUE(picture->isLive);
    EXPECT_FALSE(whole->isLive);
    EXPECT_GT(picture->tracks.at(0).spans.size(), 100u);
    EXPECT_LT(picture->tracks.at(0).spans.size(), whole->tracks.at(0).spans.size());
    EXPECT_FALSE(opener.progress().has_value());
}

TEST_F(Opening, CancelEndsItWithoutAWord) {
    opener.open(writeLong());
    opener.cancel();
    EXPECT_FALSE(opener.progress().has_value());
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_TRUE(recordings.isEmpty());
    EXPECT_TRUE(failures.isEmpty());
}

TEST_F(Opening, CancelTakesThePictureBack) {
    QObject::connect(&opener, &FileOpener::pictureOpened, &opener, [&] { opener.cancel(); });
    opener.open(writeLong());
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(pictures.size(), 1);
    EXPECT_TRUE(recordings.isEmpty());
    EXPECT_EQ(withdrawn.size(), 1);
}

TEST_F(Opening, TheBarShowsItselfAndItsButtonCancels) {
    OpeningBar bar(opener);
    bool wasSeen = false;
    int percent = -1;
    opener.open(writeLong());
    EXPECT_TRUE(QTest::qWaitFor(
        [&] {
            if (bar.isVisible() && !wasSeen) {
                wasSeen = true;
                percent = bar.findChild<QProgressBar*>()->value();
                bar.findChild<QToolButton*>()->click();
                EXPECT_FALSE(bar.isVisible());
            }
            return !opener.isBusy();
        },
        kPatienceMs));
    EXPECT_FALSE(opener.isBusy());
    if (wasSeen) { // a machine that is quick enough needs no bar
        EXPECT_GE(percent, 0);
        EXPECT_LE(percent, 100);
    }
    EXPECT_FALSE(bar.isVisible());
}

} // namespace
} // namespace interleave::ui
