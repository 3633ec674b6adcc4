// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_geometry.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"
#include "tests/ui/chart/scene_checks.h"
#include "ui/contention/contention_summary.h"

#include <gmock/gmock.h>

#include <numeric>

namespace interleave::ui {
namespace {

using chart::Box;
using chart::Role;
using support::sketch;

ContentionPicture pictureOf(const recording::Recording& recording, TimeRange visible,
                            QSizeF size = {1168, 800}) {
    return contentionPicture(recording, contentionModelOf(recording), {visible, size});
}

std::string boxesIn(const ContentionPicture& shown, const QRectF& place) {
    chart::Scene found;
    for (const chart::Item& item : shown.picture.scene.items) {
        const auto* const box = std::get_if<Box>(&item);
        if (box != nullptr && box->ink.role != Role::Panel && place.contains(box->rect)) {
            Box moved = *box;
            moved.rect.translate(-place.topLeft());
            found.add(moved);
        }
    }
    return describe(found);
}

/// Twenty units of 1 us over 1000 pixels: 50 a unit.
std::shared_ptr<const recording::Recording> twoTasks() {
    return sketch("a: RRRRRRRRRR..........d\n"
                  "b: LLLLLLLLLLRRRRRRRRRRd\n"
                  "lock stove: aaaaaaaaaabbbbbbbbbb\n");
}

TEST(ContentionModel, FindsTheMostWaitedForLockFirst) {
    const auto recording = support::demoRecording();
    const ContentionModel model = contentionModelOf(*recording);
    ASSERT_EQ(model.locks.size(), 2U);
    EXPECT_EQ(model.row().statistics.name, "GIL");
    EXPECT_GE(model.locks[0].statistics.waitNs, model.locks[1].statistics.waitNs);
    const ContentionModel other = contentionModelOf(*recording, model.locks[1].statistics.object);
    EXPECT_EQ(other.row().statistics.name, "stove");
    EXPECT_EQ(other.contention.object, other.row().statistics.object);
}

TEST(ContentionModel, NamesTheLongestHolder) {
    const auto recording = sketch("a: RRRR......d\n"
                                  "b: ....RRRRRRd\n"
                                  "lock stove: aaaabbbbbb\n");
    const LockRow row = contentionModelOf(*recording).row();
    EXPECT_EQ(row.longestHolder, "b");
    EXPECT_EQ(row.longestHoldNs, 6'000);
    EXPECT_DOUBLE_EQ(row.contendedShare(), 0);
}

TEST(ContentionModel, GroupsTheMatrixOfManyTasks) {
    recording::RecordingBuilder builder;
    const ObjectId lock = builder.addObject({"stove", "lock", 1});
    for (Nanoseconds i = 0; i < 30; ++i) {
        const TaskId task = builder.addTask({"t " + std::to_string(i), i % 2 ? "odd" : "even"});
        builder.addObjectSpan(lock,
                              {.range = {i * 10, i * 10 + 10}, .state = State::Held, .task = task});
    }
    const ContentionModel model = contentionModelOf(*builder.finish());
    EXPECT_TRUE(model.isByGroup);
    EXPECT_LE(model.matrix.labels.size(), 2U);
}

TEST(ContentionGeometry, AlternatesTheShadeOfTheHolders) {
    const auto recording = twoTasks();
    const ContentionPicture shown = pictureOf(*recording, {0, 20'000});
    EXPECT_EQ(boxesIn(shown, shown.holderStrip), "box 0,0 500x30 holder1 a\n"
                                                 "box 500,0 500x30 holder0 b\n");
}

TEST(ContentionGeometry, HatchesWhatIsHeldByAThreadThatIsNotOnACore) {
    recording::RecordingBuilder builder;
    builder.info().kernelTruth = "switches";
    const ObjectId lock = builder.addObject({"stove", "lock", 1});
    const WorkerId worker = builder.addWorker({.name = "worker 1", .life = {0, 10'000}});
    const TaskId task = builder.addTask({"a", "a", State::Done, 0, 10'000});
    const auto add = [&](TimeRange range, State state) {
        const recording::Span span{.range = range, .state = state, .task = task, .worker = worker};
        builder.addTaskSpan(span);
        builder.addWorkerSpan(span);
    };
    add({0, 4'000}, State::Running);
    add({4'000, 7'000}, State::Ready);
    add({7'000, 10'000}, State::Running);
    builder.addObjectSpan(
        lock, {.range = {0, 10'000}, .state = State::Held, .task = task, .worker = worker});
    const ContentionPicture shown = pictureOf(*builder.finish(), {0, 10'000});
    EXPECT_EQ(boxesIn(shown, shown.holderStrip), "box 0,0 400x30 holder1 a\n"
                                                 "box 400,0 300x30 off-core1\n"
                                                 "box 700,0 300x30 holder1\n");
}

TEST(ContentionGeometry, GivesEachWaitingTaskARow) {
    recording::RecordingBuilder builder;
    const ObjectId lock = builder.addObject({"stove", "lock", 1});
    const StringId cause = builder.intern("stove held by a");
    const TaskId a = builder.addTask({"a", "a"});
    const TaskId b = builder.addTask({"b", "b"});
    builder.addTaskSpan({.range = {0, 20'000}, .state = State::Running, .task = a});
    builder.addTaskSpan(
        {.range = {5'000, 20'000}, .state = State::WaitingLock, .task = b, .cause = cause});
    builder.addObjectSpan(lock, {.range = {0, 20'000}, .state = State::Held, .task = a});
    const ContentionPicture shown = pictureOf(*builder.finish(), {0, 20'000});
    ASSERT_EQ(shown.waiters.size(), 1U);
    EXPECT_EQ(shown.waiters[0].task, b);
    EXPECT_EQ(boxesIn(shown, shown.waiters[0].rect), "box 250,2 750x13 waiting_lock\n");
}

TEST(ContentionGeometry, DrawsAnArrowForEachHandOverAndMarksForcedOnes) {
    const auto recording = support::demoRecording();
    const ContentionPicture shown = pictureOf(*recording, recording->range, {1600, 900});
    std::size_t arrows = 0, forced = 0;
    for (const chart::Item& item : shown.picture.scene.items) {
        if (const auto* const arrow = std::get_if<chart::Arrow>(&item)) {
            ++arrows;
            forced += arrow->ink.role == Role::Warning ? 1 : 0;
            EXPECT_TRUE(arrow->hasDoubleHead);
        }
    }
    EXPECT_GT(forced, 0U);
    EXPECT_GT(arrows, forced);
}

class ContentionPictures : public testing::TestWithParam<QSize> {};

TEST_P(ContentionPictures, HaveNothingOutsideAndNoTextOverText) {
    const auto recording = support::demoRecording();
    const ContentionModel model = contentionModelOf(*recording);
    const QSizeF size(GetParam().width(),
                      std::max<double>(GetParam().height(), preferredContentionHeight(model)));
    for (const TimeRange visible : {recording->range, TimeRange{10'000'000, 14'000'000},
                                    TimeRange{-40'000'000, 90'000'000}}) {
        const ContentionPicture shown = contentionPicture(*recording, model, {visible, size});
        EXPECT_THAT(chart::itemsOutside(shown.picture.scene), testing::IsEmpty());
    }
    const ContentionPicture whole = contentionPicture(*recording, model, {recording->range, size});
    if (GetParam().width() >= 1280) {
        EXPECT_THAT(chart::textsThatOverlap(whole.picture.scene), testing::IsEmpty());
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ContentionPictures,
                         testing::Values(QSize(700, 480), QSize(1280, 800), QSize(1600, 900),
                                         QSize(3000, 2000)));

TEST(ContentionGeometry, SurvivesEmptyRecordingsEmptyRangesAndSmallSizes) {
    const auto empty = recording::RecordingBuilder().finish();
    EXPECT_TRUE(contentionModelOf(*empty).isEmpty());
    EXPECT_TRUE(pictureOf(*empty, {0, 100}).picture.scene.items.empty());
    const auto demo = support::demoRecording();
    EXPECT_TRUE(pictureOf(*demo, {7, 7}).picture.scene.items.empty());
    EXPECT_TRUE(pictureOf(*demo, demo->range, {120, 30}).picture.scene.items.empty());
}

TEST(ContentionGeometry, StaysSmallForTenThousandTasks) {
    recording::RecordingBuilder builder;
    const ObjectId lock = builder.addObject({"stove", "lock", 1});
    const StringId cause = builder.intern("stove held by t");
    for (Nanoseconds i = 0; i < 10'000; ++i) {
        const TaskId task = builder.addTask({"t", "t"});
        builder.addTaskSpan({.range = {i * 10 - (i > 0 ? 10 : 0), i * 10},
                             .state = State::WaitingLock,
                             .task = task,
                             .cause = cause});
        builder.addTaskSpan(
            {.range = {i * 10, i * 10 + 10}, .state = State::Running, .task = task});
        builder.addObjectSpan(lock,
                              {.range = {i * 10, i * 10 + 10}, .state = State::Held, .task = task});
    }
    const auto recording = builder.finish();
    const ContentionPicture shown = pictureOf(*recording, recording->range, {1280, 800});
    EXPECT_LT(shown.picture.scene.items.size(), 8'000U);
    EXPECT_THAT(chart::itemsOutside(shown.picture.scene), testing::IsEmpty());
}

TEST(ContentionSummary, ShowsEveryDurationInItsHistograms) {
    const ContentionModel model = contentionModelOf(*support::demoRecording());
    for (const analysis::Histogram* histogram :
         {&model.contention.waitHistogram, &model.contention.holdHistogram}) {
        EXPECT_EQ(std::accumulate(histogram->count.begin(), histogram->count.end(), 0ULL),
                  histogram->total);
    }
    chart::Scene scene;
    scene.size = {400, 240};
    addHistograms(scene, {0, 0, 400, 240}, model);
    std::size_t bars = 0;
    for (const chart::Item& item : scene.items) {
        const auto* const box = std::get_if<Box>(&item);
        bars += box != nullptr && box->ink == chart::inkOf(State::WaitingGil) ? 1U : 0U;
    }
    const auto& counts = model.contention.waitHistogram.count;
    EXPECT_EQ(bars, static_cast<std::size_t>(
                        std::ranges::count_if(counts, [](auto count) { return count > 0; })));
    EXPECT_THAT(chart::itemsOutside(scene), testing::IsEmpty());
}

TEST(ContentionSummary, FillsEachThreadsBarCompletely) {
    const auto recording = support::demoRecording();
    const ContentionModel model = contentionModelOf(*recording);
    ASSERT_FALSE(model.contention.shares.empty());
    for (const analysis::WorkerShare& share : model.contention.shares) {
        EXPECT_NEAR(share.hold + share.wait + share.neither, 1, 1e-9);
    }
    chart::Scene scene;
    addShares(scene, {0, 0, 400, 300}, *recording, model);
    std::map<int, double> widthOfRow;
    for (const chart::Item& item : scene.items) {
        if (const auto* const box = std::get_if<Box>(&item);
            box != nullptr && box->rect.top() > 40) {
            widthOfRow[qRound(box->rect.top())] += box->rect.width();
        }
    }
    ASSERT_EQ(widthOfRow.size(), model.contention.shares.size());
    for (const auto& [top, width] : widthOfRow) {
        EXPECT_NEAR(width, widthOfRow.begin()->second, 1.5) << top;
    }
}

TEST(ContentionTip, TellsHolderWaiterAndMatrixCell) {
    const auto recording = support::demoRecording();
    const ContentionModel model = contentionModelOf(*recording);
    const ContentionPicture shown =
        contentionPicture(*recording, model, {recording->range, {1280, 800}});
    const double x = shown.picture.scale.xOf(2'000'000);
    const auto tip = [&](QPointF position) {
        return contentionAt(*recording, model, shown, position).toStdString();
    };
    EXPECT_THAT(tip({x, shown.holderStrip.center().y()}), testing::HasSubstr("held by dish 1"));
    EXPECT_THAT(tip({x, shown.depthPlot.center().y()}), testing::HasSubstr("tasks wait"));
    EXPECT_THAT(tip(shown.matrix.topLeft() + QPointF(3, 3)), testing::HasSubstr("waited"));
    EXPECT_EQ(tip({2, 799}), "");
}

} // namespace
} // namespace interleave::ui
