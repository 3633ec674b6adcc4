// SPDX-License-Identifier: GPL-3.0-or-later
// Where a text is cut must not matter: every size of a piece gives the same recording.
#include "tests/engine/chrome_trace/trace_sketch.h"

#include "engine/chrome_trace/pieces_reader.h"
#include "engine/chrome_trace/trace_text.h"

#include <mutex>

namespace interleave::chrome_trace {
namespace {

/// Strings and args that look like events, on lines of their own and within lines.
std::string treacherous(std::string_view separator) {
    std::string text = "{\"traceEvents\":[";
    for (int i = 0; i < 60; ++i) {
        const char* args = i % 3 == 0   ? R"({"text":"},{\"name\":\"no\",\"ph\":\"X\""})"
                           : i % 3 == 1 ? "{\"list\":[{\"name\":\"no\",\"ph\":\"X\",\"ts\":1,"
                                          "\"dur\":1},\n{\"name\":\"no\",\"ts\":3}]}"
                                        : "{\"x\":\"\n{\\\"name\\\":1}\"}";
        text += fmt::format("{}{{\"name\":\"n{}\",\"ph\":\"X\",\"ts\":{},\"dur\":{},\"pid\":1,"
                            "\"tid\":{},\"args\":{}}}",
                            i == 0 ? "" : separator, i % 7, i * 10, 5 + i % 4, i % 3, args);
    }
    return text + "],\"displayTimeUnit\":\"ms\"}";
}

TEST(PiecesReader, CutsDoNotMatter) {
    for (const char* separator : {",", ",\n", ", ", "\n,\n  "}) {
        const std::string json = treacherous(separator);
        const std::string expected = textOf(imported(json));
        ASSERT_NE(expected.find("worker thread 2"), std::string::npos);
        ASSERT_EQ(expected.find(" no "), std::string::npos) << "an argument was taken for an event";
        for (const std::size_t bytes : {1u, 2u, 7u, 64u, 100u, 131u, 1000u, 4096u}) {
            ImportOptions options;
            options.pieceBytes = bytes;
            EXPECT_EQ(textOf(imported(json, options)), expected) << separator << bytes;
        }
    }
}

TEST(PiecesReader, GuessesAreRightInUsualFiles) {
    std::string json = "[\n";
    for (int i = 0; i < 1000; ++i) {
        json += fmt::format(
            "{{\"name\":\"n\",\"ph\":\"X\",\"ts\":{},\"dur\":1,\"pid\":1,\"tid\":1}},\n", i);
    }
    const auto text = TraceText::fromBytes(json, "trace");
    ASSERT_TRUE(text.has_value());
    PieceOptions options;
    options.pieceBytes = 1000;
    PiecesReader reader(text->text(), text->text().data() + 1, options);
    EXPECT_EQ(reader.readUntil(text->text().data() + json.size()), PiecesReader::End::Events);
    EXPECT_GT(reader.pieces().size(), 50u);
    EXPECT_EQ(reader.wrongGuesses(), 0u);
    EXPECT_FALSE(reader.isClosed());
}

TEST(PiecesReader, ProgressReachesTheEnd) {
    const std::string json = treacherous(",\n");
    std::mutex mutex;
    std::uint64_t most = 0;
    std::uint64_t all = 0;
    ImportOptions options;
    options.pieceBytes = 300;
    options.progress = [&](std::uint64_t done, std::uint64_t total) {
        const std::scoped_lock lock(mutex);
        EXPECT_LE(done, total);
        most = std::max(most, done);
        all = total;
    };
    imported(json, options);
    EXPECT_EQ(all, json.size());
    EXPECT_GT(most * 10, all * 9);
}

TEST(PiecesReader, AStopEndsTheImportWithASentence) {
    std::stop_source stop;
    ImportOptions options;
    options.pieceBytes = 100;
    options.stop = stop.get_token();
    options.progress = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); };
    const auto recording = importTraceText(treacherous(","), "trace.json", options);
    ASSERT_FALSE(recording.has_value());
    EXPECT_EQ(recording.error().message, "Opening trace.json was cancelled.");
}

TEST(PiecesReader, TheFirstPictureShowsTheBeginning) {
    std::string json = "[";
    for (int i = 0; i < 2000; ++i) {
        json += fmt::format(
            "{{\"name\":\"n\",\"ph\":\"X\",\"ts\":{},\"dur\":1,\"pid\":1,\"tid\":1}},\n", i);
    }
    std::vector<RecordingPtr> pictures;
    ImportOptions options;
    options.pieceBytes = 500;
    options.firstPictureFrom = 1;
    options.firstPicture = [&](const RecordingPtr& picture) { pictures.push_back(picture); };
    const RecordingPtr whole = imported(json, options);
    ASSERT_EQ(pictures.size(), 1u);
    EXPECT_TRUE(pictures[0]->isLive);
    EXPECT_FALSE(whole->isLive);
    const std::size_t early = pictures[0]->tracks.at(0).spans.size();
    EXPECT_GT(early, 50u);
    EXPECT_LT(early, 400u);
    EXPECT_EQ(whole->tracks.at(0).spans.size(), 2000u);
    const auto some = spansOf(pictures[0], "thread 1");
    const auto all = spansOf(whole, "thread 1");
    EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

} // namespace
} // namespace interleave::chrome_trace
