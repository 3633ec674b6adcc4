// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/contention.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>
#include <map>
#include <random>

namespace interleave::analysis {
namespace {

using recording::RecordingBuilder;

/// Tasks "a" (group x), "b", "c" (group y) on workers of their own, a lock "stove".
struct Bench {
    RecordingBuilder builder;
    ObjectId stove;

    Bench() {
        for (const char* const name : {"a", "b", "c"}) {
            builder.addTask({name, name[0] == 'a' ? "x" : "y", State::Done, 0, 100});
            builder.addWorker({.name = std::string("worker ") + name, .life = {0, 100}});
        }
        stove = builder.addObject({"stove", "lock", 1});
        builder.info().kernelTruth = "switches";
    }

    void hold(std::uint32_t task, TimeRange range, const char* cause = "free") {
        builder.addObjectSpan(stove, {.range = range,
                                      .state = State::Held,
                                      .task = TaskId{task},
                                      .worker = WorkerId{task},
                                      .cause = builder.intern(cause)});
    }
    void state(std::uint32_t task, TimeRange range, State state, const char* cause = "") {
        builder.addTaskSpan({.range = range,
                             .state = state,
                             .task = TaskId{task},
                             .worker = WorkerId{task},
                             .cause = builder.intern(cause)});
    }
    void onCore(std::uint32_t task, TimeRange range) {
        builder.addWorkerSpan({.range = range,
                               .state = State::Running,
                               .task = TaskId{task},
                               .worker = WorkerId{task}});
    }
};

TEST(Contention, TheInterpreterLockComesFirstOnceItIsWaitedFor) {
    const auto orderWith = [](State second) {
        Bench bench;
        const ObjectId gil = bench.builder.addObject({"GIL", "gil", 1});
        bench.hold(1, {0, 50});
        bench.builder.addObjectSpan(gil, {.range = {0, 50}, .state = State::Held});
        bench.state(2, {0, 50}, State::WaitingLock, "stove");
        bench.state(3, {0, 1}, second, "GIL");
        const auto recording = bench.builder.finish();
        return contendedObjects(*recording, LockWaits(*recording));
    };
    EXPECT_THAT(orderWith(State::WaitingGil), testing::ElementsAre(ObjectId{2}, ObjectId{1}));
    EXPECT_THAT(orderWith(State::Running), testing::ElementsAre(ObjectId{1}, ObjectId{2}));
}

TEST(Contention, FindsWaitsByTheNameInTheirCause) {
    Bench bench;
    bench.builder.addObject({"stove held by b", "lock", 1}); // a name made to mislead
    bench.state(1, {0, 10}, State::WaitingLock, "stove held by b");
    bench.state(2, {0, 10}, State::WaitingLock, "stove held by b held by c");
    bench.state(3, {0, 10}, State::WaitingLock, "stove");
    const auto recording = bench.builder.finish();
    const LockWaits waits(*recording);
    EXPECT_EQ(waits.waitsFor(ObjectId{2}).size(), 2u);
    EXPECT_EQ(waits.waitsFor(ObjectId{1}).size(), 1u);
}

TEST(Contention, SaysWhoMadeWhomWait) {
    Bench bench;
    bench.hold(1, {0, 20});
    bench.hold(2, {20, 50}, "handoff");
    bench.state(2, {5, 20}, State::WaitingLock, "stove held by a");
    bench.state(3, {10, 50}, State::WaitingLock, "stove held by a");
    const auto recording = bench.builder.finish();
    const LockWaits waits(*recording);
    const LockContention contention = contentionOf(*recording, waits, bench.stove);
    EXPECT_EQ(contention.waiters.maximum(), 2);
    EXPECT_EQ(contention.waitHistogram.total, 2u);
    EXPECT_EQ(contention.holds[1].cause, HoldCause::Handoff);
    const WaitMatrix byTask = waitMatrix(*recording, contention, Grouping::Task);
    EXPECT_THAT(byTask.labels, testing::ElementsAre("a", "b", "c"));
    EXPECT_EQ(byTask.waitNs[1][0], 15); // b for a
    EXPECT_EQ(byTask.waitNs[2][0], 10); // c for a
    EXPECT_EQ(byTask.waitNs[2][1], 30); // then for b
    const WaitMatrix byGroup = waitMatrix(*recording, contention, Grouping::Group);
    EXPECT_THAT(byGroup.labels, testing::ElementsAre("x", "y"));
    EXPECT_EQ(byGroup.waitNs[1][0], 25);
    EXPECT_EQ(byGroup.waitNs[1][1], 30);
}

TEST(Contention, SharesAWorkersLifeAmongHoldWaitAndNeither) {
    Bench bench;
    bench.hold(1, {0, 20});
    bench.state(1, {20, 50}, State::WaitingLock, "stove");
    bench.state(1, {50, 100}, State::Running);
    const auto recording = bench.builder.finish();
    const LockContention contention = contentionOf(*recording, LockWaits(*recording), bench.stove);
    ASSERT_EQ(contention.shares.size(), 1u);
    EXPECT_DOUBLE_EQ(contention.shares[0].hold, 0.2);
    EXPECT_DOUBLE_EQ(contention.shares[0].wait, 0.3);
    EXPECT_DOUBLE_EQ(contention.shares[0].neither, 0.5);
}

TEST(Contention, FindsHoldsOfWorkersThatWereNotOnACore) {
    Bench bench;
    bench.hold(1, {10, 50});
    bench.onCore(1, {0, 20});
    bench.onCore(1, {30, 40});
    const auto recording = bench.builder.finish();
    const auto contention = contentionOf(*recording, LockWaits(*recording), bench.stove);
    ASSERT_TRUE(contention.offCore);
    ASSERT_EQ(contention.offCore->size(), 2u);
    EXPECT_EQ((*contention.offCore)[0].range, (TimeRange{20, 30}));
    EXPECT_EQ((*contention.offCore)[1].range, (TimeRange{40, 50}));
}

TEST(Contention, DoesNotClaimToKnowWhatTheKernelDidNotSay) {
    Bench bench;
    bench.builder.info().kernelTruth = "sampled";
    bench.hold(1, {10, 50});
    const auto recording = bench.builder.finish();
    EXPECT_FALSE(contentionOf(*recording, LockWaits(*recording), bench.stove).offCore);
}

TEST(Contention, MatrixAgreesWithCountingUnitByUnit) {
    std::mt19937 random(11);
    for (int round = 0; round < 50; ++round) {
        Bench bench;
        std::array<int, 100> holder{};
        std::array<std::array<bool, 4>, 100> isWaiting{};
        for (Nanoseconds at = 0; at < 95;) {
            const auto task = static_cast<std::uint32_t>(random() % 4);
            const Nanoseconds end = at + 1 + static_cast<Nanoseconds>(random() % 6);
            for (Nanoseconds t = at; t < end && t < 100; ++t) {
                holder[static_cast<std::size_t>(t)] = static_cast<int>(task);
            }
            if (task != 0) {
                bench.hold(task, {at, std::min<Nanoseconds>(end, 100)});
            }
            at = end;
        }
        for (std::uint32_t task = 1; task < 4; ++task) {
            for (Nanoseconds at = static_cast<Nanoseconds>(random() % 9); at < 90;) {
                const Nanoseconds end = at + 1 + static_cast<Nanoseconds>(random() % 8);
                bench.state(task, {at, end}, State::WaitingLock, "stove");
                for (Nanoseconds t = at; t < end; ++t) {
                    isWaiting[static_cast<std::size_t>(t)][task] = true;
                }
                at = end + 1 + static_cast<Nanoseconds>(random() % 8);
            }
        }
        std::map<std::pair<std::string, std::string>, Nanoseconds> expected;
        for (std::size_t t = 0; t < 100; ++t) {
            for (std::uint32_t task = 1; task < 4; ++task) {
                if (isWaiting[t][task] && holder[t] != 0) {
                    ++expected[{std::string(1, static_cast<char>('a' + task - 1)),
                                std::string(1, static_cast<char>('a' + holder[t] - 1))}];
                }
            }
        }
        const auto recording = bench.builder.finish();
        const auto contention = contentionOf(*recording, LockWaits(*recording), bench.stove);
        const WaitMatrix matrix = waitMatrix(*recording, contention, Grouping::Task);
        for (std::size_t w = 0; w < matrix.labels.size(); ++w) {
            for (std::size_t h = 0; h < matrix.labels.size(); ++h) {
                ASSERT_EQ(matrix.waitNs[w][h], (expected[{matrix.labels[w], matrix.labels[h]}]));
            }
        }
    }
}

} // namespace
} // namespace interleave::analysis
