// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/statistics.h"

#include "engine/analysis/step_function.h"
#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>
#include <random>

namespace interleave::analysis {
namespace {

using recording::Recording;
using support::kSketchUnitNs;
using support::sketch;

Nanoseconds in(const StateTotals& totals, State state) {
    return totals.ns[static_cast<std::size_t>(state)] / kSketchUnitNs;
}

TEST(Statistics, SumsTheStatesOfTasks) {
    const auto statistics = statisticsOf(*sketch("a: QQRRRRCCRRd\n"
                                                 "b: QQQQGGRRf\n"
                                                 "w0: ..RRRRRRRR\n"));
    EXPECT_EQ(in(statistics.states, State::Running), 8);
    EXPECT_EQ(in(statistics.states, State::Queued), 6);
    EXPECT_EQ(in(statistics.states, State::WaitingGil), 2);
    EXPECT_EQ(statistics.makespanNs, 10 * kSketchUnitNs);
    EXPECT_EQ(statistics.tasksDone, 1u);
    EXPECT_EQ(statistics.tasksFailed, 1u);
}

TEST(Statistics, MeasuresParallelismOverTheTimeInWhichAnythingRan) {
    const auto statistics = statisticsOf(*sketch("a: RRRR....RRd\n"
                                                 "b: ..RRRRd\n"));
    EXPECT_EQ(statistics.parallelismMax, 2);
    EXPECT_DOUBLE_EQ(*statistics.parallelismMean, 10.0 / 8.0);
}

TEST(Statistics, LeavesOutWhatIsNotKnown) {
    const auto statistics = statisticsOf(*sketch("a: QQx\n"));
    EXPECT_FALSE(statistics.parallelismMean);
    EXPECT_FALSE(statistics.cpuNs);
    EXPECT_FALSE(statistics.peakRssBytes);
    EXPECT_FALSE(statistics.voluntarySwitches);
    EXPECT_EQ(statistics.tasksCancelled, 1u);
}

TEST(Statistics, AddsTheMemoryOfProcessesAtTheSameMoment) {
    recording::RecordingBuilder builder;
    builder.addCounter({"rss", "bytes", 1, {0, 10, 20}, {100, 300, 0}});
    builder.addCounter({"rss", "bytes", 2, {5, 20}, {50, 200}});
    builder.addCounter({"pss", "bytes", 2, {5}, {9999}});
    EXPECT_EQ(statisticsOf(*builder.finish()).peakRssBytes, 350u);
}

TEST(Statistics, CountsItemsOfQueues) {
    const auto statistics = statisticsOf(*sketch("queue jobs: 11.222\n"));
    ASSERT_EQ(statistics.queues.size(), 1u);
    EXPECT_EQ(statistics.queues[0].published, 2u);
    EXPECT_EQ(statistics.queues[0].maxDepth, 1u);
    EXPECT_EQ(statistics.queues[0].delivered, 0u);
}

/// Rows of random states, and what they add up to, unit by unit.
struct RandomSketch {
    std::string text;
    std::array<Nanoseconds, kStateCount> units{};
    int mostRunning = 0;
    int unitsWithRunning = 0;

    explicit RandomSketch(std::mt19937& random) {
        constexpr State kStates[] = {State::Running,   State::Ready,    State::WaitingGil,
                                     State::WaitingIo, State::Sleeping, State::Transfer};
        constexpr std::size_t kLength = 60;
        std::vector<int> running(kLength, 0);
        for (char task = 'a'; task < 'g'; ++task) {
            text += task;
            text += ": ";
            for (std::size_t unit = 0; unit < kLength; ++unit) {
                const State state = kStates[random() % std::size(kStates)];
                text += support::letterOf(state);
                ++units[static_cast<std::size_t>(state)];
                running[unit] += state == State::Running;
            }
            text += "\n";
        }
        for (const int count : running) {
            mostRunning = std::max(mostRunning, count);
            unitsWithRunning += count > 0;
        }
    }
};

TEST(Statistics, AgreeWithCountingUnitByUnit) {
    std::mt19937 random(3);
    for (int round = 0; round < 100; ++round) {
        const RandomSketch drawing(random);
        const auto recording = sketch(drawing.text);
        const auto statistics = statisticsOf(*recording);
        for (std::size_t state = 0; state < kStateCount; ++state) {
            ASSERT_EQ(statistics.states.ns[state], drawing.units[state] * kSketchUnitNs)
                << drawing.text;
        }
        ASSERT_EQ(statistics.parallelismMax, drawing.mostRunning);
        const auto total =
            static_cast<double>(drawing.units[static_cast<std::size_t>(State::Running)]);
        ASSERT_DOUBLE_EQ(*statistics.parallelismMean, total / drawing.unitsWithRunning);

        const auto begin = static_cast<Nanoseconds>(random() % 40);
        const TimeRange range{begin * kSketchUnitNs, (begin + 13) * kSketchUnitNs};
        ASSERT_EQ(stateTotals(*recording, recording::TrackKind::Task, range).total(),
                  6 * 13 * kSketchUnitNs);
    }
}

TEST(StepFunction, CountsOverlapsLikeBruteForce) {
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        std::vector<TimeRange> ranges;
        for (int i = 0; i < 15; ++i) {
            const auto begin = static_cast<Nanoseconds>(random() % 40);
            ranges.push_back({begin, begin + static_cast<Nanoseconds>(random() % 9)});
        }
        const StepFunction count = overlapCount(ranges);
        for (Nanoseconds t = 0; t < 50; ++t) {
            const auto expected =
                std::ranges::count_if(ranges, [t](TimeRange range) { return range.contains(t); });
            ASSERT_EQ(count.at(t), static_cast<double>(expected));
        }
        const Buckets buckets{{3, 47}, 7};
        const std::vector<double> means = meanPerBucket(count, buckets);
        for (std::size_t i = 0; i < buckets.count; ++i) {
            double sum = 0;
            for (Nanoseconds t = buckets.at(i).beginNs; t < buckets.at(i).endNs; ++t) {
                sum += count.at(t);
            }
            ASSERT_NEAR(means[i], sum / static_cast<double>(buckets.at(i).durationNs()), 1e-9);
        }
    }
}

TEST(Statistics, ParallelismIsUnknownWhereTheKernelsSwitchesWereRefused) {
    recording::Recording sampled = *sketch("a: RRRR....RRd\n"
                                           "b: ..RRRRd\n");
    sampled.info.kernelTruth = "sampled";
    const auto statistics = statisticsOf(sampled);
    EXPECT_EQ(statistics.parallelismMax, std::nullopt);
    EXPECT_EQ(statistics.parallelismMean, std::nullopt);
}

TEST(Statistics, OfTheDemoAreConsistent) {
    const auto demo = support::demoRecording();
    const auto statistics = statisticsOf(*demo);
    EXPECT_EQ(statistics.tasksTotal, 10u);
    EXPECT_LE(statistics.parallelismMax.value(), 2);
    ASSERT_EQ(statistics.locks.size(), 2u);
    EXPECT_GT(statistics.locks[0].waits, 0u);
    EXPECT_GT(statistics.locks[0].forcedHandoffs, 0u);
    EXPECT_GE(statistics.locks[0].handoffs, statistics.locks[0].forcedHandoffs);
}

} // namespace
} // namespace interleave::analysis
