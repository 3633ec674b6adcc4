// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/navigation_history.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr TimeRange kStart{0, 100};
constexpr TimeRange kA{10, 20};
constexpr TimeRange kB{30, 40};
constexpr TimeRange kC{50, 60};

TEST(NavigationHistory, GoesBackAndForward) {
    NavigationHistory history;
    history.reset(kStart);
    history.visit(kA, false, 0);
    history.visit(kB, false, 1);
    EXPECT_EQ(history.back(), kA);
    EXPECT_EQ(history.back(), kStart);
    EXPECT_EQ(history.back(), std::nullopt);
    EXPECT_EQ(history.forward(), kA);
    EXPECT_EQ(history.forward(), kB);
    EXPECT_EQ(history.forward(), std::nullopt);
}

TEST(NavigationHistory, AGestureIsOnePlace) {
    NavigationHistory history;
    history.reset(kStart);
    history.visit(kA, true, 1000);
    history.visit(kB, true, 1100);
    history.visit(kC, true, 1200);
    EXPECT_EQ(history.back(), kStart);
    EXPECT_EQ(history.forward(), kC);
}

TEST(NavigationHistory, APauseEndsAGesture) {
    NavigationHistory history;
    history.reset(kStart);
    history.visit(kA, true, 1000);
    history.visit(kB, true, 5000);
    EXPECT_EQ(history.back(), kA);
}

TEST(NavigationHistory, ANewPlaceForgetsWhatLayAhead) {
    NavigationHistory history;
    history.reset(kStart);
    history.visit(kA, false, 0);
    history.back();
    history.visit(kB, false, 1);
    EXPECT_FALSE(history.canGoForward());
    EXPECT_EQ(history.back(), kStart);
}

TEST(NavigationHistory, StaysBounded) {
    NavigationHistory history;
    history.reset(kStart);
    for (Nanoseconds i = 0; i < 10'000; ++i) {
        history.visit({i, i + 5}, false, i);
    }
    int steps = 0;
    while (history.back()) {
        ++steps;
    }
    EXPECT_GT(steps, 50);
    EXPECT_LT(steps, 1000);
}

TEST(NavigationHistory, TheTrailLeadsInwardsToThePresentPlace) {
    NavigationHistory history;
    history.reset({0, 1000});
    history.visit({100, 500}, false, 0);
    history.visit({200, 220}, false, 1);
    EXPECT_EQ(history.trail(), (std::vector<TimeRange>{{0, 1000}, {100, 500}, {200, 220}}));
    history.visit({240, 260}, false, 2); // moved along within 100 .. 500
    EXPECT_EQ(history.trail(), (std::vector<TimeRange>{{0, 1000}, {100, 500}, {240, 260}}));
    history.visit({600, 620}, false, 3); // out of it
    EXPECT_EQ(history.trail(), (std::vector<TimeRange>{{0, 1000}, {600, 620}}));
    history.back();
    history.back();
    EXPECT_EQ(history.trail(), (std::vector<TimeRange>{{0, 1000}, {100, 500}, {200, 220}}));
}

TEST(NavigationHistory, ALittleCloserIsTheSameStopOfTheTrail) {
    NavigationHistory history;
    history.reset({0, 1000});
    history.visit({100, 500}, false, 0);
    history.visit({110, 490}, false, 1);
    EXPECT_EQ(history.trail(), (std::vector<TimeRange>{{0, 1000}, {110, 490}}));
}

} // namespace
} // namespace interleave::ui
