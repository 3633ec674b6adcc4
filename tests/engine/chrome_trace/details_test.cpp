// SPDX-License-Identifier: GPL-3.0-or-later
// Args are read from the file when somebody asks.
#include "engine/chrome_trace/trace_details.h"
#include "tests/engine/chrome_trace/trace_sketch.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace interleave::chrome_trace {
namespace {

class TraceFile {
public:
    explicit TraceFile(std::string_view text) {
        std::string folder = (std::filesystem::temp_directory_path() / "trace-XXXXXX").string();
        m_folder = ::mkdtemp(folder.data());
        write(text);
    }
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;
    ~TraceFile() { std::filesystem::remove_all(m_folder); }
    void write(std::string_view text) const { std::ofstream(path(), std::ios::binary) << text; }
    std::filesystem::path path() const { return m_folder / "trace.json"; }

private:
    std::filesystem::path m_folder;
};

std::vector<std::string> argsOf(const RecordingPtr& recording) {
    const recording::SpanColumns& spans = recording->tracks.at(0).spans;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        texts.push_back(spans.detail[i] == 0 ? "-" : recording->details->text(spans.detail[i]));
    }
    return texts;
}

const std::string kTrace =
    R"({"traceEvents":[{"name":"a","ph":"X","ts":1,"dur":1,"pid":1,"tid":1,"args":{"x":"}"}},)"
    R"({"name":"b","ph":"X","ts":3,"dur":1,"pid":1,"tid":1},)"
    R"({"name":"c","ph":"X","ts":5,"dur":1,"pid":1,"tid":1,"args":{}},)"
    R"({"name":"d","ph":"B","ts":7,"pid":1,"tid":1,"args":{"from":1}},)"
    R"({"name":"d","ph":"E","ts":8,"pid":1,"tid":1,"args":{"to":2}},)"
    R"({"name":"e","ph":"B","ts":9,"pid":1,"tid":1},)"
    R"({"name":"e","ph":"E","ts":9.5,"pid":1,"tid":1,"args":{"long":")" +
    std::string(20'000, 'y') + R"("}}]})";

TEST(TraceDetails, AreTheArgsOfTheEvent) {
    const TraceFile file(kTrace);
    const auto recording = importTrace(file.path());
    ASSERT_TRUE(recording.has_value());
    const auto args = argsOf(*recording);
    ASSERT_EQ(args.size(), 5u);
    EXPECT_EQ(args[0], R"({"x":"}"})");
    EXPECT_EQ(args[1], "-");
    EXPECT_EQ(args[2], "-");
    EXPECT_EQ(args[3], R"({"from":1,"to":2})");
    EXPECT_EQ(args[4].size(), 20'000u + 11);
    EXPECT_EQ(argsOf(imported(kTrace)), args) << "a text that is in memory has the same";
}

TEST(TraceDetails, OfAChangedFileAreEmpty) {
    const TraceFile file(kTrace);
    const auto recording = importTrace(file.path());
    ASSERT_TRUE(recording.has_value());
    file.write("something else");
    EXPECT_EQ(argsOf(*recording).front(), "");
}

TEST(TraceDetails, AKeyThatIsNoneHasNoText) {
    const auto recording = imported(kTrace);
    for (const std::uint64_t key : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{5},
                                    std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
        EXPECT_EQ(recording->details->text(key), "") << key;
    }
}

} // namespace
} // namespace interleave::chrome_trace
