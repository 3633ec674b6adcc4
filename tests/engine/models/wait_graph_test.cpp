// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/sync/wait_graph.h"

#include "tests/engine/models_async/model_run.h"

#include <gmock/gmock.h>

namespace interleave::models {

namespace {

using testing::HasSubstr;

Waiter waiter(std::uint32_t task, std::vector<TaskId> blockers) {
    return {TaskId{task}, nullptr, std::move(blockers), 0};
}

std::vector<std::uint32_t> tasksOf(const Deadlock& deadlock) {
    std::vector<std::uint32_t> tasks;
    for (const Waiter& each : deadlock.waiters) {
        tasks.push_back(each.task.value);
    }
    return tasks;
}

} // namespace

TEST(WaitGraph, IsNoDeadlockWhenNobodyWaits) {
    EXPECT_FALSE(findDeadlock({}).has_value());
}

TEST(WaitGraph, FindsACycleAlthoughOthersRun) {
    WaitGraph graph;
    graph.somebodyCanAct = true;
    graph.waiters = {waiter(1, {TaskId{9}}), waiter(2, {TaskId{3}}), waiter(3, {TaskId{4}}),
                     waiter(4, {TaskId{2}})};
    const auto deadlock = findDeadlock(graph);
    ASSERT_TRUE(deadlock.has_value());
    EXPECT_TRUE(deadlock->isCycle);
    EXPECT_THAT(tasksOf(*deadlock), testing::ElementsAre(2, 3, 4));
}

TEST(WaitGraph, LeavesTheTailThatLeadsIntoACycleOut) {
    WaitGraph graph;
    graph.waiters = {waiter(1, {TaskId{2}}), waiter(2, {TaskId{3}}), waiter(3, {TaskId{2}})};
    const auto deadlock = findDeadlock(graph);
    ASSERT_TRUE(deadlock.has_value());
    EXPECT_THAT(tasksOf(*deadlock), testing::ElementsAre(2, 3));
}

TEST(WaitGraph, FindsATaskThatWaitsForItself) {
    WaitGraph graph;
    graph.somebodyCanAct = true;
    graph.waiters = {waiter(7, {TaskId{7}})};
    const auto deadlock = findDeadlock(graph);
    ASSERT_TRUE(deadlock.has_value());
    EXPECT_THAT(tasksOf(*deadlock), testing::ElementsAre(7));
}

TEST(WaitGraph, IsNoDeadlockWhileSomebodyCanAct) {
    WaitGraph graph;
    graph.waiters = {waiter(1, {}), waiter(2, {TaskId{3}})};
    graph.somebodyCanAct = true;
    EXPECT_FALSE(findDeadlock(graph).has_value());
    graph.somebodyCanAct = false;
    const auto deadlock = findDeadlock(graph);
    ASSERT_TRUE(deadlock.has_value());
    EXPECT_FALSE(deadlock->isCycle);
    EXPECT_EQ(deadlock->waiters.size(), 2u);
}

TEST(WaitGraph, IsSearchedInLinearTimeAndWithoutDeepRecursion) {
    WaitGraph graph;
    graph.somebodyCanAct = true;
    constexpr std::uint32_t kTasks = 100'000;
    for (std::uint32_t i = 1; i < kTasks; ++i) {
        graph.waiters.push_back(waiter(i, {TaskId{i + 1}}));
    }
    EXPECT_FALSE(findDeadlock(graph).has_value());
    graph.waiters.push_back(waiter(kTasks, {TaskId{1}}));
    EXPECT_EQ(findDeadlock(graph)->waiters.size(), kTasks);
}

TEST(WaitGraph, DescribesTasksObjectsAndHolders) {
    const scenario::Program program = programOf(R"(
        name = "t"
        [[lock]]
        name = "salt"
        [[lock]]
        name = "pepper"
        [[task]]
        name = "left"
        steps = [ { lock = "salt", steps = [ { compute = "1 us" } ] } ]
        [[task]]
        name = "right"
        steps = [ { lock = "pepper", steps = [ { compute = "1 us" } ] } ])");
    Deadlock deadlock;
    deadlock.isCycle = true;
    deadlock.waiters = {{TaskId{1}, &program.tasks[0].actions[0], {TaskId{2}}, 0},
                        {TaskId{2}, &program.tasks[1].actions[0], {TaskId{1}}, 0}};
    EXPECT_EQ(describe(deadlock, program), "\"left\" waits for \"salt\", held by \"right\"; "
                                           "\"right\" waits for \"pepper\", held by \"left\"");
}

TEST(WaitGraph, NamesOnlyTheFirstOfVeryManyWaiters) {
    const scenario::Program program = programOf(R"(
        name = "t"
        [[queue]]
        name = "orders"
        capacity = 2
        [[task]]
        name = "cook"
        count = 30
        steps = [ { get = "orders" } ])");
    Deadlock deadlock;
    for (const scenario::Task& task : program.tasks) {
        deadlock.waiters.push_back({task.id, &task.actions[0], {}, 0});
    }
    const std::string text = describe(deadlock, program);
    EXPECT_THAT(text, HasSubstr("\"cook 1\" waits for an item in the queue \"orders\", which is "
                                "empty"));
    EXPECT_THAT(text, HasSubstr("and 22 more tasks wait"));
    EXPECT_THAT(text, HasSubstr("no task is left that could wake them"));
}

} // namespace interleave::models
