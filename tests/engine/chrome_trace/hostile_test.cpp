// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing that a file contains may crash, hang or exhaust the program.
#include "tests/engine/chrome_trace/trace_sketch.h"

#include <chrono>
#include <random>

namespace interleave::chrome_trace {
namespace {

const std::vector<std::string>& smallFiles() {
    static const std::vector<std::string> files{
        R"({"traceEvents":[{"name":"a\u00e9","cat":"c","ph":"X","ts":1.5,"dur":2,"pid":1,"tid":1,"args":{"x":[1,"}"]}},)"
        R"({"name":"b","ph":"B","ts":2,"pid":1,"tid":1},{"ph":"E","ts":3,"pid":1,"tid":1}],"displayTimeUnit":"ms"})",
        R"([{"ph":"b","cat":"n","name":"o","id":"0x1","ts":1,"pid":1,"tid":1},)"
        R"({"ph":"n","cat":"n","name":"o","id":1,"ts":2,"pid":1,"tid":1},)"
        R"({"ph":"e","cat":"n","name":"o","id2":{"local":"0x1"},"ts":4,"pid":1,"tid":1},)"
        R"({"ph":"C","name":"m","ts":1,"pid":1,"args":{"v":1,"w":2.5}},)"
        R"({"ph":"i","name":"i","ts":1,"pid":1,"tid":1,"s":"p"},)"
        R"({"ph":"s","name":"f","id":3,"ts":1,"pid":1,"tid":1},{"ph":"f","bp":"e","name":"f","id":3,"ts":2,"pid":1,"tid":2},)"
        R"({"ph":"S","name":"l","id":9,"ts":1,"pid":1,"tid":1},{"ph":"T","name":"l","id":9,"ts":2,"pid":1,"tid":1,"args":{"step":"s"}},)"
        R"({"ph":"M","name":"thread_name","pid":1,"tid":1,"args":{"name":"main"}}])",
        "\n[\n{\"name\": \"x\", \"ph\": \"X\", \"ts\": 1e3, \"dur\": -1, \"pid\": \"p\", \"tid\": "
        "2}\n,\n"
        "{\"name\": \"y\", \"ph\": \"X\", \"ts\": \"7\", \"bind_id\": 1, \"flow_out\": true}\n]\n",
    };
    return files;
}

void survive(const std::string& text) {
    ImportOptions options;
    options.pieceBytes = 40;
    const auto recording = importTraceText(text, "t", options);
    if (!recording) {
        EXPECT_FALSE(recording.error().message.empty());
        return;
    }
    for (const recording::Track& track : (*recording)->tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            ASSERT_GE(track.spans.duration[i], 0) << text;
            ASSERT_GE(track.spans.begin[i], 0) << text;
            ASSERT_LE(track.spans.rangeAt(i).endNs, (*recording)->range.endNs) << text;
        }
    }
}

TEST(HostileTrace, EveryPrefixIsSurvived) {
    for (const std::string& file : smallFiles()) {
        for (std::size_t size = 0; size <= file.size(); ++size) {
            survive(file.substr(0, size));
        }
    }
}

TEST(HostileTrace, APrefixShowsEveryEventThatIsWhole) {
    const std::string& file = smallFiles()[0];
    const std::size_t whole = file.find(",{\"name\":\"b\"");
    for (std::size_t size = whole; size < file.size(); ++size) {
        const RecordingPtr recording = imported(file.substr(0, size));
        ASSERT_GE(recording->tracks.at(0).spans.size(), 1u) << size;
        if (size + 1 < file.size()) {
            ASSERT_EQ(countOf(recording, "cut-file"), 1u) << size;
        }
    }
}

TEST(HostileTrace, EveryChangeOfOneByteIsSurvived) {
    const std::string& file = smallFiles()[0];
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            std::string changed = file;
            changed[at] = static_cast<char>(value);
            survive(changed);
        }
    }
}

TEST(HostileTrace, DeepNestingNeedsNoStack) {
    for (const char* brace : {"{\"a\":", "["}) {
        std::string text = R"({"traceEvents":[{"name":"a","ph":"X","ts":1,"dur":1,"args":)";
        for (int i = 0; i < 200'000; ++i) {
            text += brace;
        }
        survive(text);
        survive(text.substr(16));
    }
}

/// The time that a file takes must follow its size, however it is made.
TEST(HostileTrace, NothingTakesQuadraticTime) {
    const std::string quote = R"({"name":"x","ph":"X","ts":1,"dur":1,"pid":1,"tid":1},)";
    std::string unclosed = "{\"traceEvents\":[{\"a\":\"";
    std::string openBegins = "[";
    std::string objects = "[";
    for (int i = 0; i < 20'000; ++i) {
        unclosed += "\\\"},{\\\"name\\\":\n{\"name\":";
        openBegins += R"({"name":"b)" + std::to_string(i % 100) + R"(","ph":"B","ts":1},)";
        objects += "{\"name\":\"x\n{";
    }
    for (int i = 0; i < 20'000; ++i) {
        openBegins += R"({"name":"e","ph":"E","ts":2},)";
    }
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& text :
         {unclosed, openBegins, objects, std::string(1'000'000, '{'),
          "[" + std::string(1'000'000, '"'), "[" + std::string(1'000'000, ']'),
          "[" + std::string(1'000'000, '!')}) {
        survive(text);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

} // namespace
} // namespace interleave::chrome_trace
