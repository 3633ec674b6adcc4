// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/time_navigation.h"

#include <cmath>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr TimeRange kExtent{0, 1'000'000};

TEST(TimeNavigation, ZoomingKeepsTheAnchorAtItsPlace) {
    const TimeRange view{200'000, 600'000};
    for (const Nanoseconds anchor : {200'000, 300'000, 450'000, 600'000}) {
        const TimeRange zoomed = zoomedAt(view, 0.5, anchor, kExtent);
        EXPECT_EQ(zoomed.durationNs(), 200'000);
        const double before = static_cast<double>(anchor - view.beginNs) / 400'000;
        const double after = static_cast<double>(anchor - zoomed.beginNs) / 200'000;
        EXPECT_NEAR(before, after, 1e-5) << anchor;
    }
}

TEST(TimeNavigation, ZoomingInAndOutComesBack) {
    const TimeRange view{100'000, 500'000};
    const TimeRange there = zoomedAt(view, 0.25, 300'000, kExtent);
    EXPECT_EQ(zoomedAt(there, 4, 300'000, kExtent), view);
}

TEST(TimeNavigation, AViewIsNeverShorterThanTwentyNanoseconds) {
    TimeRange view = kExtent;
    for (int i = 0; i < 200; ++i) {
        view = zoomedAt(view, 0.5, 333'333, kExtent);
    }
    EXPECT_EQ(view.durationNs(), kShortestViewNs);
    EXPECT_LE(view.beginNs, 333'333);
    EXPECT_GE(view.endNs, 333'333);
}

TEST(TimeNavigation, AViewIsNeverLongerThanTwiceTheExtent) {
    TimeRange view{0, 1000};
    for (int i = 0; i < 200; ++i) {
        view = zoomedAt(view, 2, 500, kExtent);
    }
    EXPECT_EQ(view.durationNs(), 2 * kExtent.durationNs());
    EXPECT_EQ(clampedView({-1'000'000'000'000, 1'000'000'000'000}, kExtent).durationNs(),
              2 * kExtent.durationNs());
}

TEST(TimeNavigation, PanningNeverLosesTheRun) {
    TimeRange view{0, 100'000};
    for (int i = 0; i < 100; ++i) {
        view = pannedBy(view, 0.9, kExtent);
    }
    EXPECT_TRUE(view.overlaps(kExtent));
    EXPECT_EQ(view.durationNs(), 100'000);
    for (int i = 0; i < 100; ++i) {
        view = pannedBy(view, -0.9, kExtent);
    }
    EXPECT_TRUE(view.overlaps(kExtent));
    EXPECT_EQ(view.durationNs(), 100'000);
}

TEST(TimeNavigation, PanningBackAndForthComesBack) {
    const TimeRange view{300'000, 400'000};
    EXPECT_EQ(pannedBy(pannedBy(view, 0.25, kExtent), -0.25, kExtent), view);
    EXPECT_EQ(pannedByTime(view, 50'000, kExtent), (TimeRange{350'000, 450'000}));
}

TEST(TimeNavigation, FittingShowsTheWholeRun) {
    const TimeRange fitted = fittedView(kExtent);
    EXPECT_EQ(fitted.beginNs, 0);
    EXPECT_GE(fitted.endNs, kExtent.endNs);
    EXPECT_LT(fitted.durationNs(), kExtent.durationNs() * 11 / 10);
}

TEST(TimeNavigation, FramingLeavesAirOnBothSides) {
    const TimeRange framed = framedView({400'000, 500'000}, kExtent);
    EXPECT_LT(framed.beginNs, 400'000);
    EXPECT_GT(framed.endNs, 500'000);
    EXPECT_GT(100'000.0 / static_cast<double>(framed.durationNs()), 0.6);
}

TEST(TimeNavigation, AnEmptyRangeOrABadFactorIsSurvived) {
    EXPECT_EQ(clampedView({500, 500}, kExtent).durationNs(), kShortestViewNs);
    EXPECT_EQ(zoomedAt({0, 1000}, 0, 500, kExtent), (TimeRange{0, 1000}));
    EXPECT_EQ(zoomedAt({0, 1000}, std::nan(""), 500, kExtent), (TimeRange{0, 1000}));
    EXPECT_GE(fittedView({0, 0}).durationNs(), kShortestViewNs);
}

} // namespace
} // namespace interleave::ui
