// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the real program, held by a process that is killed, and recovered by this one.
#include "ui/session/session_recovery.h"

#include "engine/storage/recording_file.h"
#include "tests/support/patience.h"
#include "tests/support/recording_sketch.h"
#include "ui/session/process_life.h"

#include <QProcess>
#include <QTemporaryDir>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace interleave::ui {
namespace {

using ::testing::HasSubstr;

const char* const kLongScenario = R"(name = "Long dishes"
[run]
workers = 2
[[task]]
name = "quick"
count = 20
steps = [ { compute = "1 ms" } ]
[[task]]
name = "long"
steps = [ { sleep = "100 s" } ]
)";
const char* const kShortScenario = R"(name = "Short dishes"
[[task]]
name = "quick"
count = 2
steps = [ { compute = "1 ms" } ]
)";

/// A process that need not be our child.
class Process {
public:
    explicit Process(pid_t pid)
        : m_pid(pid)
        , m_fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
    ~Process() { ::close(m_fd); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void send(int signal) const { ::kill(m_pid, signal); }
    bool waitForEnd() const {
        pollfd fd{m_fd, POLLIN, 0};
        return ::poll(&fd, 1, kPatienceMs) == 1;
    }

private:
    pid_t m_pid;
    int m_fd;
};

class Recovery : public ::testing::Test {
protected:
    Recovery() { qputenv("XDG_RUNTIME_DIR", place.path().toLocal8Bit()); }
    ~Recovery() override {
        holder.kill();
        holder.waitForFinished();
    }

    void hold(const char* scenario) {
        std::ofstream(file()) << scenario;
        holder.start(QStringLiteral(RUN_HOLDER),
                     {QStringLiteral(PROGRAM), QString::fromStdString(file()), "threads"});
        ASSERT_TRUE(holder.waitForStarted());
    }
    /// Until the holder says `line`, or any number above zero where that is empty.
    bool waitFor(const QByteArray& line = {}) {
        while (holder.canReadLine() || holder.waitForReadyRead(kPatienceMs)) {
            while (holder.canReadLine()) {
                const QByteArray said = holder.readLine().trimmed();
                if (line.isEmpty() ? said.toInt() > 20 : said == line) {
                    return true;
                }
            }
        }
        return false;
    }
    pid_t runner() const {
        const auto pid = std::to_string(holder.processId());
        std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
        pid_t child = 0;
        children >> child;
        return child;
    }
    void killHolder() {
        holder.kill();
        holder.waitForFinished(kPatienceMs);
    }
    std::vector<LeftRun> left() const { return findLeftRuns({place.path().toStdString()}); }
    std::string file() const { return (files.path() + "/scenario.toml").toStdString(); }
    bool isPlaceEmpty() const { return std::filesystem::is_empty(place.path().toStdString()); }

    QTemporaryDir place;
    QTemporaryDir files;
    QProcess holder;
};

TEST_F(Recovery, FindsARunWhoseWindowAndRunnerWereKilled) {
    hold(kLongScenario);
    ASSERT_TRUE(waitFor());
    const Process running(runner());
    ASSERT_TRUE(left().empty()) << "it still runs";
    ::kill(static_cast<pid_t>(holder.processId()), SIGSTOP); // must not clean up after the runner
    running.send(SIGKILL);
    killHolder();
    ASSERT_TRUE(running.waitForEnd());

    auto runs = left();
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(sentenceFor(runs[0]).toStdString(),
              "A run of “Long dishes” (threads) was not finished when the program ended.");
    EXPECT_TRUE(left().empty()) << "offered twice at once";
    const auto recording = recoverRun(runs[0]);
    ASSERT_TRUE(recording.has_value()) << recording.error().message;
    EXPECT_EQ((*recording)->tasks.size(), 21u);
    EXPECT_FALSE((*recording)->isLive);
    ASSERT_FALSE((*recording)->diagnostics.empty());
    EXPECT_EQ((*recording)->diagnostics[0].kind, "cut-short");
    std::size_t done = 0;
    for (const auto& task : (*recording)->tasks) {
        done += task.end == State::Done ? 1u : 0u;
    }
    EXPECT_GT(done, 0u);
    EXPECT_LE(done, 20u) << "the long one never came to its end";
    const auto saved = files.path().toStdString() + "/saved.ilv";
    EXPECT_TRUE(storage::writeRecording(**recording, saved).has_value());
    EXPECT_TRUE(storage::readRecording(saved).has_value());

    runs.clear();
    EXPECT_FALSE(isPlaceEmpty()) << "neither recovered nor discarded, it is there next time";
    runs = left();
    ASSERT_EQ(runs.size(), 1u);
    runs[0].folder->removeAtEnd();
    runs.clear();
    EXPECT_TRUE(isPlaceEmpty());
}

TEST_F(Recovery, LeavesARunAloneWhoseRunnerOutlivesItsWindow) {
    hold(kLongScenario);
    ASSERT_TRUE(waitFor());
    const Process running(runner());
    running.send(SIGSTOP);
    killHolder();
    EXPECT_TRUE(left().empty());
    running.send(SIGCONT); // the window's death has asked it to end in order
    ASSERT_TRUE(running.waitForEnd());
    const auto runs = left();
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_TRUE(runs[0].isWhole);
    EXPECT_TRUE(recoverRun(runs[0]).has_value());
}

TEST_F(Recovery, OffersAnEndedRunThatNobodyHadSaved) {
    hold(kShortScenario);
    ASSERT_TRUE(waitFor("finished"));
    EXPECT_TRUE(left().empty());
    killHolder();
    const auto runs = left();
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(sentenceFor(runs[0]).toStdString(),
              "A run of “Short dishes” (threads) was not saved when the program ended.");
    const auto recording = recoverRun(runs[0]);
    ASSERT_TRUE(recording.has_value()) << recording.error().message;
    EXPECT_EQ((*recording)->tasks.size(), 2u);
    for (const auto& diagnostic : (*recording)->diagnostics) {
        EXPECT_NE(diagnostic.kind, "cut-short");
    }
}

TEST_F(Recovery, PassesOverWhatIsNoRunOfOurs) {
    const std::filesystem::path root = place.path().toStdString();
    std::filesystem::create_directories(root / "interleave-empty");
    std::filesystem::create_directories(root / "other" / "session");
    std::ofstream(root / "other" / "session" / "manifest.json") << "{}";
    std::filesystem::create_directories(root / "interleave-bad" / "session");
    std::ofstream(root / "interleave-bad" / "session" / "manifest.json") << "no JSON";
    std::filesystem::create_directory_symlink(root / "other", root / "interleave-link");
    EXPECT_TRUE(left().empty());
    EXPECT_TRUE(std::filesystem::exists(root / "interleave-bad")) << "nobody asked to delete it";
    EXPECT_TRUE(findLeftRuns({root / "no such folder"}).empty());
}

TEST(ProcessLife, KnowsAReusedNumberByTheProcessesStart) {
    QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString();
    const auto own = root / (std::to_string(::getpid()) + "-2.seg");
    std::ofstream(own) << "events";
    EXPECT_TRUE(isWriterAlive(own));
    const auto before = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
    std::filesystem::last_write_time(own, before); // long before this process began
    EXPECT_FALSE(isWriterAlive(own));
    EXPECT_FALSE(isWriterAlive(root / "manifest.json"));
    EXPECT_FALSE(startOfProcess(0).has_value());
    EXPECT_TRUE(startOfProcess(::getpid()).has_value());
}

} // namespace
} // namespace interleave::ui
