// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/overview_strip.h"

#include "tests/support/generated_recording.h"
#include "tests/support/recording_sketch.h"
#include "ui/view_state/time_navigation.h"

#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class OverviewStripTest : public ::testing::Test {
protected:
    OverviewStripTest() {
        state.setRecording(support::demoRecording());
        strip.resize(1168, 40);
        strip.setGutterPx(168);
    }

    void drag(QPoint from, QPoint to) {
        QTest::mousePress(&strip, Qt::LeftButton, {}, from);
        QTest::mouseMove(&strip, to);
        QTest::mouseRelease(&strip, Qt::LeftButton, {}, to);
    }

    ViewState state;
    OverviewStrip strip{state};
};

TEST_F(OverviewStripTest, TheWindowIsTheVisibleRange) {
    EXPECT_NEAR(strip.windowRect().left(), 168, 1);
    EXPECT_NEAR(strip.windowRect().right(), 1168, 1);
    state.setVisible({10'000'000, 20'000'000});
    EXPECT_NEAR(strip.windowRect().width(),
                1000.0 * 10'000'000 / static_cast<double>(fittedView(state.extent()).durationNs()),
                1);
}

TEST_F(OverviewStripTest, DraggingTheWindowMovesTheView) {
    state.setVisible({10'000'000, 20'000'000});
    const QPoint middle = strip.windowRect().center().toPoint();
    drag(middle, middle + QPoint(100, 0));
    EXPECT_GT(state.visible().beginNs, 15'000'000);
    EXPECT_EQ(state.visible().durationNs(), 10'000'000);
}

TEST_F(OverviewStripTest, DraggingAnEdgeZooms) {
    state.setVisible({10'000'000, 20'000'000});
    const QPoint edge(static_cast<int>(strip.windowRect().right()), 20);
    drag(edge, edge + QPoint(150, 0));
    EXPECT_EQ(state.visible().beginNs, 10'000'000);
    EXPECT_GT(state.visible().endNs, 25'000'000);
}

TEST_F(OverviewStripTest, AClickElsewhereGoesThere) {
    state.setVisible({0, 4'000'000});
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(668, 20));
    const Nanoseconds middle = fittedView(state.extent()).durationNs() / 2;
    EXPECT_TRUE(state.visible().contains(middle));
    EXPECT_EQ(state.visible().durationNs(), 4'000'000);
}

/// How many pixels of the strip's picture have a colour.
int pixelsOf(const QImage& image, const QColor& colour) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            count += image.pixelColor(x, y) == colour ? 1 : 0;
        }
    }
    return count;
}

TEST_F(OverviewStripTest, AThousandTracksAreSummedAside) {
    const auto large = support::generatedRecording({.spans = 20'000, .tracks = 1000});
    state.setRecording(large);
    strip.grab(); // asks for the sums
    EXPECT_FALSE(strip.isComplete());
    ASSERT_TRUE(QTest::qWaitFor([&] { return strip.isComplete(); }, 20'000));
    EXPECT_GT(pixelsOf(strip.grab().toImage(), state.theme().of(State::Running).fill), 1000);
}

TEST_F(OverviewStripTest, MayGoWhileItSums) {
    for (int i = 0; i < 5; ++i) {
        ViewState other;
        other.setRecording(support::generatedRecording({.spans = 20'000, .tracks = 2000}));
        OverviewStrip going(other);
        going.resize(800, 40);
        going.grab();
        EXPECT_FALSE(going.isComplete());
    }
}

TEST_F(OverviewStripTest, SearchHitsAreTicks) {
    const QColor accent = state.theme().accent;
    state.setVisible({0, 1'000'000}); // its frame has the same colour
    const int before = pixelsOf(strip.grab().toImage(), accent);
    SearchHits hits;
    hits.range = state.recording()->range;
    hits.density.assign(100, 0);
    hits.density[20] = 1;
    hits.density[70] = 40;
    hits.count = 41;
    state.setSearchHits(std::make_shared<const SearchHits>(hits));
    EXPECT_EQ(pixelsOf(strip.grab().toImage(), accent) - before, 2 * 2 * 5)
        << "two ticks of two by five pixels";
}

TEST(OverviewShares, AreTheTimesOfAllTracks) {
    const auto recording = support::generatedRecording({.spans = 30'000, .tracks = 7, .depths = 1});
    OverviewQuestion question{recording, recording::TrackKind::Task, recording->range, 333};
    const OverviewShares shares = overviewShares(question);
    ASSERT_EQ(shares.columns.size(), 333u);
    std::array<double, kStates> sums{};
    for (const auto& column : shares.columns) {
        for (std::size_t i = 0; i < kStates; ++i) {
            sums[i] += static_cast<double>(column[i]) *
                       static_cast<double>(recording->range.durationNs()) / 333;
        }
    }
    for (std::size_t i = 0; i < kStates; ++i) {
        double expected = 0;
        for (const recording::Track& track : recording->tracks) {
            expected += static_cast<double>(track.spans.timesIn(recording->range)[i]);
        }
        EXPECT_NEAR(sums[i], expected, expected * 1e-4 + 1);
    }
}

} // namespace
} // namespace interleave::ui
