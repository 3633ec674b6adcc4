// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/run_process.h"

#include "tests/support/patience.h"
#include "tests/ui/session/fake_program.h"

#include <QFile>
#include <QFileInfo>
#include <QTest>
#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <optional>

namespace interleave::ui {
namespace {

RunSetup setupOfTests() {
    RunSetup setup;
    setup.scenario = QStringLiteral("ten-dishes");
    setup.model = QStringLiteral("threads");
    return setup;
}

/// Starts the script and waits for the end of the run.
struct WatchedRun {
    explicit WatchedRun(const QString& script, const RunSetup& setup = setupOfTests())
        : program(script)
        , process(program.path(), setup) {
        QObject::connect(&process, &RunProcess::finished, &process, [this](const RunResult& ended) {
            result = ended;
            ++endings;
        });
    }
    RunResult& wait() {
        EXPECT_TRUE(QTest::qWaitFor([this] { return endings > 0; }, kPatienceMs));
        return result;
    }
    bool waitForFile(const QString& name) {
        return QTest::qWaitFor([&] { return QFileInfo::exists(program.filePath(name)); },
                               kPatienceMs);
    }

    FakeProgram program;
    RunProcess process;
    RunResult result;
    int endings = 0;
};

TEST(RunProcess, HandsOverTheRecordingThatTheRunnerLeaves) {
    WatchedRun run(QStringLiteral("cp $RECORDING $OUT"));
    run.process.start();
    EXPECT_EQ(run.wait().outcome, RunResult::Outcome::Done) << run.result.message.toStdString();
    ASSERT_NE(run.result.recording, nullptr);
    EXPECT_EQ(run.result.recording->tasks.size(), 2u);
    EXPECT_EQ(run.result.message, QString());
    EXPECT_FALSE(run.process.isRunning());
}

TEST(RunProcess, RemovesTheFolderWithTheResult) {
    WatchedRun run(QStringLiteral("echo $SESSION > $FOLDER/session; cp $RECORDING $OUT"));
    run.process.start();
    run.wait();
    const QString session = run.program.read(QStringLiteral("session"));
    ASSERT_FALSE(session.isEmpty());
    EXPECT_TRUE(QFileInfo::exists(QFileInfo(session).path() + QStringLiteral("/run.ilv")))
        << "what is not saved must outlive a killed window";
    run.result = {};
    EXPECT_FALSE(QFileInfo::exists(QFileInfo(session).path()));
}

TEST(RunProcess, KeepsNoFolderOfARunThatLeftNothing) {
    WatchedRun run(QStringLiteral("echo $SESSION > $FOLDER/session; exit 2"));
    run.process.start();
    run.wait();
    EXPECT_EQ(run.result.folder, nullptr);
    const QString session = run.program.read(QStringLiteral("session"));
    EXPECT_FALSE(QFileInfo::exists(QFileInfo(session).path()));
}

TEST(RunProcess, ShowsTheSentenceOfARunnerThatRefuses) {
    WatchedRun run(QStringLiteral("echo 'interleave: dish.toml:3:1: unknown key' >&2; exit 2"));
    run.process.start();
    EXPECT_EQ(run.wait().outcome, RunResult::Outcome::Failed);
    EXPECT_EQ(run.result.message, QStringLiteral("dish.toml:3:1: unknown key"));
    EXPECT_EQ(run.result.recording, nullptr);
}

TEST(RunProcess, NeverFailsWithoutASentence) {
    for (const int code : {1, 2, 3, 77}) {
        EXPECT_FALSE(failureMessage(code, QProcess::NormalExit, QString()).isEmpty()) << code;
    }
    EXPECT_EQ(failureMessage(0, QProcess::NormalExit, QStringLiteral("a note")), QString());
}

TEST(RunProcess, SaysWhichSignalKilledTheRunner) {
    WatchedRun run(QStringLiteral("kill -SEGV $$"));
    run.process.start();
    EXPECT_EQ(run.wait().outcome, RunResult::Outcome::Failed);
    EXPECT_TRUE(run.result.message.contains(QString::fromLocal8Bit(strsignal(SIGSEGV))))
        << run.result.message.toStdString();
}

TEST(RunProcess, FailsWhereTheProgramIsMissing) {
    RunProcess process(QStringLiteral("/nonexistent/interleave"), setupOfTests());
    std::optional<RunResult> result;
    QObject::connect(&process, &RunProcess::finished, &process,
                     [&](const RunResult& ended) { result = ended; });
    process.start();
    ASSERT_TRUE(QTest::qWaitFor([&] { return result.has_value(); }, kPatienceMs));
    EXPECT_EQ(result->outcome, RunResult::Outcome::Failed);
    EXPECT_TRUE(result->message.contains(QStringLiteral("/nonexistent/interleave")));
}

TEST(RunProcess, StopsTheRunnerByInterruptAndKeepsItsRecording) {
    WatchedRun run(QStringLiteral("trap 'cp $RECORDING $OUT; exit 0' INT\n"
                                  "touch $FOLDER/ready\n"
                                  "while :; do sleep 0.02; done"));
    run.process.start();
    ASSERT_TRUE(run.waitForFile(QStringLiteral("ready")));
    run.process.stop();
    EXPECT_EQ(run.wait().outcome, RunResult::Outcome::Stopped);
    EXPECT_NE(run.result.recording, nullptr);
}

TEST(RunProcess, KillsARunnerThatWillNotStopAndWhatItStarted) {
    WatchedRun run(QStringLiteral("trap '' INT\n"
                                  "sleep 600 & echo $! > $FOLDER/child.new\n"
                                  "mv $FOLDER/child.new $FOLDER/child\n"
                                  "wait; wait; sleep 600"));
    run.process.start();
    ASSERT_TRUE(run.waitForFile(QStringLiteral("child")));
    run.process.stop();
    EXPECT_EQ(run.wait().outcome, RunResult::Outcome::Stopped);
    const int child = run.program.read(QStringLiteral("child")).toInt();
    ASSERT_GT(child, 0);
    EXPECT_TRUE(QTest::qWaitFor(
        [child] {
            QFile stat(QStringLiteral("/proc/%1/stat").arg(child));
            return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
        },
        kPatienceMs));
}

TEST(RunProcess, EndsTheRunnerWhenItGoes) {
    FakeProgram program(QStringLiteral("echo $$ > $FOLDER/pid.new\n"
                                       "mv $FOLDER/pid.new $FOLDER/pid\n"
                                       "exec sleep 600"));
    {
        RunProcess process(program.path(), setupOfTests());
        process.start();
        ASSERT_TRUE(QTest::qWaitFor(
            [&] { return QFileInfo::exists(program.filePath(QStringLiteral("pid"))); },
            kPatienceMs));
    }
    const int pid = program.read(QStringLiteral("pid")).toInt();
    ASSERT_GT(pid, 0);
    EXPECT_NE(::kill(pid, 0), 0);
}

RunSetup recordedServer() {
    ProgramSetup setup;
    setup.command = {QStringLiteral("server"), QStringLiteral("a b")};
    setup.folder = QStringLiteral("/usr");
    setup.seconds = 2.5;
    return setupFor(setup);
}

TEST(RunProcess, RecordsAProgramInItsFolder) {
    WatchedRun run(QStringLiteral("pwd > $FOLDER/place; cp $RECORDING $OUT"), recordedServer());
    run.process.start();
    run.wait();
    EXPECT_EQ(run.result.outcome, RunResult::Outcome::Done);
    EXPECT_EQ(run.program.read(QStringLiteral("place")), QStringLiteral("/usr"));
    EXPECT_TRUE(
        run.program.arguments().startsWith(QStringLiteral("record -q --duration 2.5 --session ")));
    EXPECT_TRUE(run.program.arguments().endsWith(QStringLiteral("-- server a b")));
}

TEST(RunProcess, AProgramThatEndsWithAnErrorIsARecordingAllTheSame) {
    WatchedRun run(QStringLiteral("cp $RECORDING $OUT; kill -SEGV $$"), recordedServer());
    run.process.start();
    run.wait();
    EXPECT_EQ(run.result.outcome, RunResult::Outcome::Done) << run.result.message.toStdString();
    EXPECT_NE(run.result.recording, nullptr);
}

TEST(RunProcess, SaysWhyAProgramCouldNotBeRecorded) {
    WatchedRun run(
        QStringLiteral("echo 'interleave: server: there is no such command.' >&2; exit 2"),
        recordedServer());
    run.process.start();
    run.wait();
    EXPECT_EQ(run.result.outcome, RunResult::Outcome::Failed);
    EXPECT_EQ(run.result.message, QStringLiteral("server: there is no such command."));
}

} // namespace
} // namespace interleave::ui
