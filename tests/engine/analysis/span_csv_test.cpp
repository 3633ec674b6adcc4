// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_csv.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/generated_recording.h"
#include "tests/support/recording_sketch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using recording::TrackKind;

TEST(SpanCsv, WritesEverySpanWithItsTrack) {
    const auto recording = support::sketch("a: QRRd\n"
                                           "a/worker: .00\n"
                                           "a/core: .01\n"
                                           "w0: .RR\n"
                                           "w0/task: .aa\n"
                                           "gil GIL: .aa\n");
    EXPECT_EQ(spanCsv(*recording),
              "track_kind,track,task,worker,core,state,name,cause,begin_ns,end_ns,depth\n"
              "task,a,a,,,queued,,,0,1000,0\n"
              "task,a,a,w0,0,running,,,1000,2000,0\n"
              "task,a,a,w0,1,running,,,2000,3000,0\n"
              "worker,w0,a,w0,,running,,,1000,3000,0\n"
              "lock,GIL,a,,,held,,,1000,3000,0\n");
    EXPECT_EQ(spanCsv(*recording, TrackKind::Lock),
              std::string(kSpanCsvHeader) + "lock,GIL,a,,,held,,,1000,3000,0\n");
}

TEST(SpanCsv, QuotesWhatNeedsIt) {
    recording::RecordingBuilder builder;
    const TaskId task = builder.addTask({"dish, \"3\"", "dish", State::Done, 0, 9});
    builder.addTaskSpan({.range = {0, 9},
                         .state = State::Running,
                         .task = task,
                         .name = builder.intern("two\nlines")});
    EXPECT_EQ(spanCsv(*builder.finish()),
              std::string(kSpanCsvHeader) +
                  "task,\"dish, \"\"3\"\"\",\"dish, \"\"3\"\"\",,,running,\"two\nlines\",,0,9,0\n");
}

/// Span by span, for recordings whose names need no quotes.
std::string plainCsv(const recording::Recording& recording) {
    std::string text(kSpanCsvHeader);
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            const recording::Span span = track.spans.at(i);
            text +=
                fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", recording::nameOf(track.kind),
                            track.name, span.task ? recording.task(span.task).name : "",
                            span.worker ? recording.worker(span.worker).name : "",
                            span.core >= 0 ? std::to_string(span.core) : "", nameOf(span.state),
                            recording.strings.text(span.name), recording.strings.text(span.cause),
                            span.range.beginNs, span.range.endNs, span.depth);
        }
    }
    return text;
}

TEST(SpanCsv, IsTheSameInManyPartsAsSpanBySpan) {
    const auto nested = support::generatedRecording({.spans = 70'000, .tracks = 3});
    EXPECT_TRUE(spanCsv(*nested) == plainCsv(*nested));
    const auto shortTracks =
        support::generatedRecording({.spans = 30'000, .tracks = 2'000, .kind = TrackKind::Worker});
    EXPECT_TRUE(spanCsv(*shortTracks) == plainCsv(*shortTracks));
    const auto demo = support::demoRecording();
    EXPECT_EQ(spanCsv(*demo), plainCsv(*demo));
}

TEST(SpanCsv, EndsWithTheErrorOfTheSink) {
    const auto recording = support::generatedRecording({.spans = 100'000});
    std::size_t parts = 0;
    const auto written =
        writeSpanCsv(*recording, std::nullopt, {.write = [&](std::string_view) -> Result<void> {
            return ++parts < 3 ? Result<void>{} : fail("The disk is full.");
        }});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "The disk is full.");
    EXPECT_EQ(parts, 3U);
}

TEST(SpanCsv, KnowsTheKindsOfTracks) {
    EXPECT_EQ(trackKindNamed("core"), TrackKind::Core);
    EXPECT_EQ(trackKindNamed("cores"), std::nullopt);
}

} // namespace
} // namespace interleave::analysis
