// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop_pool/event_loop_pool.h"
#include "tests/engine/models_async/model_run.h"

#include <gmock/gmock.h>
#include <set>

namespace interleave::models {

namespace {

using testing::IsEmpty;

ModelRun runOnPool(const std::string& text, RunSettings settings = {}) {
    ModelRun result =
        settings.stopAfter
            ? runAndStop(*makeEventLoopPool(), text, settings, std::chrono::milliseconds(200))
            : runModel(*makeEventLoopPool(), text, std::move(settings));
    EXPECT_TRUE(result.outcome.has_value())
        << (result.outcome ? "" : result.outcome.error().message);
    EXPECT_THAT(result.illegalTransitions(), IsEmpty());
    return result;
}

} // namespace

TEST(EventLoopPool, ComputesOnPoolThreadsAndWaitsOnTheLoop) {
    const ModelRun result = runOnPool(R"(
        name = "t"
        [[task]]
        name = "dish"
        count = 6
        steps = [ { compute = "3 ms" }, { sleep = "1 ms" }, { compute = "3 ms" } ]
    )",
                                      {.workers = 2});
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    const StepId compute = result.program.tasks[0].actions[0].step;
    std::set<std::string> pool;
    for (const scenario::Task& task : result.program.tasks) {
        for (const Stretch& stretch : result.stretches(task.id)) {
            if (stretch.state == State::Running && stretch.detail.step == compute &&
                stretch.range.durationNs() > 2'000'000) {
                pool.insert(stretch.stream);
            }
            if (stretch.state == State::Sleeping) {
                EXPECT_EQ(stretch.stream, "event loop");
            }
        }
    }
    EXPECT_THAT(pool, testing::UnorderedElementsAre("pool worker 1", "pool worker 2"));
}

TEST(EventLoopPool, KeepsTheLoopResponsiveWhileTasksCompute) {
    const ModelRun result = runOnPool(R"(
        name = "t"
        [[task]]
        name = "cruncher"
        steps = [ { compute = "60 ms" } ]
        [[task]]
        name = "ticker"
        steps = [ { sleep = "5 ms" }, { sleep = "5 ms" } ]
    )",
                                      {.workers = 1});
    const Nanoseconds tickerEnd = result.stretches(result.task("ticker")).back().range.beginNs;
    const Nanoseconds cruncherEnd = result.stretches(result.task("cruncher")).back().range.beginNs;
    EXPECT_LT(tickerEnd, cruncherEnd);
}

TEST(EventLoopPool, QueuesStepsBeyondItsThreads) {
    const ModelRun result = runOnPool(R"(
        name = "t"
        [[task]]
        name = "cruncher"
        count = 3
        steps = [ { compute = "5 ms" } ]
    )",
                                      {.workers = 1});
    EXPECT_EQ(result.countEnds(State::Done), 3u);
    EXPECT_GE(result.total(TaskId{3}, State::Queued), result.total(TaskId{2}, State::Running));
}

TEST(EventLoopPool, StopsSoonWhileItsThreadsCompute) {
    const ModelRun result = runOnPool(R"(
        name = "t"
        [[task]]
        name = "long"
        count = 5
        steps = [ { compute = "60 s" } ]
    )",
                                      {.workers = 2, .stopAfter = std::chrono::milliseconds(30)});
    EXPECT_EQ(result.countEnds(State::Cancelled), 5u);
    EXPECT_LT(result.stopTookNs, 200'000'000);
}

} // namespace interleave::models
