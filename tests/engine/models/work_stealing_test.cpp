// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/work_stealing/work_stealing.h"

#include "tests/engine/models_async/model_run.h"

#include <gmock/gmock.h>
#include <map>
#include <set>

namespace interleave::models {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

ModelRun run(const std::string& text, RunSettings settings = {}) {
    ModelRun result = runModel(*makeWorkStealing(), text, std::move(settings));
    EXPECT_TRUE(result.outcome.has_value())
        << (result.outcome ? "" : result.outcome.error().message);
    EXPECT_THAT(result.illegalTransitions(), IsEmpty());
    return result;
}

const char* const kTree = R"(
    name = "t"
    [[task]]
    name = "trunk"
    steps = [ { compute = "50 us" }, { spawn = "branch", count = 8 }, { await = "branch" },
              { compute = "50 us" } ]
    [[task]]
    name = "branch"
    count = 0
    steps = [ { compute = "50 us" }, { spawn = "leaf", count = 8 }, { await = "leaf" } ]
    [[task]]
    name = "leaf"
    count = 0
    steps = [ { compute = "1 ms" } ])";

} // namespace

TEST(WorkStealing, RunsChildrenOnOtherWorkersThanTheirParents) {
    const ModelRun result = run(kTree, {.workers = 4});
    EXPECT_EQ(result.countEnds(State::Done), 73u);
    std::map<std::uint32_t, std::string> spawnedOn;
    std::size_t stolen = 0;
    std::set<std::uint32_t> begun;
    for (const RecordedEvent& event : result.events) {
        if (event.kind == record::EventKind::Spawned && event.b != 0) {
            spawnedOn[event.a] = event.stream;
        } else if (event.kind == record::kindOf(State::Running) && begun.insert(event.a).second) {
            stolen += spawnedOn.contains(event.a) && spawnedOn[event.a] != event.stream;
        }
    }
    EXPECT_GT(stolen, 0u);
}

TEST(WorkStealing, HasNoMoreWorkersThanAskedForAndNotTheControlThread) {
    const ModelRun result = run(kTree, {.workers = 3});
    std::set<std::string> streams;
    for (const RecordedEvent& event : result.events) {
        if (event.kind == record::kindOf(State::Running)) {
            streams.insert(event.stream);
        }
    }
    EXPECT_FALSE(streams.contains("control"));
    EXPECT_LE(streams.size(), 3u);
}

TEST(WorkStealing, RunsOtherTasksOnAWorkerWhoseTaskAwaits) {
    const ModelRun result = run(kTree, {.workers = 1});
    EXPECT_EQ(result.countEnds(State::Done), 73u) << "one worker, and every parent awaits";
    const auto suspended = result.stretches(result.task("trunk"), State::Suspended);
    ASSERT_EQ(suspended.size(), 1u);
    EXPECT_TRUE(suspended.front().detail.isDetached);
}

TEST(WorkStealing, EndsChildrenThatNobodyAwaits) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "parent"
        count = 5
        steps = [ { spawn = "child", count = 20 } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 105u);
}

TEST(WorkStealing, NamesATaskThatRunsOnTopOfTheHolderOfItsLock) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "knife"
        [[task]]
        name = "parent"
        steps = [ { spawn = "child" }, { lock = "knife", steps = [ { await = "child" } ] } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { lock = "knife", steps = [ { compute = "10 us" } ] } ])",
                                {.workers = 1});
    EXPECT_THAT(result.outcome->deadlock,
                HasSubstr("\"child\" waits for \"knife\", held by \"parent\""));
}

TEST(WorkStealing, CanBeRunAgainAndAgainInOneProcess) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(run(kTree).countEnds(State::Done), 73u);
    }
}

} // namespace interleave::models
