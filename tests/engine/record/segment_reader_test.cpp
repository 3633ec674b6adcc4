// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/segment_format.h"
#include "tests/engine/record/segment_fuzz.h"
#include "tests/engine/record/session_sketch.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <sys/stat.h>

namespace interleave::record {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The bytes of a real segment: two streams, five chunks of events, one stream closed.
Bytes realSegment() {
    const TemporaryFolder folder;
    SessionOptions options;
    options.populatedBytes = kChunkBytes;
    options.maximumBytes = kPageBytes + 7 * kChunkBytes;
    auto session = SessionWriter::create(folder.session(), options);
    Writer one = session->openStream({StreamRole::Worker, ClockKind::Tsc, "one"});
    {
        Writer two = session->openStream({StreamRole::Kernel, ClockKind::Monotonic, "two"});
        for (std::uint32_t i = 0; i < 300; ++i) {
            one.emit(EventKind::Level, 1, i);
            two.emit(EventKind::Level, 2, i);
        }
    }
    session->finish();
    std::ifstream file(folder.session() / (std::to_string(getpid()) + ".seg"), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeBytes(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

template <class T>
void put(Bytes& bytes, std::size_t offset, T value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// Opens the bytes as a file and reads all; the sentence of the error or the damage, if any.
std::string complaintAbout(const Bytes& bytes, ReadSession* into = nullptr) {
    const TemporaryFolder folder;
    writeBytes(folder.path() / "1.seg", bytes);
    auto reader = SegmentReader::open(folder.path() / "1.seg");
    if (!reader) {
        return reader.error().message;
    }
    ReadSession read;
    reader->poll(read.sink());
    if (into != nullptr) {
        *into = read;
    }
    return reader->info().damage;
}

} // namespace

TEST(SegmentReader, ReadsAWholeFile) {
    ReadSession read;
    EXPECT_EQ(complaintAbout(realSegment(), &read), "");
    ASSERT_EQ(read.streams.size(), 2u);
    EXPECT_EQ(read.named("one")->ofKind(EventKind::Level).size(), 300u);
    EXPECT_EQ(read.named("two")->ofKind(EventKind::Level).back().b, 299u);
}

TEST(SegmentReader, ReadsABeginningOfEveryTruncatedFile) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "1.seg";
    const Bytes whole = realSegment();
    ReadSession all;
    complaintAbout(whole, &all);
    writeBytes(path, whole);
    for (std::size_t size = whole.size(); size > 0; size -= size > 9000 ? 13 : 1) {
        ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(size)), 0);
        auto reader = SegmentReader::open(path);
        ASSERT_EQ(reader.has_value(), size >= sizeof(SegmentHeader)) << size;
        if (!reader) {
            continue;
        }
        ReadSession read;
        reader->poll(read.sink());
        for (const ReadStream& stream : read.streams) {
            const auto& full = all.named(stream.header.info.name)->events;
            ASSERT_LE(stream.events.size(), full.size());
            ASSERT_EQ(std::memcmp(stream.events.data(), full.data(),
                                  stream.events.size() * sizeof(Event)),
                      0);
        }
    }
}

TEST(SegmentReader, SurvivesAFileThatIsCutWhileItIsRead) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "1.seg";
    writeBytes(path, realSegment());
    auto reader = SegmentReader::open(path);
    ASSERT_TRUE(reader);
    const auto cutting = [&](const StreamHeader&, std::span<const Event>) {
        ASSERT_EQ(truncate(path.c_str(), 5000), 0);
    };
    reader->poll(cutting);
    reader->poll(cutting);
    ASSERT_EQ(truncate(path.c_str(), 10), 0);
    reader->poll(cutting);
    EXPECT_NE(reader->info().damage.find("lost its header"), std::string::npos);
    std::filesystem::remove(path);
    EXPECT_EQ(reader->poll(cutting), 0u);
}

TEST(SegmentReader, SurvivesFlippedBytes) {
    const Bytes whole = realSegment();
    std::mt19937 random(20261123);
    // Half of the flips hit what steers the reader: header, stream table, heads of chunks.
    std::uniform_int_distribution<std::size_t> anywhere(0, whole.size() - 1);
    std::uniform_int_distribution<std::size_t> steering(0, kPageBytes + 200);
    for (int round = 0; round < 4000; ++round) {
        Bytes bytes = whole;
        for (int flip = 0; flip <= round % 8; ++flip) {
            const std::size_t at = flip % 2 == 0 ? anywhere(random) : steering(random);
            bytes[at] = static_cast<std::uint8_t>(random());
        }
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    LLVMFuzzerTestOneInput(whole.data(), 0);
}

TEST(SegmentReader, SaysWhatIsWrongWithAFile) {
    const Bytes whole = realSegment();
    const auto with = [&](auto change) {
        Bytes bytes = whole;
        change(bytes);
        return complaintAbout(bytes);
    };
    const auto has = [](const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    };
    EXPECT_TRUE(has(with([](Bytes& b) { b[0] ^= 1; }), "no segment"));
    EXPECT_TRUE(has(with([](Bytes& b) { b[8] = 99; }), "version 99"));
    EXPECT_TRUE(has(with([](Bytes& b) { b.resize(20); }), "too short"));
    EXPECT_TRUE(
        has(with([](Bytes& b) { put(b, offsetof(SegmentHeader, nsPerTick), -1.0); }), "rate"));
    EXPECT_TRUE(has(
        with([](Bytes& b) { put(b, offsetof(SegmentHeader, clock), std::uint32_t{7}); }), "clock"));
    const std::size_t table = kPageBytes;
    const std::size_t chunk = kPageBytes + kChunkBytes;
    EXPECT_TRUE(has(with([&](Bytes& b) { put(b, chunk, std::uint32_t{70'000}); }), "no stream"));
    EXPECT_TRUE(has(with([&](Bytes& b) { put(b, table + 32, std::uint32_t{9}); }), "not in order"));
    EXPECT_TRUE(has(with([&](Bytes& b) { b[table + 32 + 8] = 200; }), "role"));
    EXPECT_TRUE(has(complaintAbout(Bytes(100'000, 0xff)), "no segment"));
}

TEST(SegmentReader, MakesNamesPrintable) {
    Bytes bytes = realSegment();
    const std::size_t name = kPageBytes + 32 + offsetof(StreamEntry, name);
    const char raw[] = "a\x01\xff\xc3\xa9\xf0\x9f\x8d\x95\xe2\x82"; // control, stray, é, pizza, cut
    std::memcpy(bytes.data() + name, raw, sizeof raw);
    ReadSession read;
    EXPECT_EQ(complaintAbout(bytes, &read), "");
    EXPECT_EQ(read.streams.at(0).header.info.name, "a??é\xf0\x9f\x8d\x95??");
}

TEST(SegmentReader, WaitsForAChunkThatIsHandedOutButNotWritten) {
    // As after a kill between fetch_add and the first store: the chunk stays empty for ever.
    Bytes bytes = realSegment();
    std::fill_n(bytes.begin() + kPageBytes + 2 * kChunkBytes, kChunkBytes, std::uint8_t{0});
    ReadSession read;
    EXPECT_EQ(complaintAbout(bytes, &read), "");
    EXPECT_FALSE(read.streams.empty());
}

TEST(SegmentReader, RefusesWhatIsNoFile) {
    const TemporaryFolder folder;
    EXPECT_FALSE(SegmentReader::open(folder.path()));
    ASSERT_EQ(mkfifo((folder.path() / "1.seg").c_str(), 0600), 0);
    EXPECT_FALSE(SegmentReader::open(folder.path() / "1.seg")); // and does not wait for a writer
    auto session = SessionReader::open(folder.path());
    ASSERT_TRUE(session);
    ReadSession read;
    session->poll(read.sink());
    session->poll(read.sink());
    EXPECT_EQ(session->problems().size(), 1u);
}

TEST(SegmentReader, IgnoresATornAnchor) {
    Bytes bytes = realSegment();
    const std::size_t anchor = offsetof(SegmentHeader, latest);
    put(bytes, anchor, std::uint64_t{12345});
    put(bytes, anchor + sizeof(CheckedAnchor), std::uint64_t{12345});
    const TemporaryFolder folder;
    writeBytes(folder.path() / "1.seg", bytes);
    const auto reader = SegmentReader::open(folder.path() / "1.seg");
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->info().latest.ticks, reader->info().origin.ticks);
}

} // namespace interleave::record
