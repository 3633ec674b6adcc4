// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/segment.h"
#include "tests/engine/record/session_sketch.h"

#include <csignal>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

namespace interleave::record {

namespace {

/// A session whose segment has room for the stream table and two chunks of events.
SessionOptions tinySession() {
    SessionOptions options;
    options.populatedBytes = kChunkBytes;
    options.maximumBytes = kPageBytes + 3 * kChunkBytes;
    return options;
}

std::uint64_t countEvents(const ReadSession& session) {
    std::uint64_t count = 0;
    for (const ReadStream& stream : session.streams) {
        count += stream.events.size();
    }
    return count;
}

} // namespace

TEST(Segment, DropsAndCountsExactlyWhenItIsFull) {
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), tinySession());
        ASSERT_TRUE(session) << session.error().message;
        Writer writer = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "all"});
        for (std::uint32_t i = 0; i < 10'000; ++i) {
            writer.emit(EventKind::Level, 1, i);
        }
        Writer other = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "none"});
        other.emit(EventKind::Level, 2, 0);
    }
    auto reader = SegmentReader::open(folder.session() / (std::to_string(getpid()) + ".seg"));
    ASSERT_TRUE(reader) << reader.error().message;
    ReadSession read;
    reader->poll(read.sink());
    // 508 places, one of them for ThreadStarted.
    ASSERT_EQ(read.streams.size(), 1u);
    EXPECT_EQ(read.streams[0].ofKind(EventKind::Level).size(), 507u);
    EXPECT_EQ(read.streams[0].events.back().b, 506u);
    EXPECT_EQ(reader->droppedOf(1), 10'000u - 507u);
    EXPECT_EQ(reader->droppedOf(2), 2u); // its ThreadStarted too
    EXPECT_EQ(reader->info().droppedEvents, 10'000u - 507u + 2u);
}

TEST(Segment, HasAnEventForWhatWasDroppedWhenSpaceReturns) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "needs the right to mount a small file system";
    }
    const TemporaryFolder folder;
    const int status = inChild([&] {
        const auto small = folder.path() / "small";
        std::filesystem::create_directory(small);
        if (unshare(CLONE_NEWNS) != 0 ||
            mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount("tmpfs", small.c_str(), "tmpfs", 0, "size=256k") != 0) {
            return 77;
        }
        {
            std::ofstream ballast(small / "ballast");
            ballast << std::string(128 << 10, 'x');
        }
        auto session = SessionWriter::create(small / "session", smallSession());
        if (!session) {
            return 1;
        }
        std::uint64_t emitted = 1; // ThreadStarted
        Writer writer = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "all"});
        for (std::uint32_t i = 0; i < 50'000; ++i, ++emitted) { // 800 kB: the disk gets full
            writer.emit(EventKind::Level, 1, i);
        }
        const std::uint64_t dropped = session->segment()->droppedEvents();
        std::filesystem::remove(small / "ballast");
        session->segment()->populateAhead(kChunkBytes);
        writer.emit(EventKind::Level, 1, 99);
        ++emitted;
        const ReadSession read = readAll(small / "session");
        const auto notes = read.streams.at(0).ofKind(EventKind::Dropped);
        if (dropped == 0 || notes.size() != 1 || notes[0].a != dropped) {
            return 2;
        }
        // Nothing is lost silently: what can be read and what was dropped are all.
        return countEvents(read) - 1 + dropped == emitted ? 0 : 3;
    });
    ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    if (WEXITSTATUS(status) == 77) {
        GTEST_SKIP() << "mounting is not allowed here";
    }
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Segment, ObeysTheLimitOnFileSizesWithoutASignal) {
    const TemporaryFolder folder;
    const int status = inChild([&] {
        rlimit limit{};
        getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = 200'000;
        setrlimit(RLIMIT_FSIZE, &limit);
        auto session = SessionWriter::create(folder.session(), smallSession());
        if (!session) {
            return 1;
        }
        Writer writer = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "all"});
        for (std::uint32_t i = 0; i < 50'000; ++i) {
            writer.emit(EventKind::Level, 1, i);
        }
        const std::uint64_t dropped = session->segment()->droppedEvents();
        const std::uint64_t read = countEvents(readAll(folder.session()));
        return dropped > 0 && read + dropped == 50'001 ? 0 : 2;
    });
    ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Segment, IsRefusedWithASentenceWhereNothingFits) {
    const TemporaryFolder folder;
    const int status = inChild([&] {
        rlimit limit{};
        getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = 100;
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto session = SessionWriter::create(folder.session(), smallSession());
        return !session && session.error().kind == ErrorKind::MissingPart &&
                       session.error().message.find(".seg") != std::string::npos
                   ? 0
                   : 1;
    });
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_TRUE(std::filesystem::is_empty(folder.session())); // no half-made file is left
}

TEST(Segment, ShrinksToTheAddressSpaceThereIs) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers reserve more address space than any limit";
#else
    const TemporaryFolder folder;
    const int status = inChild([&] {
        rlimit limit{};
        getrlimit(RLIMIT_AS, &limit);
        limit.rlim_cur = std::size_t{1} << 30;
        setrlimit(RLIMIT_AS, &limit);
        SessionOptions options = smallSession();
        options.maximumBytes = std::size_t{4} << 30;
        auto session = SessionWriter::create(folder.session(), options);
        return session ? 0 : 1;
    });
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
#endif
}

TEST(Segment, HoldsTenThousandStreams) {
    constexpr std::uint32_t count = 10'000;
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ASSERT_TRUE(session);
        std::vector<Writer> writers;
        for (std::uint32_t i = 0; i < count; ++i) {
            writers.push_back(session->openStream(
                {StreamRole::Sampler, ClockKind::Tsc, "stream " + std::to_string(i)}));
            writers.back().emit(EventKind::Level, 1, i);
        }
    }
    const ReadSession read = readAll(folder.session());
    ASSERT_EQ(read.streams.size(), count);
    for (std::uint32_t i = 0; i < count; ++i) {
        ASSERT_EQ(read.streams[i].header.info.name, "stream " + std::to_string(i));
        ASSERT_EQ(read.streams[i].events.back().b, i);
    }
}

} // namespace interleave::record
