// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/trace_text.h"

#include "engine/chrome_trace/document.h"
#include "tests/engine/chrome_trace/trace_sketch.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <zlib.h>

namespace interleave::chrome_trace {
namespace {

std::string packed(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(text.size() + 1000, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string longTrace() {
    std::string text = "[";
    for (int i = 0; i < 5000; ++i) {
        text += fmt::format(
            R"({{"name":"n","ph":"X","ts":{},"dur":1,"pid":1,"tid":1,"args":{{"i":{}}}}},)", i, i);
    }
    return text;
}

TEST(TraceText, CompressedDataIsToldByItsBytes) {
    const std::string text = longTrace();
    EXPECT_EQ(textOf(imported(packed(text))), textOf(imported(text)));
}

TEST(TraceText, SeveralMembersAreOneText) {
    const std::string text = longTrace();
    const auto whole =
        TraceText::fromBytes(packed(text.substr(0, 7000)) + packed(text.substr(7000)), "t");
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->text(), text);
    EXPECT_FALSE(whole->isDamaged());
}

TEST(TraceText, CutAndDamagedDataGivesWhatWasThere) {
    const std::string whole = packed(longTrace());
    const RecordingPtr cut = imported(whole.substr(0, whole.size() / 2));
    EXPECT_EQ(countOf(cut, "damaged-archive"), 1u);
    EXPECT_GT(cut->tracks.at(0).spans.size(), 1000u);
    std::string damaged = whole;
    damaged[damaged.size() - 6] ^= 0x55; // its checksum
    EXPECT_EQ(countOf(imported(damaged), "damaged-archive"), 1u);
}

TEST(TraceText, FilesOfWholePagesAreReadToTheirEnd) {
    std::string folder = (std::filesystem::temp_directory_path() / "text-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const std::filesystem::path path = std::filesystem::path(folder) / "t.json";
    std::string text = longTrace();
    text.resize(8192, ' ');
    std::ofstream(path, std::ios::binary) << text;
    const auto opened = TraceText::open(path);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->text(), text);
    EXPECT_EQ(opened->text().data()[8192 + 63], '\0');
    EXPECT_TRUE(isTraceFile(path));
    std::filesystem::remove_all(folder);
}

TEST(LooksLikeTrace, TellsTracesFromScenarios) {
    for (const char* trace :
         {"{\"traceEvents\":[]}", "  [ {\"name\"", "[\n\n{", "[]", "[", "\x1f\x8b\x08"}) {
        EXPECT_TRUE(looksLikeTrace(trace)) << trace;
    }
    for (const char* other : {"", "name = \"x\"", "[run]\nworkers = 1", "[[task]]", "# [", "ILV"}) {
        EXPECT_FALSE(looksLikeTrace(other)) << other;
    }
}

} // namespace
} // namespace interleave::chrome_trace
