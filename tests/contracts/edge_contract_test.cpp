// SPDX-License-Identifier: GPL-3.0-or-later
// Programs at the edges, under every model: none, very many or very awkward tasks, few or many
// workers, every kind of shared object.
#include "engine/models/refusal.h"
#include "engine/models/registry.h"
#include "tests/contracts/contract_checks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace interleave::models {

namespace {

class EdgeContract : public testing::TestWithParam<std::string> {
protected:
    const Model& model() const { return **findModel(GetParam()); }
    /// Runs, and checks everything that every run owes.
    ModelRun run(const std::string& text, int workers = 2) const {
        ModelRun result =
            runModel(model(), text, {.workers = workers, .programPath = INTERLEAVE_PROGRAM});
        EXPECT_TRUE(result.outcome.has_value())
            << (result.outcome ? "" : result.outcome.error().message);
        EXPECT_THAT(allFaults(result), testing::IsEmpty());
        return result;
    }
};

const char* const kEverything = R"(
    name = "t"
    [[lock]]
    name = "lock"
    [[semaphore]]
    name = "pair"
    permits = 2
    [[task]]
    name = "a"
    count = 12
    payload = "1 kB"
    steps = [ { compute = "200 us" }, { lock = "lock", steps = [ { compute = "100 us" } ] },
              { acquire = "pair" }, { sleep = "1 ms" }, { release = "pair" }, { io = "1 ms" },
              { compute = "50 us" } ])";

} // namespace

TEST_P(EdgeContract, NoTaskIsARunToo) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "never"
        count = 0
        steps = [ { compute = "1 ms" } ])");
    EXPECT_EQ(result.program.tasks.size(), 0u);
    EXPECT_EQ(result.outcome->deadlock, "");
}

TEST_P(EdgeContract, TenThousandTinyTasksAllRun) {
    // An interpreter takes a thousand times as long for one.
    const bool isPython = GetParam().starts_with("python-");
    const ModelRun result = run(fmt::format(R"(
        name = "t"
        [[task]]
        name = "crumb"
        count = {}
        steps = [ {{ compute = "2 us" }} ])",
                                            isPython ? 1000 : 10000),
                                4);
    EXPECT_EQ(result.countEnds(State::Done), isPython ? 1000u : 10'000u);
}

TEST_P(EdgeContract, OneWorkerDoesEverything) {
    EXPECT_EQ(run(kEverything, 1).countEnds(State::Done), 12u);
}

TEST_P(EdgeContract, SixtyFourWorkersOnFewCoresDoEverything) {
    EXPECT_EQ(run(kEverything, 64).countEnds(State::Done), 12u);
}

TEST_P(EdgeContract, FollowersBeginAfterAllTheyFollow) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "chop"
        count = 5
        steps = [ { compute = "300 us" } ]
        [[task]]
        name = "serve"
        count = 3
        after = "chop"
        steps = [ { compute = "100 us" } ])");
    Nanoseconds lastChop = 0;
    for (const RecordedEvent& event : result.events) {
        if (!record::isState(event.kind)) {
            continue;
        }
        const bool isChop = result.program.task(TaskId{event.a}).group == "chop";
        if (isChop && event.kind == record::kindOf(State::Done)) {
            lastChop = event.ns;
        }
        if (!isChop && event.kind == record::kindOf(State::Queued)) {
            EXPECT_GE(event.ns, lastChop);
        }
    }
    EXPECT_EQ(result.countEnds(State::Done), 8u);
}

TEST_P(EdgeContract, TasksArriveOverTime) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "guest"
        count = 6
        every = "3 ms"
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    const Nanoseconds first = result.stretches(TaskId{1}).front().range.beginNs;
    const Nanoseconds last = result.stretches(TaskId{6}).front().range.beginNs;
    EXPECT_GE(last - first, 12'000'000);
}

TEST_P(EdgeContract, RetriesEndAsTheyShould) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "second try"
        count = 4
        retries = 2
        retry_delay = "1 ms"
        steps = [ { compute = "50 us" }, { fail = "first-try" }, { compute = "50 us" } ]
        [[task]]
        name = "hopeless"
        retries = 1
        steps = [ { compute = "50 us" }, { fail = "always" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_EQ(result.endOf(result.task("hopeless")), State::Failed);
    EXPECT_EQ(result.stretches(result.task("hopeless"), State::Failed).size(), 2u);
    EXPECT_EQ(result.stretches(result.task("second try 1"), State::Retrying).size(), 1u);
}

TEST_P(EdgeContract, TriesAreAsFarApartAsTheBackOffSays) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "patient"
        retries = 3
        retry_delay = "2 ms"
        retry_backoff = true
        retry_backoff_max = "5 ms"
        steps = [ { fail = "always" } ])");
    const TaskId patient = result.task("patient");
    const auto failures = result.stretches(patient, State::Failed);
    const auto waits = result.stretches(patient, State::Retrying);
    ASSERT_EQ(waits.size(), 3u);
    ASSERT_EQ(failures.size(), 4u);
    const Nanoseconds delays[] = {2'000'000, 4'000'000, 5'000'000};
    for (std::size_t i = 0; i < waits.size(); ++i) {
        EXPECT_GE(waits[i].range.endNs - failures[i].range.beginNs, delays[i]) << i;
    }
    EXPECT_EQ(result.endOf(patient), State::Failed);
}

TEST_P(EdgeContract, TasksOfAChainFollowOneByOne) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "load"
        count = 4
        then = "scale"
        steps = [ { sleep = "1 ms" } ]
        [[task]]
        name = "scale"
        then = "store"
        steps = [ { compute = "100 us" } ]
        [[task]]
        name = "store"
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.outcome->deadlock, "");
    EXPECT_EQ(result.countEnds(State::Done), 12u);
    for (const scenario::Task& task : result.program.tasks) {
        if (task.then) {
            EXPECT_GE(result.stretches(task.then).front().range.beginNs,
                      result.stretches(task.id).back().range.beginNs)
                << task.name;
        }
    }
}

TEST_P(EdgeContract, AFailedLinkEndsItsChainAndNothingElse) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "first"
        then = "second"
        steps = [ { compute = "50 us" } ]
        [[task]]
        name = "second"
        then = "third"
        steps = [ { fail = "always" } ]
        [[task]]
        name = "third"
        then = "fourth"
        steps = [ { compute = "50 us" } ]
        [[task]]
        name = "fourth"
        steps = [ { compute = "50 us" } ]
        [[task]]
        name = "after all"
        after = "fourth"
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.outcome->deadlock, "");
    EXPECT_EQ(result.endOf(result.task("first")), State::Done);
    EXPECT_EQ(result.endOf(result.task("second")), State::Failed);
    EXPECT_EQ(result.endOf(result.task("third")), State::Cancelled);
    EXPECT_EQ(result.endOf(result.task("fourth")), State::Cancelled);
    EXPECT_EQ(result.endOf(result.task("after all")), State::Done);
}

TEST_P(EdgeContract, AFailedParentLeavesNothingBehindThatIsWaitedFor) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "parent"
        steps = [ { compute = "50 us" }, { fail = "always" }, { spawn = "child", count = 3 },
                  { await = "child" } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { compute = "50 us" } ]
        [[task]]
        name = "other"
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.outcome->deadlock, "");
    EXPECT_EQ(result.endOf(result.task("parent")), State::Failed);
    EXPECT_EQ(result.endOf(result.task("other")), State::Done);
    EXPECT_EQ(result.countEnds(State::Cancelled), 3u) << "children that were never spawned";
}

TEST_P(EdgeContract, SpawnTreesEndWholly) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "root"
        steps = [ { spawn = "branch", count = 3 }, { compute = "50 us" }, { await = "branch" } ]
        [[task]]
        name = "branch"
        count = 0
        steps = [ { spawn = "leaf", count = 5 }, { compute = "50 us" }, { await = "leaf" } ]
        [[task]]
        name = "leaf"
        count = 0
        steps = [ { compute = "50 us" } ])",
                                8);
    EXPECT_EQ(result.countEnds(State::Done), 19u);
    EXPECT_EQ(result.outcome->deadlock, "");
}

TEST_P(EdgeContract, ABoundedQueueDeliversEverything) {
    if (isSequential(GetParam())) {
        GTEST_SKIP() << "the producer fills the queue, and the consumer never gets the only worker";
    }
    const ModelRun result = run(R"(
        name = "t"
        [[queue]]
        name = "box"
        capacity = 2
        [[task]]
        name = "producer"
        steps = [ { put = "box" }, { put = "box" }, { put = "box" }, { put = "box" },
                  { put = "box" }, { put = "box" } ]
        [[task]]
        name = "consumer"
        steps = [ { get = "box" }, { get = "box" }, { get = "box" }, { sleep = "1 ms" },
                  { get = "box" }, { get = "box" }, { get = "box" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 2u);
}

TEST_P(EdgeContract, ABarrierHoldsUntilAllAreThere) {
    const std::string text = R"(
        name = "t"
        [[barrier]]
        name = "gate"
        parties = 3
        [[task]]
        name = "runner"
        count = 3
        steps = [ { compute = "100 us" }, { barrier = "gate" }, { compute = "100 us" } ])";
    const ModelRun result = run(text, 3);
    if (isSequential(GetParam())) {
        EXPECT_THAT(result.outcome->deadlock, testing::HasSubstr("1 of 3"));
        return;
    }
    EXPECT_EQ(result.countEnds(State::Done), 3u);
    EXPECT_EQ(result.outcome->deadlock, "");
}

TEST_P(EdgeContract, AQueueThatIsNeverFilledIsNamed) {
    const ModelRun result = run(R"(
        name = "t"
        [[queue]]
        name = "orders"
        [[task]]
        name = "cook"
        steps = [ { compute = "50 us" }, { get = "orders" }, { compute = "50 us" } ]
        [[task]]
        name = "other"
        steps = [ { compute = "50 us" } ])",
                                4);
    EXPECT_THAT(result.outcome->deadlock,
                testing::AllOf(testing::HasSubstr("\"cook\""), testing::HasSubstr("\"orders\"")));
    EXPECT_EQ(result.endOf(result.task("cook")), State::Cancelled);
}

TEST_P(EdgeContract, ATaskThatTakesALockTwiceIsNamed) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "knife"
        [[task]]
        name = "cook"
        steps = [ { lock = "knife", steps = [
                    { lock = "knife", steps = [ { compute = "1 us" } ] } ] } ])");
    EXPECT_THAT(result.outcome->deadlock,
                testing::AllOf(testing::HasSubstr("\"cook\""), testing::HasSubstr("\"knife\"")));
    EXPECT_EQ(result.countEnds(State::Cancelled), 1u);
}

TEST_P(EdgeContract, WhatOnlyABrokerDoesIsRefusedWithItsPlaceOrDone) {
    const std::string task = R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "50 us" } ]
        )";
    const auto outcomeOf = [&](const std::string& text) {
        return runModel(model(), task + text, {.programPath = INTERLEAVE_PROGRAM});
    };
    for (const char* limit :
         {"time_limit = \"60 s\"", "soft_time_limit = \"60 s\"", "expires = \"60 s\""}) {
        const ModelRun result = outcomeOf(limit);
        if (result.outcome) {
            EXPECT_TRUE(model().info().usesBroker) << limit;
            EXPECT_EQ(result.countEnds(State::Done), 1u) << limit;
        } else {
            EXPECT_THAT(result.outcome.error().message, testing::HasSubstr("test.toml:3:1: "));
        }
    }
    if (!model().info().usesBroker) {
        const ModelRun result = outcomeOf("[[fault]]\ndo = \"kill-worker\"\nat = \"1 s\"\n");
        ASSERT_FALSE(result.outcome);
        EXPECT_THAT(result.outcome.error().message,
                    testing::HasSubstr("test.toml:6:1: the fault kill-worker@1s "));
    }
}

TEST_P(EdgeContract, HowATaskIsDeliveredChangesNoEnd) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "a"
        count = 6
        queue = "fast"
        priority = 2
        countdown = "2 ms"
        rate_limit = "10000/s"
        acks = "late"
        chunk = 2
        ignore_result = true
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    const auto ignored = ignoredDelivery(result.program, GetParam());
    ASSERT_TRUE(ignored);
    EXPECT_THAT(*ignored, testing::HasSubstr("acks, chunk, countdown, ignore_result, priority, "
                                             "queue, rate_limit"));
}

TEST_P(EdgeContract, APublishStepIsRefusedWithItsPlace) {
    if (model().info().usesBroker) {
        GTEST_SKIP() << "messages are what it is for, or it has tests of its own";
    }
    const ModelRun result = runModel(model(), R"(
        name = "t"
        [[exchange]]
        name = "news"
        [[task]]
        name = "a"
        steps = [ { publish = "news", key = "k" } ])");
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message, testing::HasSubstr("test.toml:7:"));
}

INSTANTIATE_TEST_SUITE_P(Models, EdgeContract, testing::ValuesIn([] {
                             std::vector<std::string> ids;
                             for (const auto& each : allModels()) {
                                 if (each->info().brokerScheme.empty()) {
                                     ids.push_back(each->info().id);
                                 }
                             }
                             return ids;
                         }()),
                         [](const auto& each) { return testNameOf(each.param); });

} // namespace interleave::models
