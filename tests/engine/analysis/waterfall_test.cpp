// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/waterfall.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>
#include <numeric>
#include <random>

namespace interleave::analysis {
namespace {

Nanoseconds sumOf(const Waterfall& waterfall) {
    return std::accumulate(waterfall.ns.begin(), waterfall.ns.end(), Nanoseconds{0});
}

Waterfall ofSketch(const char* text) {
    auto waterfall = waterfallOf(*support::sketch(text));
    EXPECT_TRUE(waterfall);
    EXPECT_EQ(sumOf(*waterfall), waterfall->totalNs()) << text;
    return *waterfall;
}

constexpr Nanoseconds kUnit = support::kSketchUnitNs;

TEST(Waterfall, AWorkersWaitsAreWhatItsTaskWaitsFor) {
    const Waterfall waterfall = ofSketch("w0: RRGGGLLIIzz\n"
                                         "w0/task: aaaaaaaaaaa\n"
                                         "a: RRGGGLLIIzz\n"
                                         "a/worker: 00000000000\n");
    EXPECT_EQ(waterfall.places, 1);
    EXPECT_EQ(waterfall.of(Part::Work), 2 * kUnit);
    EXPECT_EQ(waterfall.of(Part::InterpreterLock), 3 * kUnit);
    EXPECT_EQ(waterfall.of(Part::Locks), 2 * kUnit);
    EXPECT_EQ(waterfall.of(Part::OwnWaits), 4 * kUnit);
}

TEST(Waterfall, WhoIsDoneBeforeTheOthersIsImbalance) {
    const Waterfall waterfall = ofSketch("w0: RRRRRRRR\nw0/task: aaaaaaaa\n"
                                         "w1: RR......\nw1/task: bb......\n"
                                         "a: RRRRRRRR\na/worker: 00000000\n"
                                         "b: RR\nb/worker: 11\n");
    EXPECT_EQ(waterfall.places, 2);
    EXPECT_EQ(waterfall.of(Part::Imbalance), 6 * kUnit);
    EXPECT_EQ(waterfall.of(Part::Work), 10 * kUnit);
}

TEST(Waterfall, AnIdleWorkerBesideAQueuedTaskIsQueueing) {
    const Waterfall waterfall = ofSketch("w0: RR..RR\nw0/task: aa..bb\n"
                                         "a: RR\na/worker: 00\n"
                                         "b: QQQQRR\nb/worker: ....00\n");
    EXPECT_EQ(waterfall.of(Part::Queueing), 2 * kUnit);
    EXPECT_EQ(waterfall.of(Part::Work), 4 * kUnit);
}

TEST(Waterfall, OneWaitingTaskOccupiesOneIdleWorkerOnly) {
    const Waterfall waterfall = ofSketch("w0: RRRR\nw0/task: aaaa\n"
                                         "w1: R...\nw1/task: b...\n"
                                         "w2: R...\nw2/task: c...\n"
                                         "a: RRRR\na/worker: 0000\n"
                                         "b: R\nb/worker: 1\n"
                                         "c: R\nc/worker: 2\n"
                                         "d: .TTT\n");
    EXPECT_EQ(waterfall.of(Part::Transfer), 3 * kUnit);
    EXPECT_EQ(waterfall.of(Part::Imbalance), 3 * kUnit);
}

TEST(Waterfall, ReadyIsTheRunsOwnFaultOnlyWhereItUsesAllCores) {
    auto recording =
        std::make_shared<recording::Recording>(*support::sketch("w0: RRRR\nw0/task: aaaa\n"
                                                                "w1: CCCC\nw1/task: bbbb\n"
                                                                "a: RRRR\na/worker: 0000\n"
                                                                "b: CCCC\nb/worker: 1111\n"
                                                                "core 0: aaaa\n"));
    recording->info.cores = 1;
    auto waterfall = waterfallOf(*recording);
    EXPECT_EQ(waterfall->of(Part::NoCore), 4 * kUnit);
    recording->info.cores = 2;
    waterfall = waterfallOf(*recording);
    EXPECT_EQ(waterfall->of(Part::OtherPrograms), 4 * kUnit);
    EXPECT_EQ(waterfall->of(Part::NoCore), 0);
    EXPECT_EQ(sumOf(*waterfall), waterfall->totalNs());
}

TEST(Waterfall, CoroutinesThatWaitLeaveTheirWorkerToTheirOwnWaits) {
    const Waterfall waterfall = ofSketch("w0: R.R..R\nw0/task: a.b..a\n"
                                         "a: RIIIIR\na/worker: 0....0\n"
                                         "b: QQR\nb/worker: ..0\n");
    EXPECT_EQ(waterfall.of(Part::OwnWaits), 2 * kUnit) << "3 and 4: b was queued in 1";
    EXPECT_EQ(waterfall.of(Part::Queueing), 1 * kUnit);
}

TEST(Waterfall, OfNoWorkersIsUnknown) {
    EXPECT_FALSE(waterfallOf(*support::sketch("a: RRRR\n")));
    EXPECT_FALSE(waterfallOf(recording::Recording{}));
}

/// Workers and tasks that do anything at any time, also what can't be.
std::shared_ptr<const recording::Recording> anything(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto upTo = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    recording::RecordingBuilder builder;
    builder.info().cores = 1 + upTo(3);
    const int workers = 1 + upTo(5);
    for (int i = 0; i < workers; ++i) {
        const Nanoseconds begin = upTo(200) - 50;
        builder.addWorker({.name = "w", .life = {begin, begin + 100 + upTo(800)}});
    }
    for (int i = 0; i < 12; ++i) {
        const Nanoseconds submitted = upTo(300);
        Nanoseconds at = submitted;
        const TaskId task =
            builder.addTask({"t", "t", State::Done, submitted, submitted + 100 + upTo(700)});
        for (int span = 0; span < 8; ++span) {
            const TimeRange range{at, at + 1 + upTo(60)};
            const auto state = static_cast<State>(upTo(static_cast<int>(State::Done)));
            const WorkerId worker{static_cast<std::uint32_t>(upTo(workers + 1))};
            builder.addTaskSpan({.range = range, .state = state, .task = task, .worker = worker});
            at = range.endNs;
        }
    }
    for (std::uint32_t w = 1; w <= static_cast<std::uint32_t>(workers); ++w) {
        for (Nanoseconds at = upTo(100); at < 900; at += 10 + upTo(80)) {
            const TimeRange range{at, at + 1 + upTo(9)};
            builder.addWorkerSpan({.range = range,
                                   .state = upTo(2) == 0 ? State::Running : State::Ready,
                                   .task = TaskId{static_cast<std::uint32_t>(upTo(12))},
                                   .worker = WorkerId{w}});
        }
    }
    return builder.finish();
}

TEST(Waterfall, AddsUpToTheNanosecondWhateverWasRecorded) {
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
        const auto recording = anything(seed);
        const auto waterfall = waterfallOf(*recording);
        ASSERT_TRUE(waterfall) << seed;
        ASSERT_EQ(sumOf(*waterfall), waterfall->totalNs()) << seed;
        for (const Nanoseconds part : waterfall->ns) {
            ASSERT_GE(part, 0) << seed;
        }
    }
}

TEST(Waterfall, PartsHaveNamesOfTheirOwn) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < kParts; ++i) {
        names.push_back(nameOf(static_cast<Part>(i)));
        EXPECT_FALSE(titleOf(static_cast<Part>(i)).empty());
        EXPECT_FALSE(meaningOf(static_cast<Part>(i)).empty());
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

} // namespace
} // namespace interleave::analysis
