// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_geometry.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"
#include "tests/ui/chart/scene_checks.h"

#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

std::shared_ptr<const recording::Recording> run(std::string_view text, const std::string& model,
                                                const std::string& scenario = "Ten dishes") {
    auto copy = std::make_shared<recording::Recording>(*support::sketch(text));
    copy->info.model = model;
    copy->info.scenario = scenario;
    return copy;
}

Recordings twoRuns() {
    return {run("a: RRRRRRRRRRd\nb: ..........RRRRRRRRRRd\n", "sequential"),
            run("a: RRRRRRRRRRd\nb: RRRRRRRRRRd\n", "threads")};
}

TEST(CompareModel, TakesTheSequentialRunAsTheBaseline) {
    Recordings recordings = twoRuns();
    std::swap(recordings[0], recordings[1]);
    const CompareModel model = compareModelOf(recordings);
    EXPECT_TRUE(model.runs[1].isBaseline);
    EXPECT_NEAR(*model.runs[0].row.speedUp, 2, 1e-6);
    EXPECT_EQ(model.extent.endNs, 20'000);
}

TEST(CompareModel, MeasuresAgainstTheChosenBaseline) {
    const CompareModel model = compareModelOf(twoRuns(), CompareSort::AsGiven, 1);
    EXPECT_TRUE(model.runs[1].isBaseline);
    EXPECT_NEAR(*model.runs[0].row.speedUp, 0.5, 1e-6);
    EXPECT_THAT(model.runs[0].difference.toStdString(),
                testing::HasSubstr("Takes 2.0 times as long as threads"));
}

TEST(CompareModel, SaysTheDifferenceInWords) {
    const CompareModel model = compareModelOf(twoRuns());
    EXPECT_THAT(model.runs[1].difference.toStdString(),
                testing::HasSubstr("2.0 times as fast as sequential"));
}

TEST(CompareModel, DoesNotCompareDifferentScenarios) {
    const CompareModel model =
        compareModelOf({run("a: RRd\n", "sequential"), run("a: RRRRd\n", "threads", "Mixed")});
    EXPECT_FALSE(model.runs[1].row.speedUp);
    EXPECT_THAT(model.runs[1].difference.toStdString(), testing::HasSubstr("not comparable"));
}

TEST(CompareModel, SortsByWhatIsAskedAndKeepsTheOrderOfEquals) {
    const CompareModel byTotal = compareModelOf(twoRuns(), CompareSort::Total);
    EXPECT_EQ(byTotal.runs[0].row.info.model, "threads");
    const CompareModel bySpeed = compareModelOf(twoRuns(), CompareSort::SpeedUp);
    EXPECT_EQ(bySpeed.runs[0].row.info.model, "threads");
    const CompareModel byMemory = compareModelOf(twoRuns(), CompareSort::Memory); // unknown
    EXPECT_EQ(byMemory.runs[0].index, 0U);
}

TEST(CompareGeometry, BeginsAllRunsAtTheSameX) {
    const CompareModel model = compareModelOf(twoRuns());
    const ComparePicture shown = comparePicture(model, {{0, 20'000}, {1280, 800}});
    ASSERT_EQ(shown.runs.size(), 2U);
    EXPECT_DOUBLE_EQ(shown.runs[0].plot.left(), shown.runs[1].plot.left());
    EXPECT_DOUBLE_EQ(shown.runs[0].plot.width(), shown.runs[1].plot.width());
    EXPECT_LE(shown.runs[0].rect.bottom(), shown.runs[1].rect.top());
}

TEST(CompareGeometry, FlagsTheEndOfEachRun) {
    const CompareModel model = compareModelOf(twoRuns());
    const ComparePicture shown = comparePicture(model, {{0, 40'000}, {1280, 800}});
    std::vector<double> ends;
    for (const chart::Item& item : shown.picture.scene.items) {
        const auto* const line = std::get_if<chart::Line>(&item);
        if (line != nullptr && line->widthPx == 2) {
            ends.push_back(line->points[0].x());
        }
    }
    const chart::TimeScale& scale = shown.picture.scale;
    EXPECT_THAT(ends,
                testing::ElementsAre(std::floor(scale.xOf(20'000)), std::floor(scale.xOf(10'000))));
    EXPECT_TRUE(chart::hasText(shown.picture.scene, "20.0 µs"));
}

std::shared_ptr<const recording::Recording> manyTasks(int count) {
    recording::RecordingBuilder builder;
    for (int i = 0; i < count; ++i) {
        const TaskId task = builder.addTask({"t", "t", State::Done, 0, 100'000});
        const Nanoseconds begin = i % 2 == 0 ? 0 : 50'000;
        if (begin > 0) {
            builder.addTaskSpan({.range = {0, begin}, .state = State::WaitingIo, .task = task});
        }
        builder.addTaskSpan({.range = {begin, 100'000}, .state = State::Running, .task = task});
    }
    return builder.finish();
}

TEST(CompareGeometry, LeavesTasksThatNobodyHasBegunOutOfTheBand) {
    recording::RecordingBuilder builder;
    for (Nanoseconds i = 0; i < 100; ++i) {
        const TaskId task = builder.addTask({"t", "t", State::Done, 0, i * 10 + 10});
        if (i > 0) {
            builder.addTaskSpan({.range = {0, i * 10}, .state = State::Queued, .task = task});
        }
        builder.addTaskSpan(
            {.range = {i * 10, i * 10 + 10}, .state = State::Running, .task = task});
    }
    const CompareModel model = compareModelOf({builder.finish()});
    const ComparePicture shown = comparePicture(model, {{0, 1'000}, {1280, 400}});
    std::vector<chart::Area> areas;
    for (const chart::Item& item : shown.picture.scene.items) {
        if (const auto* const area = std::get_if<chart::Area>(&item)) {
            areas.push_back(*area);
        }
    }
    ASSERT_EQ(areas.size(), 1U);
    EXPECT_EQ(areas[0].ink, chart::inkOf(State::Running));
    EXPECT_NEAR(areas[0].outline.boundingRect().height(), shown.runs[0].plot.height(), 1);
}

TEST(CompareGeometry, ShowsTheSharesOfTenThousandTasksAsABand) {
    const CompareModel model = compareModelOf({manyTasks(10'000)});
    const ComparePicture shown = comparePicture(model, {{0, 100'000}, {1280, 800}});
    std::vector<chart::Area> areas;
    for (const chart::Item& item : shown.picture.scene.items) {
        if (const auto* const area = std::get_if<chart::Area>(&item)) {
            areas.push_back(*area);
        }
    }
    ASSERT_EQ(areas.size(), 2U);
    const QRectF plot = shown.runs[0].plot;
    EXPECT_EQ(areas[0].ink, chart::inkOf(State::Running));
    EXPECT_NEAR(areas[0].outline.boundingRect().height(), plot.height(), 1);
    const QPointF early(plot.left() + plot.width() / 4, plot.bottom() - plot.height() * 0.4);
    EXPECT_TRUE(areas[0].outline.containsPoint(early, Qt::OddEvenFill));
    EXPECT_FALSE(
        areas[0].outline.containsPoint(early - QPointF(0, plot.height() * 0.2), Qt::OddEvenFill));
    EXPECT_LT(shown.picture.scene.items.size(), 150U);
    EXPECT_THAT(compareAt(model, shown, early).toStdString(), testing::HasSubstr("running: 5000"));
}

class ComparePictures : public testing::TestWithParam<QSize> {};

TEST_P(ComparePictures, HaveNothingOutsideAndNoTextOverText) {
    Recordings recordings = twoRuns();
    recordings.push_back(support::demoRecording());
    recordings.push_back(manyTasks(300));
    const CompareModel model = compareModelOf(recordings);
    const CompareInputs inputs{.visible = {}, .size = GetParam()};
    const QSizeF size(GetParam().width(),
                      std::max<double>(GetParam().height(), preferredCompareHeight(model, inputs)));
    for (const TimeRange visible : {model.extent, TimeRange{2'000, 30'000}}) {
        const ComparePicture shown = comparePicture(model, {visible, size});
        EXPECT_THAT(chart::itemsOutside(shown.picture.scene), testing::IsEmpty());
        EXPECT_THAT(chart::textsThatOverlap(shown.picture.scene), testing::IsEmpty());
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ComparePictures,
                         testing::Values(QSize(900, 400), QSize(1280, 800), QSize(1600, 900)));

TEST(CompareGeometry, SurvivesNothingEmptyRunsAndEmptyRanges) {
    EXPECT_TRUE(compareModelOf({}).isEmpty());
    const auto empty = recording::RecordingBuilder().finish();
    const CompareModel model = compareModelOf({empty});
    EXPECT_THAT(chart::itemsOutside(comparePicture(model, {{0, 100}, {1280, 300}}).picture.scene),
                testing::IsEmpty());
    EXPECT_TRUE(comparePicture(model, {{5, 5}, {1280, 300}}).picture.scene.items.empty());
}

} // namespace
} // namespace interleave::ui
