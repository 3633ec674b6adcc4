// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/sync/shared_objects.h"

#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>

namespace interleave::models {

namespace {

using scenario::Action;

const char* const kProgram = R"(
    name = "t"
    [[lock]]
    name = "lock"
    [[semaphore]]
    name = "pair"
    permits = 2
    [[barrier]]
    name = "gate"
    parties = 3
    [[queue]]
    name = "box"
    capacity = 2
    [[task]]
    name = "task"
    count = 8
    steps = [ { lock = "lock", steps = [ { compute = "1 us" } ] }, { acquire = "pair" },
              { release = "pair" }, { barrier = "gate" }, { put = "box" }, { get = "box" } ])";

struct SharedTasks {
    scenario::Program program = programOf(kProgram);
    SharedObjects objects = std::move(SharedObjects::create(program).value());

    SharedTasks() {
        for (const scenario::Task& task : program.tasks) {
            objects.markSubmitted(task.id);
            objects.markStarted(task.id);
        }
    }
    /// The n-th action of a kind: 0 is the lock's, 1 the semaphore's.
    const Action& action(std::uint32_t task, Action::Kind kind, int n = 0) {
        for (const Action& each : program.tasks[task - 1].actions) {
            if (each.kind == kind && n-- == 0) {
                return each;
            }
        }
        ADD_FAILURE() << "no such action";
        return program.tasks[task - 1].actions.front();
    }
    Passage pass(std::uint32_t task, Action::Kind kind, int n = 0) {
        Passage passage;
        const Action& wanted = action(task, kind, n);
        if (!objects.enter(TaskId{task}, wanted, passage)) {
            objects.wait(TaskId{task}, wanted, passage);
        }
        return passage;
    }
    bool tryPass(std::uint32_t task, Action::Kind kind, int n = 0) {
        Passage passage;
        return objects.enter(TaskId{task}, action(task, kind, n), passage);
    }
    /// Returns once the task is in the wait-for table.
    void untilWaits(std::uint32_t task) {
        while (objects.look(TaskId{task}).waitsFor == nullptr) {
            std::this_thread::yield();
        }
    }
    ObjectId object(std::string_view name) {
        return std::ranges::find(program.objects, name, &scenario::Object::name)->id;
    }
};

} // namespace

TEST(SharedObjects, LetOneTaskAtATimeHaveALock) {
    SharedTasks f;
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::vector<std::jthread> threads;
    for (std::uint32_t task = 1; task <= 8; ++task) {
        threads.emplace_back([&, task] {
            for (int i = 0; i < 500; ++i) {
                f.pass(task, Action::Kind::Acquire);
                most = std::max(most.load(), ++inside);
                --inside;
                f.objects.release(TaskId{task}, f.object("lock"));
            }
        });
    }
    threads.clear();
    EXPECT_EQ(most, 1);
}

TEST(SharedObjects, LetAsManyInAsASemaphoreHasPermits) {
    SharedTasks f;
    EXPECT_TRUE(f.tryPass(1, Action::Kind::Acquire, 1));
    EXPECT_TRUE(f.tryPass(2, Action::Kind::Acquire, 1));
    EXPECT_FALSE(f.tryPass(3, Action::Kind::Acquire, 1));
    f.objects.release(TaskId{1}, f.object("pair"));
    EXPECT_TRUE(f.tryPass(4, Action::Kind::Acquire, 1));
}

TEST(SharedObjects, TellAWaiterWhoReleasedAndWhen) {
    SharedTasks f;
    f.pass(1, Action::Kind::Acquire);
    Passage second;
    std::jthread waiter([&] { second = f.pass(2, Action::Kind::Acquire); });
    f.untilWaits(2);
    const auto look = f.objects.look(TaskId{2});
    EXPECT_EQ(look.blockers, std::vector{TaskId{1}});
    const Nanoseconds before = monotonicNow();
    f.objects.release(TaskId{1}, f.object("lock"));
    waiter.join();
    EXPECT_EQ(second.how, record::Acquisition::Handoff);
    EXPECT_EQ(second.waker, TaskId{1});
    EXPECT_GE(second.readySinceNs, before);
    EXPECT_LE(second.readySinceNs, monotonicNow());
}

TEST(SharedObjects, HoldBackAtABarrierUntilAllAreThere) {
    SharedTasks f;
    std::atomic<int> passed{0};
    std::vector<std::jthread> threads;
    for (std::uint32_t task = 1; task <= 2; ++task) {
        threads.emplace_back([&, task] {
            f.pass(task, Action::Kind::Barrier);
            ++passed;
        });
        f.untilWaits(task);
    }
    EXPECT_EQ(passed, 0);
    f.pass(3, Action::Kind::Barrier);
    threads.clear();
    EXPECT_EQ(passed, 2);
    EXPECT_FALSE(f.tryPass(4, Action::Kind::Barrier)) << "the next round begins anew";
}

TEST(SharedObjects, DeliverEveryItemOnceAndInOrder) {
    SharedTasks f;
    constexpr int kItems = 2000;
    std::vector<std::uint32_t> put;
    std::vector<std::uint32_t> got;
    {
        std::jthread producer([&] {
            for (int i = 0; i < kItems; ++i) {
                put.push_back(f.pass(1, Action::Kind::Put).item);
            }
        });
        std::jthread consumer([&] {
            for (int i = 0; i < kItems; ++i) {
                got.push_back(f.pass(2, Action::Kind::Get).item);
            }
        });
    }
    EXPECT_EQ(put, got);
    std::ranges::sort(put);
    EXPECT_EQ(std::ranges::adjacent_find(put), put.end());
}

TEST(SharedObjects, BlockAPutWhileTheQueueIsFull) {
    SharedTasks f;
    EXPECT_TRUE(f.tryPass(1, Action::Kind::Put));
    EXPECT_TRUE(f.tryPass(1, Action::Kind::Put));
    std::jthread producer([&] { f.pass(2, Action::Kind::Put); });
    f.untilWaits(2);
    EXPECT_EQ(f.objects.look(TaskId{2}).level, 2u);
    f.pass(3, Action::Kind::Get);
    producer.join();
    EXPECT_EQ(f.objects.look(TaskId{2}).waitsFor, nullptr);
}

TEST(SharedObjects, EndEveryWaitWhenCancelled) {
    SharedTasks f;
    f.pass(1, Action::Kind::Acquire);
    std::atomic<int> cancelled{0};
    std::vector<std::jthread> threads;
    const auto waits = [&](std::uint32_t task, Action::Kind kind) {
        threads.emplace_back([&, task, kind] { cancelled += f.pass(task, kind).isCancelled; });
        f.untilWaits(task);
    };
    waits(2, Action::Kind::Acquire);
    waits(3, Action::Kind::Barrier);
    waits(4, Action::Kind::Get);
    threads.emplace_back(
        [&] { cancelled += !f.objects.sleepUntil(monotonicNow() + 3'600'000'000'000); });
    f.objects.cancelAll();
    threads.clear();
    EXPECT_EQ(cancelled, 4);
    EXPECT_TRUE(f.pass(5, Action::Kind::Get).isCancelled) << "and every wait from then on";
}

TEST(SharedObjects, WorkAcrossProcesses) {
    SharedTasks f;
    f.pass(1, Action::Kind::Acquire);
    const pid_t child = fork();
    if (child == 0) {
        const Passage passage = f.pass(2, Action::Kind::Acquire);
        f.pass(2, Action::Kind::Put);
        f.objects.release(TaskId{2}, f.object("lock"));
        _exit(passage.how == record::Acquisition::Handoff ? 0 : 1);
    }
    f.untilWaits(2);
    f.objects.release(TaskId{1}, f.object("lock"));
    EXPECT_NE(f.pass(3, Action::Kind::Get).item, 0u);
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(SharedObjects, SurviveTheDeathOfAHolder) {
    SharedTasks f;
    const pid_t child = fork();
    if (child == 0) {
        f.pass(1, Action::Kind::Acquire);
        f.pass(1, Action::Kind::Acquire, 1);
        kill(getpid(), SIGKILL);
    }
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_FALSE(f.tryPass(2, Action::Kind::Acquire));
    std::jthread waiter([&] { f.pass(3, Action::Kind::Acquire); });
    f.untilWaits(3);
    f.objects.abandon(TaskId{1});
    waiter.join();
    EXPECT_TRUE(f.tryPass(4, Action::Kind::Acquire, 1));
    EXPECT_TRUE(f.tryPass(5, Action::Kind::Acquire, 1)) << "its permit came back too";
}

TEST(SharedObjects, CanBeAttachedByDescriptor) {
    SharedTasks f;
    f.pass(1, Action::Kind::Put);
    auto other = SharedObjects::attach(dup(f.objects.fd()), f.program);
    ASSERT_TRUE(other.has_value());
    Passage passage;
    EXPECT_TRUE(other->enter(TaskId{2}, f.action(2, Action::Kind::Get), passage));
    EXPECT_FALSE(f.tryPass(3, Action::Kind::Get)) << "the other mapping has taken the item";
}

} // namespace interleave::models
