// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_csv.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

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

TEST(SpanCsv, KnowsTheKindsOfTracks) {
    EXPECT_EQ(trackKindNamed("core"), TrackKind::Core);
    EXPECT_EQ(trackKindNamed("cores"), std::nullopt);
}

} // namespace
} // namespace interleave::analysis
