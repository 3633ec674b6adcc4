// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/parts.h"

#include "tests/ui/chart/scene_checks.h"

#include <gmock/gmock.h>

#include <numeric>

namespace interleave::chart {
namespace {

const QRectF kStrip(100, 0, 100, 20);

std::vector<Box> boxesOf(const Scene& scene) {
    std::vector<Box> boxes;
    for (const Item& item : scene.items) {
        if (const auto* const box = std::get_if<Box>(&item)) {
            boxes.push_back(*box);
        }
    }
    return boxes;
}

Scene stripOf(const std::vector<StripSpan>& spans, TimeRange visible) {
    Scene scene;
    addStrip(scene, kStrip, {visible, 100, 100}, spans);
    return scene;
}

TEST(Strip, DrawsWideSpansOneByOneWithTheirLabels) {
    const Scene scene =
        stripOf({{{0, 50}, inkOf(State::Running), "a"}, {{50, 80}, inkOf(State::Ready), "b", 0.5}},
                {0, 100});
    EXPECT_EQ(describe(scene), "box 100,0 50x20 running a\n"
                               "box 150,10 30x10 ready b\n");
}

TEST(Strip, CutsSpansAtTheEdgesOfTheView) {
    const Scene scene = stripOf({{{-1000, 2000}, inkOf(State::Running), {}}}, {0, 100});
    EXPECT_EQ(describe(scene), "box 100,0 100x20 running\n");
}

TEST(Strip, LeavesOutWhatIsNotInTheView) {
    EXPECT_TRUE(stripOf({{{200, 300}, inkOf(State::Running), {}}}, {0, 100}).items.empty());
}

TEST(Strip, ShowsSharesWhereSpansAreNarrowerThanPixels) {
    // Ten spans in each pixel, three quarters of the time running: 15 of 20 pixels.
    std::vector<StripSpan> spans;
    for (Nanoseconds t = 0; t < 1000; ++t) {
        const bool isRunning = t % 4 != 3;
        spans.push_back({{t, t + 1}, inkOf(isRunning ? State::Running : State::Ready), {}});
    }
    double running = 0, all = 0;
    for (const Box& box : boxesOf(stripOf(spans, {0, 1000}))) {
        all += box.rect.width() * box.rect.height();
        running += box.ink == inkOf(State::Running) ? box.rect.width() * box.rect.height() : 0;
    }
    EXPECT_NEAR(all, 100 * 20, 100);
    EXPECT_NEAR(running / all, 0.75, 0.06);
}

TEST(Strip, KeepsARareStateInSight) {
    std::vector<StripSpan> spans{{{0, 999}, inkOf(State::Running), {}},
                                 {{999, 1000}, inkOf(State::Failed), {}}};
    const auto boxes = boxesOf(stripOf(spans, {0, 100'000}));
    EXPECT_TRUE(
        std::ranges::any_of(boxes, [](const Box& box) { return box.ink == inkOf(State::Failed); }));
}

TEST(Stack, PilesLayersWithinThePlot) {
    Scene scene;
    scene.size = {300, 100};
    const QRectF plot(50, 10, 200, 80);
    const std::vector<Layer> layers{{"low", inkOf(State::Running), {1, 1, 2, 1}},
                                    {"high", inkOf(State::Ready), {1, 0, 2, 9}}};
    addStack(scene, plot, layers, 4);
    for (const Item& item : scene.items) {
        EXPECT_TRUE(plot.adjusted(-1, -1, 1, 1).contains(boundsOf(item))) << describe(scene);
    }
    const auto& low = std::get<Area>(scene.items[0]).outline;
    EXPECT_DOUBLE_EQ(low.boundingRect().top(), 50); // 2 of 4
    const auto& high = std::get<Area>(scene.items[1]).outline;
    EXPECT_DOUBLE_EQ(high.boundingRect().top(), 10); // full, and cut there
}

TEST(Curve, IsOneLineForALevelStretch) {
    Scene scene;
    addCurve(scene, {0, 0, 100, 10}, std::vector<double>(50, 1.0), 2, {Role::Text});
    ASSERT_EQ(scene.items.size(), 1U);
    EXPECT_EQ(std::get<Line>(scene.items[0]).points.size(), 2);
}

TEST(TimeAxis, HasNoLabelsOverOneAnother) {
    for (const double width : {60.0, 131.0, 500.0, 2000.0}) {
        Scene scene;
        scene.size = {width + 100, 30};
        addTimeAxis(scene, {100, 0, width, kTimeAxisPx}, {{0, 66'700'000}, 100, width});
        EXPECT_THAT(textsThatOverlap(scene), testing::IsEmpty()) << width;
        EXPECT_THAT(itemsOutside(scene), testing::IsEmpty()) << width;
    }
}

} // namespace
} // namespace interleave::chart
