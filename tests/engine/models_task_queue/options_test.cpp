// SPDX-License-Identifier: GPL-3.0-or-later
// What options of tasks and workers promise, on real runs.
#include "engine/models/task_queue/task_queue.h"
#include "tests/engine/models_async/model_run.h"

#include <gmock/gmock.h>
#include <map>
#include <set>

namespace interleave::models {
namespace {

using record::EventKind;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ModelRun runWith(const std::string& text, RunSettings settings) {
    const auto model = makeTaskQueue();
    ModelRun result = runModel(*model, "name = \"t\"\n" + text, std::move(settings));
    EXPECT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_THAT(result.illegalTransitions(), IsEmpty());
    EXPECT_THAT(result.diagnostics, Not(Contains(HasSubstr("message-account"))));
    EXPECT_THAT(result.diagnostics, Not(Contains(HasSubstr("worker-died"))));
    return result;
}

/// How many tasks each process slept for.
std::map<std::uint32_t, int> executionsByProcess(const ModelRun& run) {
    std::map<std::uint32_t, int> executions;
    for (const scenario::Task& task : run.program.tasks) {
        for (const Stretch& stretch : run.stretches(task.id, State::Sleeping)) {
            ++executions[stretch.pid];
        }
    }
    return executions;
}

/// The messages that carried tasks, and how many each.
std::map<std::uint32_t, int> loads(const ModelRun& run) {
    std::map<std::uint32_t, int> carried;
    for (const RecordedEvent& event : run.events) {
        carried[event.a] += event.kind == EventKind::MessageCarries ? 1 : 0;
    }
    std::erase_if(carried, [](const auto& one) { return one.second == 0; });
    return carried;
}

} // namespace

TEST(TaskQueueOptions, AChildIsReplacedAfterItsNumberOfTasks) {
    const ModelRun result = runWith(R"(
        [[task]]
        name = "a"
        count = 6
        steps = [ { sleep = "1 ms" } ])",
                                    {.workers = 1, .parameters = {{"max_tasks_per_child", "2"}}});
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    const auto executions = executionsByProcess(result);
    EXPECT_EQ(executions.size(), 3u);
    for (const auto& [pid, count] : executions) {
        EXPECT_EQ(count, 2) << pid;
    }
}

TEST(TaskQueueOptions, AutoscaleGrowsOnlyAsTasksWait) {
    const ModelRun few = runWith(R"(
        [[task]]
        name = "a"
        steps = [ { sleep = "1 ms" } ])",
                                 {.workers = 4, .parameters = {{"autoscale", "1"}}});
    const ModelRun many = runWith(R"(
        [[task]]
        name = "a"
        count = 24
        steps = [ { sleep = "50 ms" } ])",
                                  {.workers = 4, .parameters = {{"autoscale", "1"}}});
    const auto workersOf = [](const ModelRun& run) {
        std::set<std::string> workers;
        for (const RecordedEvent& event : run.events) {
            if (!event.isControl) {
                workers.insert(event.stream);
            }
        }
        return workers.size();
    };
    EXPECT_EQ(workersOf(few), 1u);
    EXPECT_EQ(workersOf(many), 4u);
    EXPECT_EQ(many.countEnds(State::Done), 24u);
}

TEST(TaskQueueOptions, AChunkIsOneMessageOfSeveralTasks) {
    const ModelRun result = runWith(R"(
        [[task]]
        name = "a"
        count = 11
        chunk = 5
        payload = "1 kB"
        steps = [ { sleep = "1 ms" } ])",
                                    {.workers = 2});
    EXPECT_EQ(result.countEnds(State::Done), 11u);
    std::multiset<int> sizes;
    for (const auto& [message, tasks] : loads(result)) {
        sizes.insert(tasks);
    }
    EXPECT_THAT(sizes, testing::ElementsAre(1, 5, 5));
    const Stretch first = result.stretches(result.task("a 1"), State::Sleeping).front();
    const Stretch fifth = result.stretches(result.task("a 5"), State::Sleeping).front();
    EXPECT_EQ(first.pid, fifth.pid) << "who has the message does all of it";
    EXPECT_LE(first.range.endNs, fifth.range.beginNs);
}

TEST(TaskQueueOptions, WhatHasExpiredIsNeverBegun) {
    const ModelRun result = runWith(R"(
        [[task]]
        name = "long"
        steps = [ { sleep = "100 ms" } ]
        [[task]]
        name = "urgent"
        count = 3
        expires = "20 ms"
        steps = [ { sleep = "1 ms" } ]
        [[task]]
        name = "patient"
        expires = "60 s"
        steps = [ { sleep = "1 ms" } ])",
                                    {.workers = 1});
    EXPECT_EQ(result.countEnds(State::Cancelled), 3u);
    EXPECT_EQ(result.countEnds(State::Done), 2u);
    for (const char* name : {"urgent 1", "urgent 2", "urgent 3"}) {
        EXPECT_THAT(result.stretches(result.task(name), State::Sleeping), IsEmpty()) << name;
        EXPECT_EQ(result.endOf(result.task(name)), State::Cancelled) << name;
    }
    EXPECT_EQ(result.count(EventKind::MessageAcked), 5u + 5u) << "and their results'";
}

TEST(TaskQueueOptions, AChainHandsOverAndEndsWithItsFirstFailure) {
    const ModelRun result = runWith(R"(
        [[task]]
        name = "load"
        count = 2
        then = "scale"
        steps = [ { sleep = "2 ms" } ]
        [[task]]
        name = "scale"
        then = "store"
        steps = [ { sleep = "2 ms" }, { fail = "always" } ]
        [[task]]
        name = "store"
        steps = [ { sleep = "2 ms" } ])",
                                    {.workers = 2});
    for (const char* index : {" 1", " 2"}) {
        const TaskId load = result.task(std::string("load") + index);
        const TaskId scale = result.task(std::string("scale") + index);
        const TaskId store = result.task(std::string("store") + index);
        EXPECT_EQ(result.endOf(load), State::Done);
        EXPECT_EQ(result.endOf(scale), State::Failed);
        EXPECT_EQ(result.endOf(store), State::Cancelled);
        EXPECT_GE(result.stretches(scale).front().range.beginNs,
                  result.stretches(load, State::Sleeping).front().range.endNs);
        EXPECT_THAT(result.stretches(store, State::Sleeping), IsEmpty());
    }
    EXPECT_EQ(loads(result).size(), 4u) << "what follows a failure is not even published";
}

} // namespace interleave::models
