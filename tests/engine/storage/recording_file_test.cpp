// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/recording_file.h"

#include "engine/recording/recording_builder.h"
#include "engine/storage/atomic_file.h"

#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

namespace interleave::storage {
namespace {

using namespace interleave::recording;

std::shared_ptr<const Recording> sampleRecording() {
    RecordingBuilder builder;
    builder.info() = {.scenario = "Ten \"dishes\", ümlaut",
                      .about = "about",
                      .model = "threads",
                      .source = Source::Measured,
                      .workers = 4,
                      .cores = 2,
                      .seed = 7,
                      .parameters = {{"pool", "fixed"}},
                      .startedAt = "2026-01-02T03:04:05Z",
                      .machine = "a machine",
                      .kernelTruth = "switches",
                      .makespanSeconds = 0.25};
    const WorkerId worker = builder.addWorker(
        {.name = "worker 1", .pid = 10, .tid = 11, .life = {0, 9000}, .cpuTimeNs = 4000});
    builder.addWorker({.name = "control",
                       .pid = 10,
                       .tid = 10,
                       .life = {0, 9000},
                       .cpuTimeNs = {},
                       .isControl = true});
    const ObjectId lock = builder.addObject({"stove", "lock", 1});
    const StringId compute = builder.intern("compute 20 ms");
    const StringId held = builder.intern("stove held by dish 1");
    for (int i = 0; i < 3; ++i) {
        const TaskId task = builder.addTask({"dish " + std::to_string(i + 1), "dish", State::Done});
        const Nanoseconds begin = i * 1000;
        builder.addTaskSpan({{begin, begin + 100}, State::Queued, task});
        builder.addTaskSpan({{begin + 100, begin + 600}, State::Running, task, worker, 1, compute});
        builder.addTaskSpan(
            {{begin + 600, begin + 900}, State::WaitingLock, task, worker, -1, compute, held});
        builder.addObjectSpan(lock, {{begin + 100, begin + 600}, State::Held, task, worker});
        builder.addLink(
            {LinkKind::Handoff, {begin, task, worker}, {begin + 5, task, worker}, lock, true});
    }
    builder.addCounter({"rss", "bytes", 10, {0, 500}, {1e6, 2e6}});
    builder.addSwitch({300, worker, 1, true});
    builder.addProcess({10, "interleave", 123456});
    builder.addDiagnostic({"kernel-truth", Severity::Info, 1, "exact"});
    return builder.finish();
}

std::string bytesOf(const Recording& recording) {
    std::string pattern = (std::filesystem::temp_directory_path() / "recording-XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    EXPECT_TRUE(writeRecording(recording, folder / "r.ilv"));
    const std::string bytes = *readFile(folder / "r.ilv");
    std::filesystem::remove_all(folder);
    return bytes;
}

Result<std::shared_ptr<const Recording>> decode(const std::string& bytes) {
    return decodeRecording(std::as_bytes(std::span(bytes)));
}

void expectEqual(const Recording& a, const Recording& b) {
    EXPECT_EQ(a.info.scenario, b.info.scenario);
    EXPECT_EQ(a.info.parameters, b.info.parameters);
    EXPECT_EQ(a.info.makespanSeconds, b.info.makespanSeconds);
    EXPECT_EQ(a.info.kernelTruth, b.info.kernelTruth);
    EXPECT_EQ(a.range, b.range);
    ASSERT_EQ(a.tasks.size(), b.tasks.size());
    EXPECT_EQ(a.tasks.back().name, b.tasks.back().name);
    EXPECT_EQ(a.tasks.back().end, b.tasks.back().end);
    ASSERT_EQ(a.workers.size(), b.workers.size());
    EXPECT_EQ(a.workers[0].cpuTimeNs, b.workers[0].cpuTimeNs);
    EXPECT_EQ(a.workers[1].cpuTimeNs, std::nullopt);
    EXPECT_EQ(a.workers[1].isControl, b.workers[1].isControl);
    ASSERT_EQ(a.tracks.size(), b.tracks.size());
    for (std::size_t t = 0; t < a.tracks.size(); ++t) {
        ASSERT_EQ(a.tracks[t].spans.size(), b.tracks[t].spans.size());
        EXPECT_EQ(a.tracks[t].name, b.tracks[t].name);
        EXPECT_EQ(a.tracks[t].kind, b.tracks[t].kind);
        for (std::size_t i = 0; i < a.tracks[t].spans.size(); ++i) {
            const Span x = a.tracks[t].spans.at(i);
            const Span y = b.tracks[t].spans.at(i);
            EXPECT_EQ(x.range, y.range);
            EXPECT_EQ(x.state, y.state);
            EXPECT_EQ(x.task, y.task);
            EXPECT_EQ(x.core, y.core);
            EXPECT_EQ(a.strings.text(x.cause), b.strings.text(y.cause));
            EXPECT_EQ(a.strings.text(x.name), b.strings.text(y.name));
        }
    }
    ASSERT_EQ(a.links.size(), b.links.size());
    EXPECT_EQ(a.links[0].isForced, b.links[0].isForced);
    ASSERT_EQ(a.counters.size(), b.counters.size());
    EXPECT_EQ(a.counters[0].value, b.counters[0].value);
    ASSERT_EQ(a.switches.size(), b.switches.size());
    EXPECT_EQ(a.switches[0].isPreempted, b.switches[0].isPreempted);
    ASSERT_EQ(a.diagnostics.size(), b.diagnostics.size());
    EXPECT_EQ(a.diagnostics[0].message, b.diagnostics[0].message);
    EXPECT_EQ(a.processes[0].peakRssBytes, b.processes[0].peakRssBytes);
}

TEST(RecordingFile, GivesBackWhatWasWritten) {
    const auto recording = sampleRecording();
    const auto again = decode(bytesOf(*recording));
    ASSERT_TRUE(again) << again.error().message;
    expectEqual(*recording, **again);
}

TEST(RecordingFile, EveryCutIsASentence) {
    const std::string bytes = bytesOf(*sampleRecording());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto cut = decode(bytes.substr(0, length));
        ASSERT_FALSE(cut) << "a file cut to " << length << " bytes was taken for whole";
        ASSERT_FALSE(cut.error().message.empty());
    }
}

TEST(RecordingFile, EveryDamagedByteOfAPartIsNoticed) {
    const auto recording = sampleRecording();
    const std::string bytes = bytesOf(*recording);
    constexpr std::size_t kHeaderAndTable = 24 + 15 * 16;
    for (std::size_t i = kHeaderAndTable; i < bytes.size(); ++i) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
        const auto read = decode(damaged);
        // A zstd frame's header has bits that mean nothing; whatever is accepted must be the truth.
        if (read) {
            expectEqual(*recording, **read);
        }
    }
}

TEST(RecordingFile, RandomDamageNeverCrashes) {
    const std::string bytes = bytesOf(*sampleRecording());
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string damaged = bytes;
        for (int change = 0; change < 4; ++change) {
            damaged[random() % damaged.size()] = static_cast<char>(random());
        }
        const auto read = decode(damaged);
        EXPECT_TRUE(read || !read.error().message.empty());
    }
}

TEST(RecordingFile, ANewerFormatIsNamed) {
    std::string bytes = bytesOf(*sampleRecording());
    bytes[8] = 9;
    const auto read = decode(bytes);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("format 9"), std::string::npos);
}

TEST(RecordingFile, AnEmptyFileAndAForeignFileAreNamed) {
    EXPECT_NE(decode("this is a text").error().message.find("is not an Interleave recording"),
              std::string::npos);
    EXPECT_NE(readRecording("/dev/null").error().message.find("is empty"), std::string::npos);
}

} // namespace
} // namespace interleave::storage
