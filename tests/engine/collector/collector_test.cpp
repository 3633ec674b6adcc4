// SPDX-License-Identifier: GPL-3.0-or-later
// Through real files: a session written by engine/record, read back as a recording.
#include "engine/collector/collector.h"

#include "engine/collector/manifest.h"
#include "engine/record/session.h"
#include "tests/engine/collector/session_text.h"
#include "tests/support/recording_sketch.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::collector {
namespace {

using record::StreamRole;
using testing::HasSubstr;

class Session : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "collector-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        m_parent = pattern;
        auto made = record::SessionWriter::create(folder());
        ASSERT_TRUE(made) << made.error().message;
        m_writer.emplace(std::move(*made));
    }
    void TearDown() override {
        m_writer.reset();
        std::filesystem::remove_all(m_parent);
    }

    std::filesystem::path folder() const { return m_parent / "session"; }

    record::Writer stream(StreamRole role, const char* name) {
        return m_writer->openStream({role, m_writer->clock().kind, name});
    }

    std::filesystem::path m_parent;
    std::optional<record::SessionWriter> m_writer;
};

/// Changes the state of a task that often, each time at a later stamp, so that no span is empty.
void runTask(record::Writer& writer, TaskId task, int changes) {
    for (int i = 0; i < changes; ++i) {
        const std::uint64_t later = writer.now() + 100;
        while (writer.now() < later) {
        }
        writer.state(task, i % 2 == 0 ? State::Running : State::WaitingIo);
    }
    const std::uint64_t later = writer.now() + 100;
    while (writer.now() < later) {
    }
}

TEST_F(Session, IsReadBackAsARecording) {
    ASSERT_TRUE(m_writer->writeManifest(toJson(kitchen())));
    {
        record::Writer control = stream(StreamRole::Control, "control");
        control.state(TaskId{1}, State::Queued);
        runTask(control, TaskId{1}, 0);
        record::Writer worker = stream(StreamRole::Worker, "worker 1");
        runTask(worker, TaskId{1}, 11);
        worker.acquired(TaskId{1}, ObjectId{1}, record::Acquisition::Free);
        worker.released(TaskId{1}, ObjectId{1});
        worker.state(TaskId{1}, State::Done);
    }
    m_writer->diagnose("deadlock", "warning", 1, "a waits for itself");
    m_writer->finish();
    auto collector = Collector::open(folder());
    ASSERT_TRUE(collector) << collector.error().message;
    EXPECT_GE(collector->poll(), 15u);
    EXPECT_TRUE(collector->isFinished());
    EXPECT_EQ(collector->poll(), 0u);
    const auto recording = collector->snapshot();
    EXPECT_FALSE(recording->isLive);
    EXPECT_EQ(recording->info.scenario, "kitchen");
    EXPECT_EQ(recording->task(TaskId{1}).end, State::Done);
    EXPECT_EQ(recording->tracks[0].spans.size(), 12u);
    EXPECT_TRUE(recording->trackOf(recording::TrackKind::Lock, 1));
    EXPECT_EQ(recording->diagnostics[0].message, "a waits for itself");
    ASSERT_EQ(recording->workers.size(), 2u);
    EXPECT_EQ(recording->workers[1].name, "worker 1");
    EXPECT_TRUE(recording->workers[1].cpuTimeNs);
}

TEST_F(Session, GrowsWithEverySnapshot) {
    ASSERT_TRUE(m_writer->writeManifest(toJson(kitchen())));
    record::Writer worker = stream(StreamRole::Worker, "worker 1");
    runTask(worker, TaskId{1}, 3);
    auto collector = Collector::open(folder());
    ASSERT_TRUE(collector);
    collector->poll();
    const auto first = collector->snapshot();
    EXPECT_TRUE(first->isLive);
    runTask(worker, TaskId{1}, 20);
    EXPECT_EQ(collector->poll(), 20u);
    const auto second = collector->snapshot();
    EXPECT_GT(second->tracks[0].spans.size(), first->tracks[0].spans.size());
    EXPECT_FALSE(collector->isFinished());
}

TEST_F(Session, KeepsWhatAKilledProcessHadWritten) {
    ASSERT_TRUE(m_writer->writeManifest(toJson(kitchen())));
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto joined = record::SessionWriter::join(folder());
        if (!joined) {
            _exit(1);
        }
        record::Writer worker =
            joined->openStream({StreamRole::Worker, joined->clock().kind, "worker 1"});
        worker.state(TaskId{1}, State::Queued);
        runTask(worker, TaskId{1}, 1001);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    m_writer->finish();
    auto collector = Collector::open(folder());
    ASSERT_TRUE(collector);
    collector->poll();
    const auto recording = collector->snapshot();
    EXPECT_GE(recording->tracks[0].spans.size(), 1000u);
    EXPECT_EQ(recording->task(TaskId{1}).end, State::Cancelled);
    EXPECT_EQ(recording->workers.back().pid, static_cast<std::uint32_t>(child));
    std::vector<std::string> kinds;
    for (const auto& diagnostic : recording->diagnostics) {
        kinds.push_back(diagnostic.kind);
    }
    EXPECT_THAT(kinds, testing::IsSupersetOf({"unfinished-tasks", "killed-workers"}));
}

TEST_F(Session, IsRefusedWithoutAManifest) {
    const auto collector = Collector::open(folder());
    ASSERT_FALSE(collector);
    EXPECT_THAT(collector.error().message, HasSubstr("manifest.json"));
}

TEST_F(Session, IsRefusedWithADamagedManifest) {
    std::ofstream(folder() / "manifest.json") << "{\"version\": 1, \"info\"";
    const auto collector = Collector::open(folder());
    ASSERT_FALSE(collector);
    EXPECT_THAT(collector.error().message, HasSubstr("not JSON"));
}

TEST(CollectorOpen, RefusesAFolderThatIsNotThere) {
    EXPECT_FALSE(Collector::open("/nowhere/at/all"));
}

} // namespace
} // namespace interleave::collector
