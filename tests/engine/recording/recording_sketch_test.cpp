// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/recording_sketch.h"

#include <array>
#include <gmock/gmock.h>
#include <set>

namespace interleave::support {
namespace {

using recording::Span;
using recording::Track;
using recording::TrackKind;

TEST(RecordingSketch, ComesBackAsItWasDrawn) {
    const std::string text = "a: QQRRRRCCRRd\n"
                             "b: QQQQGGGGGGRRf\n"
                             "w0: ..RRRRCCRR\n"
                             "w1: ....GGGGGGRR\n"
                             "core 0: ..aaaa##aabb\n"
                             "gil GIL: ..aaaa..aabb\n";
    EXPECT_EQ(drawn(*sketch(text)), text);
}

TEST(RecordingSketch, TakesTaskWorkerAndCoreFromOverlays) {
    const std::string text = "a: QRRRd\n"
                             "a/worker: .000\n"
                             "a/core: .001\n"
                             "w0: .RRR\n"
                             "w0/task: .aaa\n";
    EXPECT_EQ(drawn(*sketch(text), {.hasOverlays = true}), text);
}

TEST(DemoRecording, IsLegalAndShowsEveryState) {
    const auto demo = demoRecording();
    for (const recording::Diagnostic& diagnostic : demo->diagnostics) {
        EXPECT_EQ(diagnostic.kind, "demo") << diagnostic.message;
    }
    std::set<State> states;
    for (const Track& track : demo->tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            states.insert(track.spans.state[i]);
        }
    }
    for (const recording::TaskInfo& task : demo->tasks) {
        states.insert(task.end);
    }
    EXPECT_EQ(states.size(), static_cast<std::size_t>(kStateCount));
    EXPECT_EQ(demo->tracksOf(TrackKind::Task).size(), 10u);
    EXPECT_EQ(demo->tracksOf(TrackKind::Core).size(), 2u);
    EXPECT_FALSE(demo->links.empty());
}

TEST(DemoRecording, HasNoOverlapOnCoresAndLocks) {
    const auto demo = demoRecording();
    for (const Track& track : demo->tracks) {
        if (track.kind != TrackKind::Queue) {
            EXPECT_TRUE(track.spans.isFlat()) << track.name;
        }
    }
}

} // namespace
} // namespace interleave::support
