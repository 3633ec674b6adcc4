// SPDX-License-Identifier: GPL-3.0-or-later
// Small files in the manner of the programs that write this format: each opens with nothing lost.
#include "tests/engine/chrome_trace/trace_sketch.h"

#include <filesystem>
#include <fstream>
#include <set>

namespace interleave::chrome_trace {
namespace {

RecordingPtr sample(const std::string& name) {
    const auto recording = importTrace(std::filesystem::path(INTERLEAVE_TRACE_SAMPLES) / name);
    if (!recording) {
        ADD_FAILURE() << recording.error().message;
        return std::make_shared<const recording::Recording>();
    }
    return *recording;
}

std::size_t spanCount(const RecordingPtr& recording) {
    std::size_t count = 0;
    for (const recording::Track& track : recording->tracks) {
        count += track.spans.size();
    }
    return count;
}

void expectNothingLost(const RecordingPtr& recording) {
    for (const recording::Diagnostic& diagnostic : recording->diagnostics) {
        EXPECT_NE(diagnostic.severity, recording::Severity::DataLoss) << diagnostic.message;
    }
}

TEST(Samples, Chrome) {
    const RecordingPtr recording = sample("chrome.json");
    expectNothingLost(recording);
    EXPECT_EQ(spansOf(recording, "CrRendererMain").size(), 3u);
    EXPECT_EQ(recording->tasks.size(), 1u);
    EXPECT_EQ(recording->links.size(), 1u);
    EXPECT_EQ(recording->marks.size(), 2u);
    EXPECT_EQ(countOf(recording, "unshown-O"), 1u);
}

TEST(Samples, VizTracer) {
    const RecordingPtr recording = sample("viztracer.json");
    expectNothingLost(recording);
    EXPECT_EQ(spansOf(recording, "MainThread"),
              (std::vector<std::string>{"<module> (/home/me/fib.py:1) 0+30501 0",
                                        "fib (/home/me/fib.py:1) 1200+20300 1",
                                        "fib (/home/me/fib.py:1) 2300+10100 2"}));
    EXPECT_EQ(recording->processes.at(0).name, "MainProcess");
}

TEST(Samples, PerfettoTraceconv) {
    const RecordingPtr recording = sample("traceconv.json");
    expectNothingLost(recording);
    EXPECT_EQ(spanCount(recording), 3u);
    EXPECT_EQ(recording->counters.size(), 1u);
}

TEST(Samples, Firefox) {
    const RecordingPtr recording = sample("firefox.json");
    expectNothingLost(recording);
    EXPECT_EQ(spansOf(recording, "GeckoMain").size(), 2u);
    EXPECT_EQ(recording->marks.size(), 1u);
}

TEST(Samples, ClangTimeTrace) {
    const RecordingPtr recording = sample("clang.json");
    expectNothingLost(recording);
    EXPECT_EQ(spanCount(recording), 5u);
    EXPECT_EQ(recording->processes.at(0).name, "clang-16");
}

TEST(Samples, Ninjatracing) {
    const RecordingPtr recording = sample("ninjatracing.json");
    expectNothingLost(recording);
    EXPECT_EQ(spanCount(recording), 3u);
    EXPECT_EQ(recording->workers.size(), 2u);
}

} // namespace
} // namespace interleave::chrome_trace
