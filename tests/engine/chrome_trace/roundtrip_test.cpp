// SPDX-License-Identifier: GPL-3.0-or-later
// An export, imported again, is the recording: for random ones, for a demo with some of everything,
// and where the file was written anew by another program.
#include "engine/chrome_trace/export.h"
#include "engine/chrome_trace/importer.h"
#include "engine/recording/recording_builder.h"
#include "tests/engine/chrome_trace/random_recording.h"
#include "tests/support/demo_recording.h"
#include "tests/support/generated_recording.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interleave::chrome_trace {
namespace {

using recording::Recording;

std::string wholeTrace(const Recording& recording) {
    std::string text;
    const auto complete = exportTrace(recording, {.write = [&](std::string_view part) {
                                          text += part;
                                          return Result<void>{};
                                      }});
    EXPECT_TRUE(complete && *complete);
    return text;
}

RecordingPtr imported(const std::string& text, std::size_t pieceBytes = std::size_t{8} << 20) {
    auto recording = importTraceText(text, "trace.json", {.pieceBytes = pieceBytes});
    EXPECT_TRUE(recording) << (recording ? "" : recording.error().message);
    return recording ? *recording : nullptr;
}

TEST(RoundTrip, IsTheIdentityForRandomRecordings) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const auto original = randomRecording(seed);
        const auto back = imported(wholeTrace(*original));
        ASSERT_TRUE(back) << "seed " << seed;
        ASSERT_EQ(differenceOf(*original, *back), "") << "seed " << seed;
    }
}

TEST(RoundTrip, DoesNotDependOnHowTheTextIsCutIntoPieces) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto original = randomRecording(seed);
        const std::string text = wholeTrace(*original);
        for (const std::size_t pieceBytes : {200U, 1000U, 5000U}) {
            const auto back = imported(text, pieceBytes);
            ASSERT_TRUE(back);
            ASSERT_EQ(differenceOf(*original, *back), "") << "seed " << seed;
        }
    }
}

TEST(RoundTrip, KeepsADemoOfEverything) {
    const auto original = support::demoRecording();
    const auto back = imported(wholeTrace(*original));
    ASSERT_TRUE(back);
    EXPECT_EQ(differenceOf(*original, *back), "");
    EXPECT_EQ(wholeTrace(*original), wholeTrace(*back));
}

TEST(RoundTrip, KeepsManyNestedSpansOverPieces) {
    for (const auto kind : {recording::TrackKind::Task, recording::TrackKind::Worker}) {
        const auto original = support::generatedRecording(
            {.spans = 60'000, .tracks = 5, .kind = kind, .links = 1000, .marks = 200});
        const auto back = imported(wholeTrace(*original), 100'000);
        ASSERT_TRUE(back);
        EXPECT_EQ(differenceOf(*original, *back), "");
    }
}

TEST(RoundTrip, SurvivesBeingFormattedByAnotherProgram) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const auto original = randomRecording(seed);
        // Sorted keys, other spaces, other numbers: 1e-3 and 0.5 for 0.500.
        const auto parsed = nlohmann::ordered_json::parse(wholeTrace(*original));
        for (const int indent : {-1, 0, 2}) {
            const auto back = imported(parsed.dump(indent), 300);
            ASSERT_TRUE(back);
            // Its own numbers are doubles, which hold nanoseconds of some months only.
            if (original->range.endNs < 1'000'000'000'000) {
                ASSERT_EQ(back->links.size(), original->links.size());
                ASSERT_EQ(back->tracks.size(), original->tracks.size());
                for (std::size_t i = 0; i < original->tracks.size(); ++i) {
                    ASSERT_EQ(back->tracks[i].spans.size(), original->tracks[i].spans.size());
                }
            }
        }
    }
}

TEST(RoundTrip, SaysThatACutFileIsCutAndKeepsTheRest) {
    const auto original = support::demoRecording();
    const std::string text = wholeTrace(*original);
    const auto back = imported(text.substr(0, text.size() * 2 / 3));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->tasks.size(), original->tasks.size());
    EXPECT_GT(back->diagnostics.size(), original->diagnostics.size());
}

TEST(RoundTrip, SurvivesEveryPrefixAndDamagedBytes) {
    const std::string text = wholeTrace(*randomRecording(7));
    for (std::size_t size = 0; size < text.size(); size += 1 + text.size() / 700) {
        const auto ignored = importTraceText(text.substr(0, size), "trace.json", {});
        EXPECT_TRUE(ignored || !ignored.error().message.empty());
    }
    std::uint64_t random = 99;
    for (int i = 0; i < 2000; ++i) {
        std::string damaged = text;
        for (int k = 0; k < 3; ++k) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            damaged[(random >> 20) % damaged.size()] = "0123456789\"{}[],:-tqx"[random >> 59 & 15];
        }
        const auto ignored = importTraceText(damaged, "trace.json", {.pieceBytes = 2000});
        EXPECT_TRUE(ignored || !ignored.error().message.empty());
    }
}

TEST(RoundTrip, KeepsDeepNestingThatIsSpreadOverPieces) {
    recording::RecordingBuilder builder;
    recording::WorkerInfo info;
    info.name = "deep";
    const WorkerId worker = builder.addWorker(std::move(info));
    for (std::uint16_t depth = 0; depth < 2'000; ++depth) {
        builder.addWorkerSpan({.range = {depth, 10'000 - depth}, .worker = worker, .depth = depth});
    }
    const auto original = builder.finish();
    const auto back = imported(wholeTrace(*original), 1'000);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->tracks[0].spans.lanes().size(), 2'000U);
    EXPECT_EQ(differenceOf(*original, *back), "");
}

// A lane for each depth that a damaged file may claim would be half a megabyte a line.
TEST(RoundTrip, DoesNotBelieveInDepthsThatFewSpansCanNotHave) {
    const auto result = importTraceText(
        "{\"interleave\":{\"version\":1,\"tasks\":[[\"a\",\"a\",\"done\",0,0]]},\"traceEvents\":[\n"
        "{\"ph\":\"b\",\"cat\":\"task\",\"id\":\"t1\",\"pid\":1,\"tid\":1,\"ts\":1.000,"
        "\"name\":\"x\",\"args\":{\"state\":\"running\",\"dur\":2.000,\"depth\":65000}}]}",
        "trace.json", {});
    ASSERT_TRUE(result);
    ASSERT_EQ((*result)->tracks.size(), 1U);
    ASSERT_EQ((*result)->tracks[0].spans.size(), 1U);
    EXPECT_LT((*result)->tracks[0].spans.lanes().size(), 100U);
}

TEST(RoundTrip, RefusesTheExportOfANewerVersionWithASentence) {
    const auto result =
        importTraceText("{\"interleave\":{\"version\":2},\"traceEvents\":[]}", "trace.json", {});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("another version"), std::string::npos);
}

} // namespace
} // namespace interleave::chrome_trace
