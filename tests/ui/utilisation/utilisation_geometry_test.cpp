// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/utilisation/utilisation_geometry.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"
#include "tests/ui/chart/scene_checks.h"

#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

using chart::Box;
using support::sketch;

UtilisationPicture pictureOf(const recording::Recording& recording, TimeRange visible,
                             QSizeF size = {1268, 800}) {
    return utilisationPicture(recording, utilisationSeriesOf(recording), {visible, size});
}

std::string boxesIn(const chart::Picture& picture, const QRectF& plot, chart::Role role) {
    chart::Scene found;
    for (const chart::Item& item : picture.scene.items) {
        const auto* const box = std::get_if<Box>(&item);
        if (box != nullptr && box->ink.role == role && plot.contains(box->rect)) {
            Box moved = *box;
            moved.rect.translate(-plot.topLeft());
            found.add(moved);
        }
    }
    return describe(found);
}

TEST(UtilisationGeometry, ShowsTasksAndOtherProgramsOnEachCore) {
    const auto recording = sketch("a: RRRRR.....\n"
                                  "b: .....RRRRR\n"
                                  "a/core: 00000.....\n"
                                  "core 0: aaaaabbbbb\n"
                                  "core 1: ..####....\n");
    const UtilisationPicture shown = pictureOf(*recording, {0, 10'000}, {1168, 800});
    ASSERT_EQ(shown.panels.front().kind, UtilisationPanel::Cores);
    const QRectF plot = shown.panels.front().plot;
    EXPECT_EQ(boxesIn(shown.picture, plot, chart::Role::State), "box 0,3 500x24 running a\n"
                                                                "box 500,3 500x24 running b\n");
    EXPECT_EQ(boxesIn(shown.picture, plot, chart::Role::Other), "box 200,40 400x14 other\n");
}

TEST(UtilisationGeometry, SharesOneTimeScaleBetweenAllPanels) {
    const auto recording = support::demoRecording();
    const UtilisationPicture shown = pictureOf(*recording, recording->range);
    ASSERT_EQ(shown.panels.size(), 6U);
    for (const QRectF& plot : shown.picture.plots) {
        EXPECT_DOUBLE_EQ(plot.left(), shown.picture.scale.leftPx);
        EXPECT_DOUBLE_EQ(plot.width(), shown.picture.scale.widthPx);
    }
    for (std::size_t i = 1; i < shown.panels.size(); ++i) {
        EXPECT_GE(shown.panels[i].plot.top(), shown.panels[i - 1].plot.bottom());
    }
}

class UtilisationPictures : public testing::TestWithParam<QSize> {};

TEST_P(UtilisationPictures, HaveNothingOutsideAndNoTextOverText) {
    const auto recording = support::demoRecording();
    for (const TimeRange visible : {recording->range, TimeRange{10'000'000, 14'000'000},
                                    TimeRange{-40'000'000, 90'000'000}}) {
        const UtilisationPicture shown = pictureOf(*recording, visible, GetParam());
        EXPECT_THAT(chart::itemsOutside(shown.picture.scene), testing::IsEmpty());
        EXPECT_THAT(chart::textsThatOverlap(shown.picture.scene), testing::IsEmpty());
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, UtilisationPictures,
                         testing::Values(QSize(640, 480), QSize(1280, 800), QSize(1600, 900),
                                         QSize(3000, 2000)));

TEST(UtilisationGeometry, SaysWhyThereAreNoCoresSwitchesOrMemory) {
    const auto recording = sketch("a: QQRRRRCCRRd\n");
    const UtilisationPicture shown = pictureOf(*recording, recording->range);
    EXPECT_TRUE(chart::hasText(shown.picture.scene, "no switch records of the kernel"));
    EXPECT_TRUE(chart::hasText(shown.picture.scene, "memory of the processes was not sampled"));
}

TEST(UtilisationGeometry, RepeatsWhatTheRecordingSaysOfTheKernelsRefusal) {
    recording::RecordingBuilder builder;
    builder.info().kernelTruth = "sampled";
    builder.addDiagnostic({"kernel-switches", recording::Severity::Warning, 1,
                           "The kernel refused its switch records; threads were sampled."});
    const auto recording = builder.finish();
    const UtilisationSeries series = utilisationSeriesOf(*recording);
    EXPECT_EQ(series.missingCores.toStdString(),
              "The kernel refused its switch records; threads were sampled.");
    EXPECT_EQ(series.missingSwitches, series.missingCores);
}

TEST(UtilisationGeometry, SurvivesEmptyRecordingsAndEmptyRanges) {
    const auto empty = recording::RecordingBuilder().finish();
    EXPECT_THAT(chart::itemsOutside(pictureOf(*empty, {0, 1000}).picture.scene),
                testing::IsEmpty());
    const auto demo = support::demoRecording();
    EXPECT_TRUE(pictureOf(*demo, {500, 500}).picture.scene.items.empty());
    EXPECT_TRUE(pictureOf(*demo, demo->range, {100, 50}).picture.scene.items.empty());
}

TEST(UtilisationGeometry, StaysSmallForTenThousandTasks) {
    recording::RecordingBuilder builder;
    builder.info().cores = 1;
    builder.addCore(0);
    const auto worker = builder.addWorker({.name = "worker 1", .pid = 1, .tid = 1});
    for (Nanoseconds i = 0; i < 10'000; ++i) {
        const TaskId task = builder.addTask({"t", "t", State::Done, i * 10, i * 10 + 8});
        const recording::Span span{.range = {i * 10, i * 10 + 8},
                                   .state = State::Running,
                                   .task = task,
                                   .worker = worker,
                                   .core = 0};
        builder.addTaskSpan(span);
        builder.addCoreSpan(span);
    }
    const auto recording = builder.finish();
    const UtilisationPicture shown = pictureOf(*recording, recording->range);
    EXPECT_LT(shown.picture.scene.items.size(), 4'000U);
    EXPECT_THAT(chart::itemsOutside(shown.picture.scene), testing::IsEmpty());
}

TEST(UtilisationSeries, CountsTasksThatRunWaitForACoreAndAreUnderWay) {
    const auto recording = sketch("a: QRRCCR\n"
                                  "b: .RRRII\n");
    const UtilisationSeries series = utilisationSeriesOf(*recording);
    EXPECT_EQ(series.running.at(1'500), 2);
    EXPECT_EQ(series.ready.at(3'500), 1);
    EXPECT_EQ(series.underWay.at(500), 0);
    EXPECT_EQ(series.underWay.at(5'500), 2);
}

TEST(UtilisationTip, TellsWhatIsUnderTheCursor) {
    const auto recording = sketch("a: RRRRR.....\n"
                                  "a/core: 00000.....\n"
                                  "core 0: aaaaa.....\n");
    const UtilisationSeries series = utilisationSeriesOf(*recording);
    const UtilisationPicture shown =
        utilisationPicture(*recording, series, {{0, 10'000}, {1168, 800}});
    const QRectF cores = shown.panels.front().plot;
    const auto tip = [&](double x, double y) {
        return utilisationAt(*recording, series, shown, {x, y}).toStdString();
    };
    EXPECT_THAT(tip(cores.left() + 100, cores.top() + 10),
                testing::HasSubstr("core 0: a, 5.00 µs"));
    EXPECT_THAT(tip(cores.left() + 700, cores.top() + 10), testing::HasSubstr("core 0: idle"));
    EXPECT_EQ(tip(5, 5), "");
}

} // namespace
} // namespace interleave::ui
