// SPDX-License-Identifier: GPL-3.0-or-later
// Workers that are killed, on real runs.
#include "engine/models/task_queue/task_queue.h"
#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using record::EventKind;
using scenario::Fault;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ModelRun runQueue(const std::string& text, RunSettings settings) {
    const auto model = makeTaskQueue();
    ModelRun result = runModel(*model, "name = \"t\"\n" + text, std::move(settings));
    EXPECT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
    EXPECT_THAT(result.illegalTransitions(), IsEmpty());
    EXPECT_THAT(result.diagnostics, Not(Contains(HasSubstr("message-account"))));
    return result;
}

std::size_t count(const ModelRun& run, EventKind kind) {
    return static_cast<std::size_t>(std::ranges::count(run.events, kind, &RecordedEvent::kind));
}

/// Stretches of sleeping: how often the task was begun.
std::size_t executions(const ModelRun& run, const char* task) {
    return run.stretches(run.task(task), State::Sleeping).size();
}

const char* const kTwoTasks = R"(
    [[task]]
    name = "long"
    steps = [ { sleep = "150 ms" } ]
    [[task]]
    name = "other"
    count = 4
    steps = [ { sleep = "5 ms" } ])";

} // namespace

TEST(TaskQueueFaults, ALateAcknowledgedTaskComesBackAndRunsTwice) {
    const ModelRun result =
        runQueue(kTwoTasks, {.workers = 1,
                             .parameters = {{"acks", "late"}},
                             .faults = {{Fault::Kind::KillWorker, 60 * kMs, 0, 0}}});
    EXPECT_EQ(result.countEnds(State::Done), 5u);
    EXPECT_EQ(executions(result, "long"), 2u);
    EXPECT_EQ(count(result, EventKind::MessageRequeued), 1u);
    EXPECT_EQ(count(result, EventKind::MessageLost), 0u);
    const auto mark = std::ranges::find(result.events, EventKind::Marked, &RecordedEvent::kind);
    ASSERT_NE(mark, result.events.end()) << "the picture shows when it struck";
    EXPECT_EQ(mark->a, static_cast<std::uint32_t>(RunMark::WorkerKilled));
    const bool wasRedelivered = std::ranges::any_of(result.events, [](const auto& event) {
        return event.kind == EventKind::MessageDelivered && (event.b & record::kRedelivered) != 0;
    });
    EXPECT_TRUE(wasRedelivered);
}

TEST(TaskQueueFaults, AnEarlyAcknowledgedTaskIsLostOnceAndSaidSo) {
    const ModelRun result =
        runQueue(kTwoTasks, {.workers = 1,
                             .parameters = {{"acks", "early"}},
                             .faults = {{Fault::Kind::KillWorker, 60 * kMs, 0, 0}}});
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_EQ(result.endOf(result.task("long")), State::Failed);
    EXPECT_EQ(executions(result, "long"), 1u);
    EXPECT_EQ(count(result, EventKind::MessageLost), 1u);
    EXPECT_THAT(result.diagnostics, Contains(HasSubstr("lost-early-ack")));
}

TEST(TaskQueueFaults, AsCeleryALostLateTaskFailsIfItIsNotRejected) {
    const ModelRun result =
        runQueue(kTwoTasks, {.workers = 1,
                             .parameters = {{"acks", "late"}, {"reject_on_worker_lost", "false"}},
                             .faults = {{Fault::Kind::KillWorker, 60 * kMs, 0, 0}}});
    EXPECT_EQ(result.endOf(result.task("long")), State::Failed);
    EXPECT_EQ(executions(result, "long"), 1u);
}

TEST(TaskQueueFaults, APoisonousTaskIsGivenUp) {
    const ModelRun result =
        runQueue(R"(
        [[task]]
        name = "poison"
        steps = [ { crash = "always" } ]
        [[task]]
        name = "other"
        count = 3
        steps = [ { compute = "50 us" } ])",
                 {.workers = 1, .parameters = {{"acks", "late"}, {"delivery_limit", "3"}}});
    EXPECT_EQ(result.endOf(result.task("poison")), State::Failed);
    EXPECT_EQ(result.countEnds(State::Done), 3u);
    EXPECT_EQ(count(result, EventKind::MessageRejected), 1u);
    EXPECT_EQ(count(result, EventKind::MessageRequeued), 3u);
    EXPECT_THAT(result.diagnostics, Contains(HasSubstr("poison-message")));
}

TEST(TaskQueueFaults, ACutConnectionComesBackAndNothingIsLost) {
    // Two long tasks keep both slots at work, so the node has others in hand when it is cut off,
    // unless the machine keeps it or the control thread from their work that long: then once more.
    const char* const text = R"(
        [[task]]
        name = "long"
        count = 2
        steps = [ { sleep = "400 ms" } ]
        [[task]]
        name = "a"
        count = 10
        steps = [ { sleep = "5 ms" } ])";
    for (const char* pool : {"processes", "threads"}) {
        for (const char* acks : {"early", "late"}) {
            std::size_t cameBack = 0;
            for (int i = 0; i < 4 && cameBack == 0; ++i) {
                const ModelRun result =
                    runQueue(text, {.workers = 2,
                                    .parameters = {{"pool", pool}, {"acks", acks}},
                                    .faults = {{Fault::Kind::CutConnection, 150 * kMs, 1, 0}}});
                EXPECT_EQ(result.countEnds(State::Done), 12u) << pool << ' ' << acks;
                cameBack = count(result, EventKind::MessageRequeued);
            }
            EXPECT_GT(cameBack, 0u) << pool << ' ' << acks;
        }
    }
}

TEST(TaskQueueFaults, AStoppedBrokerComesBackAndNothingIsLost) {
    for (const char* pool : {"processes", "threads"}) {
        const ModelRun result =
            runQueue(R"(
                [[task]]
                name = "a"
                count = 30
                steps = [ { sleep = "5 ms" } ])",
                     {.workers = 2,
                      .parameters = {{"pool", pool}, {"acks", "late"}},
                      .faults = {{Fault::Kind::StopBroker, 30 * kMs, 0, 50 * kMs}}});
        EXPECT_EQ(result.countEnds(State::Done), 30u) << pool;
    }
}

TEST(TaskQueueFaults, WhatWentWithAQueueThatIsNotDurableHasFailedAndIsCounted) {
    for (const char* pool : {"processes", "threads"}) {
        const ModelRun result =
            runQueue(R"(
                [[message_queue]]
                name = "orders"
                [[task]]
                name = "a"
                count = 30
                queue = "orders"
                steps = [ { sleep = "20 ms" } ])",
                     {.workers = 2,
                      .parameters = {{"pool", pool}, {"acks", "late"}},
                      .faults = {{Fault::Kind::StopBroker, 120 * kMs, 0, 50 * kMs}}});
        const std::size_t failed = result.countEnds(State::Failed);
        EXPECT_GT(failed, 0u) << pool;
        EXPECT_EQ(result.countEnds(State::Done) + failed, 30u) << pool;
        EXPECT_GE(count(result, EventKind::MessageLost), failed) << pool;
        EXPECT_THAT(result.diagnostic("lost-with-queue"), HasSubstr("\\\"orders\\\"")) << pool;
    }
}

TEST(TaskQueueFaults, ThreadsCannotBeKilledAndSaySo) {
    const auto model = makeTaskQueue();
    const ModelRun result = runModel(*model, std::string("name = \"t\"\n") + kTwoTasks,
                                     {.parameters = {{"pool", "threads"}},
                                      .faults = {{Fault::Kind::KillWorker, 60 * kMs, 0, 0}}});
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message, HasSubstr("pool=processes"));
}

TEST(TaskQueueFaults, ASlowConsumerTakesLongerForEachTask) {
    const ModelRun result =
        runQueue(R"(
            [[task]]
            name = "a"
            count = 4
            steps = [ { compute = "50 us" } ])",
                 {.workers = 1, .faults = {{Fault::Kind::SlowConsumer, 0, 1, 10 * kMs}}});
    const TaskId last = result.task("a 4");
    EXPECT_GE(result.total(last, State::Sleeping), 10 * kMs);
}

} // namespace interleave::models
