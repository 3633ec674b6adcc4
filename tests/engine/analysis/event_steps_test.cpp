// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/event_steps.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::analysis {
namespace {

TEST(EventSteps, GoFromChangeToChangeOfAnyTaskOrWorker) {
    const auto recording = support::sketch("a: RRRIIId\n"
                                           "b: .RRRRd\n"
                                           "w0: RRRRRR\n");
    std::vector<Nanoseconds> forward;
    for (auto at = nextEvent(*recording, -1); at; at = nextEvent(*recording, *at)) {
        forward.push_back(*at);
    }
    EXPECT_EQ(forward, (std::vector<Nanoseconds>{0, 1000, 3000, 5000, 6000}));
    std::vector<Nanoseconds> back;
    for (auto at = previousEvent(*recording, 6001); at; at = previousEvent(*recording, *at)) {
        back.push_back(*at);
    }
    std::ranges::reverse(back);
    EXPECT_EQ(back, forward);
}

TEST(EventSteps, StandStillAtTheEnds) {
    const auto recording = support::sketch("a: RRd\n");
    EXPECT_EQ(nextEvent(*recording, 2000), std::nullopt);
    EXPECT_EQ(previousEvent(*recording, 0), std::nullopt);
    EXPECT_EQ(nextEvent(recording::Recording(), 0), std::nullopt);
}

TEST(EventSteps, LeaveOutWhatCoresDoForOtherPrograms) {
    const auto recording = support::sketch("a: RRRRd\n"
                                           "core 0: ##aa\n");
    EXPECT_EQ(nextEvent(*recording, 0), 4000);
}

TEST(EventSteps, MayBeThoseOfMessagesAlone) {
    const auto recording = support::brokerRecording();
    ASSERT_FALSE(recording->messages.empty());
    Nanoseconds at = -1;
    for (const recording::MessageEvent& event : recording->messages) {
        if (event.timeNs != at) {
            ASSERT_EQ(nextEvent(*recording, at, EventScope::Messages), event.timeNs);
            at = event.timeNs;
        }
    }
    EXPECT_EQ(nextEvent(*recording, at, EventScope::Messages), std::nullopt);
}

} // namespace
} // namespace interleave::analysis
