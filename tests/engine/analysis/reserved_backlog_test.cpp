// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/reserved_backlog.h"

#include "engine/recording/recording_builder.h"

#include <gtest/gtest.h>
#include <optional>

namespace interleave::analysis {
namespace {

using namespace recording;

/// Tasks that are delivered to a worker, wait there and run, perhaps on another one.
class Kitchen {
public:
    explicit Kitchen(int workers) {
        m_queue = m_builder.addObject({"tasks", "message-queue", 0});
        for (int i = 1; i <= workers; ++i) {
            m_builder.addWorker({.name = "worker " + std::to_string(i), .life = {0, 100}});
        }
    }
    void consumer(std::uint32_t worker) {
        m_builder.addConsumer({m_queue, WorkerId{worker}, 4, {0, 100}});
    }
    void task(std::uint32_t consumer, std::uint32_t executor, Nanoseconds delivered,
              Nanoseconds begin, Nanoseconds end, std::optional<Nanoseconds> acked = {}) {
        const TaskId task = m_builder.addTask({"t", "t", State::Done, 0, end});
        const auto step = [&](Nanoseconds ns, MessageStep what) {
            m_builder.addMessage({.timeNs = ns,
                                  .message = task.value,
                                  .step = what,
                                  .object = m_queue,
                                  .task = task,
                                  .worker = WorkerId{consumer}});
        };
        step(0, MessageStep::Queued);
        step(delivered, MessageStep::Delivered);
        step(acked.value_or(end), MessageStep::Acked);
        const auto span = [&](TimeRange range, State state, std::uint32_t worker) {
            return Span{.range = range, .state = state, .task = task, .worker = WorkerId{worker}};
        };
        m_builder.addTaskSpan(span({0, delivered}, State::Queued, 0));
        m_builder.addTaskSpan(span({delivered, begin}, State::Reserved, 0));
        m_builder.addTaskSpan(span({begin, end}, State::Running, executor));
        m_builder.addWorkerSpan(span({begin, end}, State::Running, executor));
    }
    ReservedBacklog backlog() {
        const auto recording = m_builder.finish();
        EXPECT_TRUE(recording->diagnostics.empty());
        return reservedBacklog(*recording, MessageLives::of(recording->messages));
    }

private:
    RecordingBuilder m_builder;
    ObjectId m_queue;
};

TEST(ReservedBacklog, AWorkerIdlesWhileAnotherHoldsReservedTasks) {
    Kitchen kitchen(2);
    kitchen.consumer(1);
    kitchen.consumer(2);
    kitchen.task(1, 1, 0, 0, 40);  // a long one,
    kitchen.task(1, 1, 0, 40, 60); // and two that wait behind it
    kitchen.task(1, 1, 0, 60, 70);
    kitchen.task(2, 2, 0, 0, 10);
    const ReservedBacklog backlog = kitchen.backlog();
    ASSERT_EQ(backlog.workers.size(), 2u);
    EXPECT_EQ(backlog.workers[0].idleNs, 0);
    EXPECT_EQ(backlog.workers[0].starvedNs, 0) << "it holds them itself";
    EXPECT_EQ(backlog.workers[1].idleNs, 60) << "from 10 to the last acknowledgement";
    EXPECT_EQ(backlog.workers[1].starvedNs, 50) << "until the last reserved one was begun";
    EXPECT_EQ(backlog.starvedNs, 50);
    ASSERT_EQ(backlog.consumers.size(), 2u);
    EXPECT_EQ(backlog.consumers[0].delivered, 3u);
    EXPECT_EQ(backlog.consumers[0].mostReserved, 2u);
    EXPECT_EQ(backlog.consumers[0].reservedNs, 40 + 60);
    EXPECT_EQ(backlog.consumers[1].mostReserved, 0u);
}

TEST(ReservedBacklog, NobodyStarvesWhereEachTakesOneAtATime) {
    Kitchen kitchen(2);
    kitchen.consumer(1);
    kitchen.consumer(2);
    kitchen.task(1, 1, 0, 0, 40);
    kitchen.task(2, 2, 0, 0, 10);
    kitchen.task(2, 2, 10, 10, 30);
    kitchen.task(2, 2, 30, 30, 40);
    const ReservedBacklog backlog = kitchen.backlog();
    EXPECT_EQ(backlog.starvedNs, 0);
    EXPECT_EQ(backlog.workers[0].idleNs + backlog.workers[1].idleNs, 0);
}

TEST(ReservedBacklog, WhoNeverGotAnythingStarvesAll) {
    Kitchen kitchen(3);
    kitchen.consumer(1);
    kitchen.consumer(2);
    kitchen.consumer(3);
    kitchen.task(1, 1, 0, 0, 20);
    kitchen.task(1, 1, 0, 20, 30);
    kitchen.task(2, 2, 0, 0, 10);
    kitchen.task(2, 2, 0, 10, 30);
    const ReservedBacklog backlog = kitchen.backlog();
    ASSERT_EQ(backlog.workers.size(), 3u);
    EXPECT_EQ(backlog.workers[2].idleNs, 30);
    EXPECT_EQ(backlog.workers[2].starvedNs, 20);
}

TEST(ReservedBacklog, WhoOnlyHandsTasksOnIsNoWorker) {
    Kitchen kitchen(4); // 1 hands on to 2 and 3; 4 is alone
    kitchen.consumer(1);
    kitchen.consumer(4);
    kitchen.task(1, 2, 0, 0, 30);
    kitchen.task(1, 3, 0, 0, 10);
    kitchen.task(1, 2, 0, 30, 40); // reserved by 1, although its 3 is idle
    kitchen.task(4, 4, 0, 0, 5);
    const ReservedBacklog backlog = kitchen.backlog();
    ASSERT_EQ(backlog.workers.size(), 3u);
    EXPECT_EQ(backlog.workers[0].worker, WorkerId{2});
    EXPECT_EQ(backlog.workers[0].consumer, WorkerId{1});
    EXPECT_EQ(backlog.workers[1].worker, WorkerId{3});
    EXPECT_EQ(backlog.workers[1].starvedNs, 0) << "the reserved one is its own consumer's";
    EXPECT_EQ(backlog.workers[2].worker, WorkerId{4});
    EXPECT_EQ(backlog.workers[2].starvedNs, 25);
}

TEST(ReservedBacklog, WhoExecutesIsKnownAlsoWhereTasksAreAcknowledgedAsTheyBegin) {
    Kitchen kitchen(4); // 1 hands on to 3, 2 to 4
    kitchen.consumer(1);
    kitchen.consumer(2);
    kitchen.task(1, 3, 0, 0, 40, 0);
    kitchen.task(1, 3, 0, 40, 60, 40);
    kitchen.task(2, 4, 0, 0, 10, 0);
    const ReservedBacklog backlog = kitchen.backlog();
    ASSERT_EQ(backlog.workers.size(), 2u);
    EXPECT_EQ(backlog.workers[1].worker, WorkerId{4});
    EXPECT_EQ(backlog.workers[1].consumer, WorkerId{2});
    EXPECT_EQ(backlog.workers[1].starvedNs, 30);
}

TEST(ReservedBacklog, IsEmptyWithoutMessages) {
    RecordingBuilder builder;
    builder.addWorker({.name = "w", .life = {0, 9}});
    const auto recording = builder.finish();
    const ReservedBacklog backlog = reservedBacklog(*recording, {});
    EXPECT_TRUE(backlog.workers.empty());
    EXPECT_EQ(backlog.starvedNs, 0);
}

} // namespace
} // namespace interleave::analysis
