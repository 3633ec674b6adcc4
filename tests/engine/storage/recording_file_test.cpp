// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/recording_file.h"

#include "engine/recording/recording_builder.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/file_layout.h"
#include "tests/engine/storage/forged_file.h"
#include "tests/engine/storage/random_recording.h"
#include "tests/support/generated_recording.h"

#include <csignal>
#include <gmock/gmock.h>
#include <random>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace interleave::storage {
namespace {

using namespace interleave::recording;
using testing::HasSubstr;

class RecordingFile : public testing::Test {
protected:
    RecordingFile() {
        std::string pattern = (std::filesystem::temp_directory_path() / "storage-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
    }
    ~RecordingFile() override { std::filesystem::remove_all(m_folder); }

    std::string write(const Recording& recording) {
        EXPECT_TRUE(writeRecording(recording, m_folder / "r.ilv"));
        return readFile(m_folder / "r.ilv").value_or("");
    }

    std::filesystem::path m_folder;
};

Result<std::shared_ptr<const Recording>> decode(const std::string& bytes,
                                                Checking checking = Checking::Structure) {
    return decodeRecording(bytesOf(bytes), checking);
}

/// What the fuzzer does: reads the bytes as they are and with the right checksums, and looks at
/// all.
int feed(const std::string& bytes) {
    return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size());
}

const Diagnostic* lossIn(const Recording& recording) {
    const auto found = std::ranges::find_if(recording.diagnostics, [](const Diagnostic& item) {
        return item.kind == kCutFile || item.kind == kDamagedFile;
    });
    return found == recording.diagnostics.end() ? nullptr : &*found;
}

/// Tracks are as they were or empty, and a diagnostic counts the spans of those that are empty.
void expectTruth(const Recording& whole, const Recording& rest) {
    std::uint64_t lostSpans = 0;
    ASSERT_EQ(whole.tracks.size(), rest.tracks.size());
    for (std::size_t i = 0; i < whole.tracks.size(); ++i) {
        if (rest.tracks[i].spans.isEmpty()) {
            lostSpans += whole.tracks[i].spans.size();
        } else {
            ASSERT_EQ(differenceBetween(whole.tracks[i], rest.tracks[i]), "");
        }
    }
    const Diagnostic* loss = lossIn(rest);
    if (lostSpans != 0) {
        ASSERT_NE(loss, nullptr);
        ASSERT_EQ(loss->count, lostSpans);
    }
    if (loss != nullptr) {
        ASSERT_EQ(loss->severity, Severity::DataLoss);
        ASSERT_THAT(loss->message, HasSubstr("Missing: "));
    } else {
        ASSERT_EQ(differenceBetween(whole, rest), "");
    }
}

TEST_F(RecordingFile, GivesBackWhatWasWritten) {
    for (unsigned seed = 0; seed < 30; ++seed) {
        const auto recording = randomRecording(seed, seed * seed * 5);
        const auto again = decode(write(*recording), Checking::Everything);
        ASSERT_TRUE(again) << again.error().message;
        ASSERT_EQ(differenceBetween(*recording, **again), "") << "seed " << seed;
    }
}

TEST_F(RecordingFile, AnEmptyRecordingIsOne) {
    RecordingBuilder builder;
    const auto recording = builder.finish();
    const auto again = decode(write(*recording));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(differenceBetween(*recording, **again), "");
}

TEST_F(RecordingFile, RowsThatAreAllEqualAreBelieved) {
    // They pack and compress to almost nothing, which is what a hostile file would claim.
    RecordingBuilder builder;
    const TaskId task = builder.addTask({.name = "t"});
    for (int i = 0; i < 400'000; ++i) {
        builder.addLink({LinkKind::Wake, {5, task, {}}, {5, task, {}}, {}, false});
    }
    const auto recording = builder.finish();
    const auto again = decode(write(*recording));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(differenceBetween(*recording, **again), "");
}

TEST_F(RecordingFile, EveryCutLeavesASentenceOrTheTruth) {
    const auto recording = randomRecording(1, 40);
    const std::string bytes = write(*recording);
    std::size_t partly = 0;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto cut = decode(bytes.substr(0, length));
        if (!cut) {
            ASSERT_FALSE(cut.error().message.empty());
            continue;
        }
        const Diagnostic* loss = lossIn(**cut);
        ASSERT_NE(loss, nullptr) << "a file cut to " << length << " bytes was taken for whole";
        ASSERT_EQ(loss->kind, kCutFile);
        ASSERT_NO_FATAL_FAILURE(expectTruth(*recording, **cut)) << length;
        ++partly;
    }
    EXPECT_GT(partly, 1000u) << "nothing was kept of any of them";
}

TEST_F(RecordingFile, EveryDamagedByteIsNoticedOrChangesNothing) {
    const auto recording = randomRecording(2, 40);
    const std::string bytes = write(*recording);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
        if (const auto read = decode(damaged, Checking::Everything)) {
            ASSERT_NO_FATAL_FAILURE(expectTruth(*recording, **read)) << "byte " << i;
        } else {
            ASSERT_FALSE(read.error().message.empty());
        }
    }
}

/// Changes a few bytes, half of them in the header.
std::string damage(std::string bytes, std::mt19937& random) {
    for (int change = 0; change < 4; ++change) {
        const std::size_t reach = random() % 2 == 0 ? sizeof(FileHeader) : bytes.size();
        bytes[random() % reach] = static_cast<char>(random());
    }
    return bytes;
}

TEST_F(RecordingFile, RandomDamageNeverCrashes) {
    const std::string bytes = write(*randomRecording(3, 100));
    std::mt19937 random(1);
    for (int round = 0; round < 3000; ++round) {
        EXPECT_EQ(feed(damage(bytes, random)), 0);
    }
}

TEST_F(RecordingFile, DamageBehindTheChecksumsNeverCrashes) {
    const std::string bytes = uncompressed(write(*randomRecording(3, 100)));
    ASSERT_TRUE(decode(bytes)) << decode(bytes).error().message;
    std::mt19937 random(1);
    for (int round = 0; round < 6000; ++round) {
        std::string damaged = bytes;
        for (int change = 0; change < 3; ++change) {
            const std::size_t header = random() % 8 == 0 ? 0 : sizeof(FileHeader);
            damaged[header + random() % (bytes.size() - header)] = static_cast<char>(random());
        }
        EXPECT_EQ(feed(damaged), 0);
    }
}

TEST_F(RecordingFile, TheCorpusOfTheFuzzerIsRead) {
    std::size_t count = 0;
    std::size_t withMessages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_RECORDING_CORPUS)) {
        const std::string bytes = readFile(entry.path()).value_or("");
        EXPECT_EQ(feed(bytes), 0);
        const auto read = decode(bytes);
        ASSERT_TRUE(read) << entry.path() << " is of another format";
        withMessages += (*read)->messages.empty() ? 0U : 1U;
        ++count;
    }
    EXPECT_GE(count, 4u);
    EXPECT_GE(withMessages, 1u);
}

TEST_F(RecordingFile, FilesOfVersion2AreReadWithoutALoss) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLEAVE_RECORDING_CORPUS)) {
        const std::string bytes = readFile(entry.path()).value_or("");
        if (bytes[8] != 2) {
            continue;
        }
        const auto read = decode(bytes, Checking::Everything);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(lossIn(**read), nullptr) << entry.path();
        EXPECT_TRUE((*read)->messages.empty());
        // Written anew it is of this version, and the same.
        const std::string again = write(**read);
        EXPECT_EQ(again[8], static_cast<char>(kVersion));
        const auto reread = decode(again, Checking::Everything);
        ASSERT_TRUE(reread);
        EXPECT_EQ(differenceBetween(**read, **reread), "");
        ++count;
    }
    EXPECT_GE(count, 4u);
}

TEST_F(RecordingFile, WhatNoRecordingRefersToIsALossOfThatTableAlone) {
    RecordingBuilder builder;
    builder.addTask({.name = "t"});
    builder.addObject({"orders", "message-queue", 0});
    builder.addMessage({.timeNs = 5, .message = 1, .step = MessageStep::Queued, .object = {2}});
    builder.addConsumer({ObjectId{1}, {}, 3, {0, 9}});
    const auto read = decode(write(*builder.finish()));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_NE(lossIn(**read), nullptr);
    EXPECT_THAT(lossIn(**read)->message, HasSubstr("Missing: the messages."));
    EXPECT_TRUE((*read)->messages.empty());
    EXPECT_EQ((*read)->consumers.size(), 1u);
    EXPECT_EQ((*read)->tasks.size(), 1u);
}

TEST_F(RecordingFile, AMillionStepsOfMessagesTakeFewBytesEach) {
    RecordingBuilder builder;
    const TaskId task = builder.addTask({.name = "t"});
    const WorkerId worker = builder.addWorker({.name = "w"});
    const ObjectId queue = builder.addObject({"orders", "message-queue", 0});
    for (std::uint32_t i = 0; i < 250'000; ++i) {
        const Nanoseconds at = i * 1000;
        builder.addMessage({.timeNs = at, .message = i + 1, .task = task, .worker = worker});
        for (const MessageStep step :
             {MessageStep::Queued, MessageStep::Delivered, MessageStep::Acked}) {
            builder.addMessage({.timeNs = at + 100 * static_cast<int>(step),
                                .message = i + 1,
                                .step = step,
                                .object = queue,
                                .worker = worker});
        }
    }
    const auto recording = builder.finish();
    const std::string bytes = write(*recording);
    EXPECT_LT(bytes.size(), 8u * 1'000'000u);
    const auto again = decode(bytes);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(differenceBetween(*recording, **again), "");
}

TEST_F(RecordingFile, OlderAndNewerFormatsAreNamed) {
    std::string bytes = write(*randomRecording(4, 10));
    bytes[8] = 9;
    EXPECT_THAT(decode(bytes).error().message, HasSubstr("format 9"));
    EXPECT_THAT(decode(bytes).error().message, HasSubstr("newer Interleave"));
    bytes[8] = 1;
    EXPECT_THAT(decode(bytes).error().message, HasSubstr("format 1, which only early versions"));
}

TEST_F(RecordingFile, WhatIsNoRecordingIsNamed) {
    EXPECT_THAT(decode("this is a text").error().message,
                HasSubstr("is not an Interleave recording"));
    EXPECT_THAT(readRecording("/dev/null").error().message, HasSubstr("is empty"));
    EXPECT_THAT(readRecording(m_folder).error().message, HasSubstr("is a folder"));
    EXPECT_THAT(readRecording(m_folder / "none").error().message, HasSubstr("can't be opened"));
    ASSERT_TRUE(writeFileAtomically(m_folder / "secret", "x"));
    std::filesystem::permissions(m_folder / "secret", std::filesystem::perms::none);
    if (::geteuid() != 0) { // who may read everything is refused nothing
        EXPECT_THAT(readRecording(m_folder / "secret").error().message,
                    HasSubstr("Permission denied"));
    }
}

TEST_F(RecordingFile, AFullDiskLeavesTheOldFile) {
    ASSERT_TRUE(writeFileAtomically(m_folder / "r.ilv", "old"));
    const auto recording = randomRecording(5, 2000);
    const pid_t child = ::fork();
    if (child == 0) { // a limit on the size of files stands in for the disk
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{2000, 2000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto written = writeRecording(*recording, m_folder / "r.ilv");
        ::_exit(!written && written.error().message.find("can't be written") != std::string::npos
                    ? 0
                    : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(readFile(m_folder / "r.ilv").value_or(""), "old");
}

TEST_F(RecordingFile, PiecesThatAreThereSurviveTheOthers) {
    const auto recording = support::generatedRecording({.spans = 300'000, .tracks = 50});
    const std::string bytes = write(*recording);
    const auto cut = decode(bytes.substr(0, bytes.size() * 6 / 10));
    ASSERT_TRUE(cut) << cut.error().message;
    expectTruth(*recording, **cut);
    const auto kept = std::ranges::count_if(
        (*cut)->tracks, [](const Track& track) { return !track.spans.isEmpty(); });
    EXPECT_GT(kept, 15);
    EXPECT_LT(kept, 45);
    std::string damaged = bytes;
    damaged[bytes.size() / 2] = static_cast<char>(damaged[bytes.size() / 2] ^ 1);
    const auto read = decode(damaged);
    ASSERT_TRUE(read);
    ASSERT_NE(lossIn(**read), nullptr);
    EXPECT_EQ(lossIn(**read)->kind, kDamagedFile);
    expectTruth(*recording, **read);
}

class LargeRecordingFile : public RecordingFile {
protected:
    static void SetUpTestSuite() {
        s_recording = support::generatedRecording(
            {.spans = 3'000'000, .tracks = 40, .links = 200'000, .marks = 1000});
    }
    static void TearDownTestSuite() { s_recording.reset(); }
    LargeRecordingFile()
        : m_file(m_folder / "large.ilv") {
        EXPECT_TRUE(writeRecording(*s_recording, m_file));
    }
    void change(std::uintmax_t offset) {
        std::FILE* file = std::fopen(m_file.c_str(), "r+");
        std::fseek(file, static_cast<long>(offset), SEEK_SET);
        const int was = std::fgetc(file);
        std::fseek(file, static_cast<long>(offset), SEEK_SET);
        std::fputc(was ^ 1, file);
        std::fclose(file);
    }

    static std::shared_ptr<const Recording> s_recording;
    std::filesystem::path m_file;
};
std::shared_ptr<const Recording> LargeRecordingFile::s_recording;

TEST_F(LargeRecordingFile, IsMappedAndEqual) {
    ASSERT_GT(std::filesystem::file_size(m_file), std::uintmax_t{16} << 20);
    EXPECT_LE(std::filesystem::file_size(m_file), 10 * 3'000'000u + 20 * 200'000u);
    const auto read = readRecording(m_file);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(lossIn(**read), nullptr);
    EXPECT_EQ(differenceBetween(*s_recording, **read), "");
    const auto verified = verifyRecording(m_file);
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->empty());
    // The file is replaced while it is open, as saving does: the recording keeps the old one.
    ASSERT_TRUE(writeFileAtomically(m_file, "another"));
    EXPECT_EQ(differenceBetween(*s_recording, **read), "");
}

TEST_F(LargeRecordingFile, ACutOneKeepsTheTracksThatAreWhole) {
    std::filesystem::resize_file(m_file, std::filesystem::file_size(m_file) * 8 / 10);
    const auto read = readRecording(m_file);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_NE(lossIn(**read), nullptr);
    EXPECT_EQ(lossIn(**read)->kind, kCutFile);
    EXPECT_EQ((*read)->links.size(), s_recording->links.size());
    expectTruth(*s_recording, **read);
    EXPECT_FALSE((*read)->tracks.front().spans.isEmpty());
    EXPECT_TRUE((*read)->tracks.back().spans.isEmpty());
}

TEST_F(LargeRecordingFile, DamageOfATrackIsFoundByTheCheckOfEverything) {
    change(std::filesystem::file_size(m_file) - 1000);
    const auto verified = verifyRecording(m_file);
    ASSERT_TRUE(verified);
    ASSERT_EQ(verified->size(), 1u);
    EXPECT_EQ(verified->front().kind, kDamagedFile);
    EXPECT_THAT(verified->front().message, HasSubstr("1 of 40 tracks"));
    const auto checked = readRecording(m_file, Checking::Everything);
    ASSERT_TRUE(checked);
    EXPECT_TRUE((*checked)->tracks.back().spans.isEmpty());
    expectTruth(*s_recording, **checked);
}

TEST_F(LargeRecordingFile, TheCheckCanBeStopped) {
    std::stop_source stop;
    stop.request_stop();
    const auto verified = verifyRecording(m_file, stop.get_token());
    ASSERT_FALSE(verified);
    EXPECT_THAT(verified.error().message, HasSubstr("was not checked to its end"));
}

} // namespace
} // namespace interleave::storage
