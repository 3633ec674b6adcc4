// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/record/session_sketch.h"

#include <csignal>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace interleave::record {

namespace {

std::string textOf(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST(Session, SurvivesItsWritersDeath) {
    const TemporaryFolder folder;
    int report[2];
    ASSERT_EQ(pipe(report), 0);
    const pid_t child = fork();
    if (child == 0) {
        auto session = SessionWriter::create(folder.session(), smallSession());
        Writer writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "doomed"});
        for (std::uint32_t i = 0;; ++i) {
            writer.emit(EventKind::Level, 1, i);
            if (i % 1000 == 999 && write(report[1], &i, sizeof i) != sizeof i) {
                _exit(1);
            }
        }
    }
    close(report[1]);
    std::uint32_t emitted = 0;
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(read(report[0], &emitted, sizeof emitted), ssize_t{sizeof emitted});
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(report[0], &emitted, sizeof emitted) == ssize_t{sizeof emitted}) {
    }
    close(report[0]);
    const ReadSession session = readAll(folder.session());
    ASSERT_EQ(session.streams.size(), 1u);
    const auto levels = session.streams[0].ofKind(EventKind::Level);
    ASSERT_GT(levels.size(), std::size_t{emitted});
    for (std::uint32_t i = 0; i < levels.size(); ++i) {
        ASSERT_EQ(levels[i].b, i);
    }
}

TEST(Session, GivesAForkedChildASegmentOfItsOwn) {
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ASSERT_TRUE(session);
        Writer writer = session->openStream({StreamRole::Control, ClockKind::Tsc, "parent"});
        writer.emit(EventKind::Level, 1, 1);
        const int status = inChild([&] {
            auto joined = SessionWriter::join(folder.session());
            if (!joined) {
                return 1;
            }
            Writer own = joined->openStream({StreamRole::Worker, ClockKind::Tsc, "child"});
            own.emit(EventKind::Level, 2, 2);
            // What was inherited must do no harm, whatever is done with it.
            for (int i = 0; i < 1000; ++i) {
                writer.emit(EventKind::Level, 666, 666);
            }
            const Writer stray = session->openStream({StreamRole::Worker, ClockKind::Tsc, "x"});
            session->finish();
            writer = Writer();
            return 0;
        });
        ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
        ASSERT_EQ(WEXITSTATUS(status), 0);
        EXPECT_FALSE(SessionReader::open(folder.session())->isFinished());
        writer.emit(EventKind::Level, 1, 3);
    }
    const ReadSession read = readAll(folder.session());
    ASSERT_EQ(read.streams.size(), 2u);
    const ReadStream* parent = read.named("parent");
    const ReadStream* child = read.named("child");
    ASSERT_TRUE(parent != nullptr && child != nullptr);
    const auto levels = parent->ofKind(EventKind::Level);
    ASSERT_EQ(levels.size(), 2u);
    EXPECT_EQ(levels[1].b, 3u);
    EXPECT_EQ(parent->ofKind(EventKind::ThreadEnded).size(), 1u);
    EXPECT_EQ(child->ofKind(EventKind::Level).size(), 1u);
    EXPECT_EQ(child->header.tid, child->header.pid);
    EXPECT_NE(child->header.pid, parent->header.pid);
    // One time scale: the child's events lie between the parent's.
    const auto childLevel = child->ofKind(EventKind::Level)[0];
    EXPECT_LT(levels[0].stamp(), childLevel.stamp());
    EXPECT_LT(childLevel.stamp(), levels[1].stamp());
}

TEST(Session, GivesAReusedProcessNumberANewFile) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    auto again = SessionWriter::join(folder.session());
    ASSERT_TRUE(again) << again.error().message;
    const std::string pid = std::to_string(getpid());
    EXPECT_TRUE(std::filesystem::exists(folder.session() / (pid + ".seg")));
    EXPECT_TRUE(std::filesystem::exists(folder.session() / (pid + "-2.seg")));
}

TEST(Session, IsReadableByItsOwnerOnly) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    struct stat status {};
    ASSERT_EQ(stat(folder.session().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0700u);
}

TEST(Session, IsFoundWhileItGrowsAndSaysWhenItIsFinished) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    auto reader = SessionReader::open(folder.session());
    ASSERT_TRUE(reader);
    ReadSession read;
    const EventSink sink = read.sink();
    Writer writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "one"});
    EXPECT_EQ(reader->poll(sink), 2u);
    EXPECT_EQ(reader->poll(sink), 0u);
    writer.emit(EventKind::Level, 1, 1);
    EXPECT_EQ(reader->poll(sink), 1u);
    auto joined = SessionWriter::join(folder.session()); // a segment that appears later
    ASSERT_TRUE(joined);
    Writer other = joined->openStream({StreamRole::Sampler, ClockKind::Monotonic, "two"});
    EXPECT_EQ(reader->poll(sink), 1u);
    EXPECT_EQ(reader->segments().size(), 2u);
    joined->finish();
    reader->poll(sink);
    EXPECT_FALSE(reader->isFinished()); // only the runner's word counts
    session->finish();
    reader->poll(sink);
    EXPECT_TRUE(reader->isFinished());
}

TEST(Session, PutsBothClocksOnOneScale) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    auto reader = SessionReader::open(folder.session());
    ASSERT_TRUE(reader);
    Writer ticks = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "tsc"});
    Writer nanoseconds = session->openStream({StreamRole::Sampler, ClockKind::Monotonic, "ns"});
    for (int i = 0; i < 100; ++i) { // each pair at one moment, or nearly
        ticks.emit(EventKind::Level, 1, 0);
        nanoseconds.emit(EventKind::Level, 1, 0);
        ticks.emit(EventKind::Level, 2, 0);
    }
    const std::int64_t end = monotonicNow() + 5'000'000;
    while (monotonicNow() < end) {
    }
    session->finish();
    ReadSession read;
    reader->poll(read.sink());
    const auto outer = read.named("tsc")->ofKind(EventKind::Level);
    const auto inner = read.named("ns")->ofKind(EventKind::Level);
    ASSERT_EQ(outer.size(), 200u);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const Nanoseconds before =
            reader->sessionNs(read.named("tsc")->header, outer[2 * i].stamp());
        const Nanoseconds between = reader->sessionNs(read.named("ns")->header, inner[i].stamp());
        const Nanoseconds after =
            reader->sessionNs(read.named("tsc")->header, outer[2 * i + 1].stamp());
        EXPECT_LE(before, between + 1000);
        EXPECT_LE(between, after + 1000);
    }
    EXPECT_EQ(reader->originMonotonicNs(), session->clock().origin.monotonicNs);
}

TEST(Session, RecordsNothingWhenSwitchedOff) {
    const TemporaryFolder folder;
    SessionOptions options = smallSession();
    options.isEnabled = false;
    auto session = SessionWriter::create(folder.session(), options);
    ASSERT_TRUE(session);
    Writer writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "off"});
    writer.emit(EventKind::Level, 1, 1);
    EXPECT_FALSE(writer.isEnabled());
    auto joined = SessionWriter::join(folder.session());
    ASSERT_TRUE(joined);
    EXPECT_FALSE(joined->openStream({}).isEnabled());
    session->finish();
    auto reader = SessionReader::open(folder.session());
    ReadSession read;
    EXPECT_EQ(reader->poll(read.sink()), 0u);
    EXPECT_TRUE(reader->isFinished());
    EXPECT_FALSE(reader->segments().at(0).isEnabled);
}

TEST(Session, KeepsDiagnosticsAndManifestAsWholeLinesAndFiles) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    session->diagnose("kind", "warning", 3, "He said \"no\"\nand left.");
    session->diagnose("other", "info", 0, "Fine.");
    EXPECT_EQ(textOf(folder.session() / kDiagnosticsFile),
              "{\"kind\":\"kind\",\"severity\":\"warning\",\"count\":3,\"message\":"
              "\"He said \\\"no\\\"\\u000aand left.\"}\n"
              "{\"kind\":\"other\",\"severity\":\"info\",\"count\":0,\"message\":\"Fine.\"}\n");
    ASSERT_TRUE(session->writeManifest("{}"));
    ASSERT_TRUE(session->writeManifest("{\"a\":1}"));
    EXPECT_EQ(textOf(folder.session() / kManifestFile), "{\"a\":1}");
}

TEST(Session, IsRefusedWithASentence) {
    const TemporaryFolder folder;
    const auto nowhere = SessionWriter::create(folder.path() / "no" / "such");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().kind, ErrorKind::MissingPart);
    EXPECT_NE(nowhere.error().message.find("no/such"), std::string::npos);

    std::ofstream(folder.path() / "file") << "x";
    const auto file = SessionWriter::create(folder.path() / "file");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().kind, ErrorKind::BadInput);

    ASSERT_TRUE(SessionWriter::create(folder.session(), smallSession()));
    const auto twice = SessionWriter::create(folder.session(), smallSession());
    ASSERT_FALSE(twice);
    EXPECT_NE(twice.error().message.find("already holds a session"), std::string::npos);

    const auto joined = SessionWriter::join(folder.path());
    ASSERT_FALSE(joined);
    EXPECT_EQ(joined.error().kind, ErrorKind::MissingPart);
    EXPECT_FALSE(SessionReader::open(folder.path() / "absent"));
    EXPECT_FALSE(SessionReader::open(folder.path() / "file"));
}

TEST(Session, IsRefusedWhereOneMayNotWrite) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "needs the right to become another user";
    }
    const TemporaryFolder folder; // owner-only, and the owner is root
    const int status = inChild([&] {
        if (setresuid(65534, 65534, 65534) != 0) {
            return 2;
        }
        const auto session = SessionWriter::create(folder.session());
        return !session && session.error().kind == ErrorKind::MissingPart ? 0 : 1;
    });
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace interleave::record
