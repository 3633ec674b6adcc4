// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sweep/sweep_geometry.h"

#include "tests/ui/chart/scene_checks.h"

#include <gmock/gmock.h>

#include <cmath>

namespace interleave::ui {
namespace {

using analysis::Sweep;
using analysis::SweepSample;
using testing::IsEmpty;

constexpr QSizeF kSlide(1240, 610);

/// Makespans in seconds of one model: at each value of the parameter some runs.
using Makespans = std::vector<std::vector<double>>;

Sweep sweepOf(std::vector<double> values, const std::vector<Makespans>& models) {
    Sweep plan{
        .scenario = "S", .key = "workers", .unit = "", .models = {}, .points = {}, .crossings = {}};
    std::vector<std::vector<std::vector<SweepSample>>> samples(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        plan.points.push_back({std::to_string(static_cast<int>(values[i])), values[i], {}, {}});
        for (const Makespans& model : models) {
            samples[i].emplace_back();
            for (const double makespan : model[i]) {
                samples[i].back().push_back(
                    {.makespanS = makespan, .boundS = 0.5, .parallelismMean = 1});
            }
        }
    }
    for (std::size_t i = 0; i < models.size(); ++i) {
        plan.models.push_back("model-" + std::to_string(i));
    }
    return finishedSweep(std::move(plan), samples);
}

/// The second one begins to win between 2 and 3, in the middle.
Sweep twoThatCross() {
    return sweepOf({1, 2, 3, 4}, {{{1.0, 1.1, 1.2}, {1.9, 2, 2.1}, {3, 3, 3}, {4, 4, 4}},
                                  {{4, 4, 4}, {3, 3, 3}, {2, 2, 2}, {1, 1, 1}}});
}

template <class Item>
std::vector<Item> itemsOf(const chart::Scene& scene, chart::Role role) {
    std::vector<Item> found;
    for (const chart::Item& item : scene.items) {
        const auto* const one = std::get_if<Item>(&item);
        if (one != nullptr && one->ink.role == role) {
            found.push_back(*one);
        }
    }
    return found;
}

TEST(SweepAxes, PlaceValuesEvenlyAndTimesFromZero) {
    const SweepAxes axes = sweepAxes(twoThatCross(), {100, 50, 300, 200});
    EXPECT_FALSE(axes.isLogarithmic);
    EXPECT_DOUBLE_EQ(axes.xOf(1), 100);
    EXPECT_DOUBLE_EQ(axes.xOf(2), 200);
    EXPECT_DOUBLE_EQ(axes.xOf(4), 400);
    EXPECT_DOUBLE_EQ(axes.yOf(0), 250);
    EXPECT_DOUBLE_EQ(axes.yOf(axes.mostS), 50);
    EXPECT_GT(axes.mostS, 4);
    EXPECT_EQ(axes.unit.name.toStdString(), "s");
}

TEST(SweepAxes, PlaceValuesThatGrowByFactorsAtEqualDistances) {
    const Makespans any{{0.01}, {0.01}, {0.01}, {0.01}};
    const SweepAxes axes = sweepAxes(sweepOf({1, 2, 4, 8}, {any}), {0, 0, 300, 100});
    EXPECT_TRUE(axes.isLogarithmic);
    EXPECT_NEAR(axes.xOf(2), 100, 1e-9);
    EXPECT_NEAR(axes.xOf(4), 200, 1e-9);
    EXPECT_EQ(axes.unit.name.toStdString(), "ms");
}

TEST(SweepAxes, KnowThatWordsHaveNoOrder) {
    const Makespans any{{1}, {1}};
    Sweep sweep = sweepOf({0, 1}, {any, any});
    EXPECT_FALSE(isCategorical(sweep));
    sweep.points[0].text = "fork";
    sweep.points[1].text = "spawn";
    EXPECT_TRUE(isCategorical(sweep));
    EXPECT_EQ(
        placeText(sweep, {.x = 0.5, .after = 0, .from = 0, .to = 1, .isClear = true}).toStdString(),
        "between fork and spawn");
}

TEST(SweepChart, HasACurveThroughTheMediansAndABandFromTheShortestRunToTheLongest) {
    const Sweep sweep = twoThatCross();
    const SweepPicture shown = sweepPicture(sweep, kSlide);
    ASSERT_EQ(shown.charts.size(), 1U);
    const SweepAxes& axes = shown.charts[0].axes;
    const auto curves = itemsOf<chart::Line>(shown.scene, chart::Role::Curve);
    ASSERT_EQ(curves.size(), 2U);
    ASSERT_EQ(curves[0].points.size(), 4);
    EXPECT_EQ(curves[0].points[0], QPointF(axes.xOf(1), axes.yOf(1.1)));
    EXPECT_EQ(curves[0].points[1], QPointF(axes.xOf(2), axes.yOf(2)));
    const auto bands = itemsOf<chart::Area>(shown.scene, chart::Role::Band);
    ASSERT_EQ(bands.size(), 2U);
    EXPECT_EQ(bands[0].outline.first(), QPointF(axes.xOf(1), axes.yOf(1.2)));
    EXPECT_EQ(bands[0].outline.last(), QPointF(axes.xOf(1), axes.yOf(1.0)));
    for (const char* name : {"model-0", "model-1", "bound of theory", "workers", "3 runs"}) {
        EXPECT_TRUE(chart::hasText(shown.scene, QString::fromLatin1(name))) << name;
    }
}

TEST(SweepChart, DrawsTheBoundOfTheory) {
    const SweepPicture shown = sweepPicture(twoThatCross(), kSlide);
    const SweepAxes& axes = shown.charts[0].axes;
    const auto lines = itemsOf<chart::Line>(shown.scene, chart::Role::Muted);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].isDashed);
    EXPECT_EQ(lines[0].points.first(), QPointF(axes.xOf(1), axes.yOf(0.5)));
    EXPECT_EQ(lines[0].points.last(), QPointF(axes.xOf(4), axes.yOf(0.5)));
}

TEST(SweepChart, MarksWhereTheWinnerChangesInWords) {
    const Sweep sweep = twoThatCross();
    ASSERT_EQ(sweep.crossings.size(), 1U);
    const SweepPicture shown = sweepPicture(sweep, kSlide);
    EXPECT_TRUE(chart::hasText(shown.scene, "at 2.5 model-1 begins to win over model-0"));
    EXPECT_FALSE(chart::hasText(shown.scene, "certain"));
    const double x = shown.charts[0].axes.xOf(2.5);
    const auto lines = itemsOf<chart::Line>(shown.scene, chart::Role::Text);
    EXPECT_TRUE(std::ranges::any_of(lines, [x](const chart::Line& line) {
        return std::abs(line.points[0].x() - x) < 1 && !line.isDashed;
    }));
}

TEST(SweepChart, SaysThatACrossingIsNotCertain) {
    const Sweep sweep = sweepOf({1, 2}, {{{1.0, 1.3}, {1.1, 1.4}}, {{1.1, 1.4}, {1.0, 1.3}}});
    const SweepPicture shown = sweepPicture(sweep, kSlide);
    EXPECT_TRUE(chart::hasText(shown.scene, "too close there to be certain"));
}

TEST(SweepChart, BreaksACurveWhereAModelHasNoRuns) {
    const SweepPicture shown =
        sweepPicture(sweepOf({1, 2, 3, 4, 5}, {{{1}, {1}, {}, {2}, {2}}}), kSlide);
    const auto curves = itemsOf<chart::Line>(shown.scene, chart::Role::Curve);
    ASSERT_EQ(curves.size(), 2U);
    EXPECT_EQ(curves[0].points.size(), 2);
    EXPECT_TRUE(chart::hasText(shown.scene, "its spread is not known"));
}

TEST(SweepChart, OfManyModelsIsOneSmallChartForEachOnTheSameScale) {
    std::vector<Makespans> models;
    for (int i = 0; i < 8; ++i) {
        models.push_back({{1.0 + i, 1.1 + i}, {2, 2.2}, {5.0 - 0.5 * i, 5}});
    }
    const SweepPicture shown = sweepPicture(sweepOf({1, 2, 3}, models), kSlide);
    ASSERT_EQ(shown.charts.size(), 8U);
    for (const SweepChart& chart : shown.charts) {
        EXPECT_EQ(chart.models.size(), 1U);
        EXPECT_DOUBLE_EQ(chart.axes.mostS, shown.charts[0].axes.mostS);
        EXPECT_EQ(chart.axes.plot.size(), shown.charts[0].axes.plot.size());
    }
    EXPECT_EQ(itemsOf<chart::Line>(shown.scene, chart::Role::Curve).size(), 8U);
}

class SweepPictures : public testing::TestWithParam<std::size_t> {};

TEST_P(SweepPictures, HaveNothingOutsideAndNoTextOverText) {
    std::vector<Makespans> models;
    for (std::size_t i = 0; i < GetParam(); ++i) {
        const double v = static_cast<double>(i);
        models.push_back({{1 + v / 100, 1.2}, {1.4 - v / 90, 1.6}, {1 + v / 70, 1.1}, {1, 1.3}});
    }
    const Sweep sweep = sweepOf({1, 2, 3, 4}, models);
    for (const QSizeF size : {kSlide, QSizeF(800, 500), QSizeF(1900, 1000)}) {
        const SweepPicture shown = sweepPicture(sweep, size);
        EXPECT_THAT(chart::itemsOutside(shown.scene), IsEmpty());
        EXPECT_THAT(chart::textsThatOverlap(shown.scene), IsEmpty());
    }
}

INSTANTIATE_TEST_SUITE_P(Models, SweepPictures, testing::Values(1U, 3U, 4U, 8U, 14U));

TEST(SweepChart, SaysWhereThereIsNothing) {
    EXPECT_TRUE(chart::hasText(sweepPicture({}, kSlide).scene, "No run was made"));
}

} // namespace
} // namespace interleave::ui
